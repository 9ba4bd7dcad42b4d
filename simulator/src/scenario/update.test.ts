import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { developmentImage, type projectImage } from "@bodycam/firmware/development-image";
import { FlashUnit } from "@bodycam/protocol/board/flash-layout";
import { layOutImage, sealImage, signImage } from "@bodycam/protocol/image/build";
import { parseImage } from "@bodycam/protocol/image/parse";
import { parseImageVersion } from "@bodycam/protocol/image/version";
import { imageErase, imageSlotInfo, imageStateWrite, imageUpload } from "@bodycam/protocol/smp/image";
import { beforeAll, describe, expect, it } from "vitest";
import { type Firmware, projectFirmware } from "../simulator/firmware.ts";
import { programImage } from "../storage/install-image.ts";
import { type BootedCamera, bootCamera } from "../testing/boot-camera.ts";
import { tinyFirmware } from "../testing/tiny-firmware.ts";
import {
	firmwareOf,
	imageFlags,
	markSpare,
	resetCamera,
	spareHash,
	uploadImage,
	waitForApplication,
} from "../testing/update-camera.ts";

const BUILD = "1111222233334444";

let firmware: Firmware;
beforeAll(async () => {
	firmware = await projectFirmware();
});

const boot = (more: Parameters<typeof bootCamera>[0] = {}) =>
	bootCamera({ firmware, factory: true, onCrash: "reboot", arenaMib: 4, ...more });

const next = (version = "0.2.0", more: Partial<ReturnType<typeof projectImage>> = {}) =>
	developmentImage(firmware.artefact, BUILD, { version: parseImageVersion(version), ...more });

/** An image of a firmware that dies at its start. */
const broken = () =>
	developmentImage(tinyFirmware('if (kind === 1) throw new Error("no good");').artefact, BUILD, {
		version: parseImageVersion("0.3.0"),
	});

describe("an update", () => {
	it("is uploaded, tested, and confirmed: from slot to slot as Zephyr lists it", async () => {
		const camera = await boot();
		waitForApplication(camera);
		expect(imageFlags(camera)).toEqual(["0.1.0 active confirmed"]);
		expect(uploadImage(camera, next())).toMatchObject({ match: true });
		expect(imageFlags(camera)).toEqual(["0.1.0 active confirmed", "0.2.0"]);
		markSpare(camera);
		expect(imageFlags(camera)).toEqual(["0.1.0 active confirmed", "0.2.0 pending"]);
		resetCamera(camera);
		expect(imageFlags(camera)).toEqual(["0.1.0 confirmed", "0.2.0 active"]);
		expect(firmwareOf(camera).boot).toMatchObject({
			slot: 1,
			swap: "test",
			confirmed: false,
			buildId: BUILD,
		});
		expect(camera.status().device.build).toBe(BUILD);
		camera.client.request(imageStateWrite, { confirm: true });
		expect(imageFlags(camera)).toEqual(["0.1.0", "0.2.0 active confirmed"]);
		resetCamera(camera);
		expect(imageFlags(camera)).toEqual(["0.1.0", "0.2.0 active confirmed"]);
		expect(firmwareOf(camera).boot).toMatchObject({ slot: 1, swap: "none", confirmed: true });
	});

	it("that is not confirmed is gone after the next reset, and is not run again", async () => {
		const camera = await boot();
		waitForApplication(camera);
		uploadImage(camera, next());
		markSpare(camera);
		resetCamera(camera);
		resetCamera(camera);
		expect(imageFlags(camera)).toEqual(["0.1.0 active confirmed", "0.2.0"]);
		expect(firmwareOf(camera).boot).toMatchObject({
			slot: 0,
			swap: "revert",
			rejected: [{ slot: 1, reason: "not-confirmed" }],
		});
	});

	it("that dies at its start reverts by itself", async () => {
		const camera = await boot();
		waitForApplication(camera);
		uploadImage(camera, broken());
		markSpare(camera);
		camera.board.reset();
		camera.advanceUntil(() => camera.resets.length >= 2, 3_000, "the crash");
		waitForApplication(camera);
		expect(camera.resets.at(-1)).toMatchObject({ reason: "exception" });
		expect(imageFlags(camera)).toEqual(["0.1.0 active confirmed", "0.3.0"]);
	});

	it("that is marked for good is confirmed from the beginning, and goes back to the old one on request", async () => {
		const camera = await boot();
		waitForApplication(camera);
		uploadImage(camera, next());
		markSpare(camera, { confirm: true });
		expect(imageFlags(camera)).toEqual(["0.1.0 active confirmed", "0.2.0 pending permanent"]);
		resetCamera(camera);
		expect(imageFlags(camera)).toEqual(["0.1.0", "0.2.0 active confirmed"]);
		markSpare(camera, { confirm: true });
		resetCamera(camera);
		expect(imageFlags(camera)).toEqual(["0.1.0 active confirmed", "0.2.0"]);
	});

	it("confirms itself after its self-test when that was asked for", async () => {
		const camera = await boot();
		waitForApplication(camera);
		uploadImage(camera, next());
		markSpare(camera, { selfConfirm: true });
		resetCamera(camera);
		expect(firmwareOf(camera).boot).toMatchObject({ confirmsItself: true });
		camera.advance(5_000);
		expect(firmwareOf(camera).selfTest).toEqual({ state: "passed", open: [] });
		expect(imageFlags(camera)).toEqual(["0.1.0", "0.2.0 active confirmed"]);
	});

	it("that was to confirm itself and finds no card goes back", async () => {
		const camera = await boot({ card: "none" });
		waitForApplication(camera);
		uploadImage(camera, next());
		markSpare(camera, { selfConfirm: true });
		resetCamera(camera);
		imageFlags(camera);
		camera.advance(50_000);
		expect(firmwareOf(camera).selfTest).toEqual({ state: "running", open: ["card"] });
		camera.advance(15_000);
		waitForApplication(camera);
		expect(imageFlags(camera)).toEqual(["0.1.0 active confirmed", "0.2.0"]);
	});

	it("that was to confirm itself and gets no pictures to pre-record goes back", async () => {
		const camera = await boot({ factory: false });
		waitForApplication(camera);
		uploadImage(camera, next());
		markSpare(camera, { selfConfirm: true });
		camera.board.peripherals.camera.receive = () => undefined;
		resetCamera(camera);
		imageFlags(camera);
		camera.advance(50_000);
		expect(firmwareOf(camera).selfTest).toEqual({ state: "running", open: ["camera"] });
		camera.advance(15_000);
		waitForApplication(camera);
		expect(imageFlags(camera)).toEqual(["0.1.0 active confirmed", "0.2.0"]);
	});
});

describe("the security counter", () => {
	it("rises with a confirmation, and from then on older images are refused, before and by the boot stage", async () => {
		const camera = await boot();
		waitForApplication(camera);
		uploadImage(camera, next("0.2.0", { counter: 5 }));
		markSpare(camera);
		resetCamera(camera);
		camera.client.request(imageStateWrite, { confirm: true });
		expect(() => markSpare(camera, { confirm: true })).toThrow(
			/security counter of the image is 1; at least 5/,
		);
		resetCamera(camera);
		expect(firmwareOf(camera).boot).toMatchObject({ counter: 5, storedCounter: 5 });
	});

	it("is told with the value it has risen to before the camera is restarted", async () => {
		const camera = await boot();
		waitForApplication(camera);
		uploadImage(camera, next("0.2.0", { counter: 5 }));
		markSpare(camera);
		resetCamera(camera);
		expect(firmwareOf(camera).boot).toMatchObject({ counter: 5, storedCounter: 0 });
		camera.client.request(imageStateWrite, { confirm: true });
		expect(firmwareOf(camera).boot).toMatchObject({ counter: 5, storedCounter: 5 });
	});

	it("does not rise with a test", async () => {
		const camera = await boot();
		waitForApplication(camera);
		uploadImage(camera, next("0.2.0", { counter: 5 }));
		markSpare(camera);
		resetCamera(camera);
		camera.advance(70_000);
		resetCamera(camera);
		expect(imageFlags(camera)).toEqual(["0.1.0 active confirmed", "0.2.0"]);
	});

	it("of an image that was confirmed before it ran rises once it has run a minute", async () => {
		const camera = await boot();
		waitForApplication(camera);
		uploadImage(camera, next("0.2.0", { counter: 5 }));
		markSpare(camera, { confirm: true });
		resetCamera(camera);
		expect(firmwareOf(camera).boot).toMatchObject({ counter: 5, storedCounter: 0 });
		camera.advance(61_000);
		resetCamera(camera);
		expect(firmwareOf(camera).boot).toMatchObject({ counter: 5, storedCounter: 5 });
	});
});

describe("an image is not marked, and the reason given,", () => {
	const stranger = generateKeyPairSync("ed25519");
	const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
	const changed = () => {
		const image = next();
		image[1000] = (image[1000] ?? 0) ^ 1;
		return image;
	};
	const cases: readonly (readonly [string, () => Uint8Array, RegExp])[] = [
		["when a byte was changed", changed, /SHA-256 .* is not the one given/],
		["for another board", () => next("0.2.0", { board: "other-9" }), /for the board other-9; this is sim-1/],
		[
			"without a signature",
			() => sealImage(parseImage(next()).signedPart, undefined, { sha256 }),
			/not signed/,
		],
		[
			"of an unknown key",
			() => {
				const { x = "" } = stranger.publicKey.export({ format: "jwk" });
				const publicKey = new Uint8Array(Buffer.from(x, "base64url"));
				return signImage(
					parseImage(next()).signedPart,
					{ publicKey, sign: () => new Uint8Array(64) },
					{ sha256 },
				);
			},
			/a key that is not trusted here/,
		],
		["without a counter", () => layOut(), /no security counter|not signed/],
	];
	const layOut = () =>
		sealImage(
			layOutImage({ body: firmware.artefact, version: parseImageVersion("1"), protectedTlvs: [] }),
			undefined,
			{
				sha256,
			},
		);

	it.each(cases)("%s", async (_what, make, why) => {
		const camera = await boot();
		waitForApplication(camera);
		uploadImage(camera, make());
		expect(() => markSpare(camera)).toThrow(why);
		resetCamera(camera);
		expect(imageFlags(camera)[0]).toBe("0.1.0 active confirmed");
	});
});

describe("an image that was signed anew", () => {
	const { publicKey, privateKey } = generateKeyPairSync("ed25519");
	const { x = "" } = publicKey.export({ format: "jwk" });
	const other = {
		publicKey: new Uint8Array(Buffer.from(x, "base64url")),
		sign: (message: Uint8Array) => new Uint8Array(sign(null, message, privateKey)),
	};
	const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
	const anew = () => signImage(parseImage(next()).signedPart, other, { sha256 });

	it("is told from the one that runs by its signature, tested, confirmed, and left again", async () => {
		const camera = await boot({ firmware: await projectFirmware([other.publicKey]) });
		waitForApplication(camera);
		uploadImage(camera, next());
		markSpare(camera, { confirm: true });
		resetCamera(camera);
		uploadImage(camera, anew());
		expect(spareHash(camera)).toEqual(parseImage(next()).hash);
		expect(firmwareOf(camera).signatures).toEqual([
			{ slot: 0, keyHash: parseImage(anew()).keyHash, signature: parseImage(anew()).signature },
			{ slot: 1, keyHash: parseImage(next()).keyHash, signature: parseImage(next()).signature },
		]);
		markSpare(camera);
		resetCamera(camera);
		expect(imageFlags(camera)).toEqual(["0.2.0 active", "0.2.0 confirmed"]);
		camera.client.request(imageStateWrite, { hash: parseImage(anew()).hash, confirm: true });
		expect(imageFlags(camera)).toEqual(["0.2.0 active confirmed", "0.2.0"]);
		markSpare(camera);
		resetCamera(camera);
		expect(imageFlags(camera)).toEqual(["0.2.0 confirmed", "0.2.0 active"]);
	});
});

describe("an image from a programming adapter", () => {
	const program = (camera: BootedCamera, image: Uint8Array) => {
		programImage(camera.board.flash, image, camera.board.startedSlot);
		camera.board.reset();
		camera.advance(1_000);
		waitForApplication(camera);
	};
	const confirm = (camera: BootedCamera) => camera.client.request(imageStateWrite, { confirm: true });

	it("runs for a test, and leaves the one that ran as the way back, save after save", async () => {
		const camera = await boot();
		waitForApplication(camera);
		program(camera, next("0.2.0"));
		expect(imageFlags(camera)).toEqual(["0.1.0 confirmed", "0.2.0 active"]);
		confirm(camera);
		program(camera, next("0.3.0"));
		expect(imageFlags(camera)).toEqual(["0.3.0 active", "0.2.0 confirmed"]);
		// Not confirmed: another one takes its place, and not that of the way back.
		program(camera, next("0.4.0"));
		expect(imageFlags(camera)).toEqual(["0.4.0 active", "0.2.0 confirmed"]);
	});

	it("that dies is gone back from, and the next one runs", async () => {
		const camera = await boot();
		waitForApplication(camera);
		program(camera, broken());
		expect(imageFlags(camera)).toEqual(["0.1.0 active confirmed", "0.3.0"]);
		program(camera, next("0.4.0"));
		expect(imageFlags(camera)).toEqual(["0.1.0 confirmed", "0.4.0 active"]);
	});

	it("that dies again and again after it was confirmed is not what is kept", async () => {
		const camera = await boot();
		waitForApplication(camera);
		program(camera, next("0.2.0"));
		confirm(camera);
		for (let died = 0; died < 3; died++) {
			camera.board.reset("watchdog");
			camera.advance(1_000);
			waitForApplication(camera);
		}
		expect(imageFlags(camera)[0]).toBe("0.1.0 active confirmed");
		program(camera, next("0.3.0"));
		expect(imageFlags(camera)).toEqual(["0.1.0 confirmed", "0.3.0 active"]);
	});

	it("is confirmed at once where there is nothing to go back to", async () => {
		const camera = await boot();
		camera.board.powerOff();
		camera.board.flash.program(FlashUnit.primary, []);
		programImage(camera.board.flash, next("0.2.0"));
		camera.board.powerOn();
		waitForApplication(camera);
		expect(imageFlags(camera)).toEqual(["0.2.0 active confirmed"]);
	});
});

describe("an upload", () => {
	it("goes on where it was when it begins again, and begins anew for another file or after an erase", async () => {
		const camera = await boot();
		waitForApplication(camera);
		const image = next();
		const sha = new Uint8Array(createHash("sha256").update(image).digest());
		const begin = { off: 0, data: image.slice(0, 2000), len: image.length, sha };
		const send = (request: Parameters<typeof camera.client.request<typeof imageUpload>>[1]) =>
			camera.client.request(imageUpload, request);
		expect(send(begin)).toEqual({ off: 2000 });
		expect(send({ off: 2000, data: image.slice(2000, 4000) })).toEqual({ off: 4000 });
		expect(send({ off: 9000, data: image.slice(9000, 9100) })).toEqual({ off: 4000 });
		expect(send(begin)).toEqual({ off: 4000 });
		expect(send({ ...begin, sha: new Uint8Array(32) })).toEqual({ off: 2000 });
		expect(send(begin)).toEqual({ off: 2000 });
		camera.client.request(imageErase, {});
		expect(send({ off: 2000, data: image.slice(2000, 4000) })).toEqual({ off: 0 });
		expect(uploadImage(camera, image)).toMatchObject({ off: image.length, match: true });
		expect(send(begin)).toEqual({ off: image.length, match: true });
	});

	it("that gives way to that of another client is told so, and does not spoil it", async () => {
		const camera = await boot();
		waitForApplication(camera);
		const sha = (image: Uint8Array) => new Uint8Array(createHash("sha256").update(image).digest());
		const [first, second] = [next("0.2.0"), next("0.3.0")];
		const send = (image: Uint8Array, off: number, more: object) =>
			camera.client.request(imageUpload, { off, data: image.slice(off, off + 3800), ...more });
		send(first, 0, { len: first.length, sha: sha(first) });
		send(first, 3800, { sha: sha(first).slice(0, 4) });
		send(second, 0, { len: second.length, sha: sha(second) });
		const late = () => send(first, 3800, { sha: sha(first).slice(0, 4) });
		expect(late).toThrow(/another client has begun an upload/);
		expect(uploadImage(camera, second)).toMatchObject({ off: second.length, match: true });
		expect(late).toThrow(/another client has begun an upload/);
	});

	it("of a file that changes meanwhile does not match, and is not marked", async () => {
		const camera = await boot();
		waitForApplication(camera);
		const image = next();
		const sha = new Uint8Array(createHash("sha256").update(next("0.2.1")).digest());
		let off = 0;
		let answer: { off?: number | undefined; match?: boolean | undefined } = {};
		while (off < image.length) {
			const first = off === 0 ? { len: image.length, sha } : {};
			const data = image.slice(off, off + 3800);
			if (off > 100_000) data[5] = 0;
			answer = camera.client.request(imageUpload, { off, data, ...first });
			off = answer.off ?? image.length;
		}
		expect(answer.match).toBe(false);
		expect(() => markSpare(camera)).toThrow(/SHA-256/);
	});

	it("is refused before anything is erased when it cannot be an image, is too large, too old or too long", async () => {
		const camera = await boot();
		waitForApplication(camera);
		uploadImage(camera, next());
		const kept = spareHash(camera);
		const image = next("0.0.9");
		const begin = { off: 0, data: image.slice(0, 2000), len: image.length };
		const send = (more: object) => () => camera.client.request(imageUpload, { ...begin, ...more });
		expect(send({ data: new Uint8Array(100) })).toThrow(/magic number/);
		expect(send({ data: image.slice(0, 31) })).toThrow(/"code":22/);
		expect(send({ len: 3_000_000 })).toThrow(/has room for 2093056/);
		expect(send({ len: undefined })).toThrow(/"code":21/);
		expect(send({ len: 1000 })).toThrow(/longer than the length announced/);
		expect(send({ image: 1 })).toThrow(/image 0 only/);
		expect(send({ upgrade: true })).toThrow(/"code":27/);
		expect(spareHash(camera)).toEqual(kept);
		expect(send({ len: 2001 })).toThrow(/longer than the length/);
		expect(send({})()).toEqual({ off: 2000 });
		const beyond = { off: 2000, data: new Uint8Array(4000) };
		expect(camera.client.request(imageUpload, beyond)).toEqual({ off: 6000 });
	});

	it("that is half done is no image, also after a reset and over one that was there", async () => {
		const camera = await boot();
		waitForApplication(camera);
		uploadImage(camera, next());
		const image = next("0.4.0");
		camera.client.request(imageUpload, { off: 0, data: image.slice(0, 3800), len: image.length });
		camera.client.request(imageUpload, { off: 3800, data: image.slice(3800, 7600) });
		expect(imageFlags(camera)).toEqual(["0.1.0 active confirmed"]);
		resetCamera(camera);
		expect(imageFlags(camera)).toEqual(["0.1.0 active confirmed"]);
	});

	it("and an erasure are refused while the running image is tested", async () => {
		const camera = await boot();
		waitForApplication(camera);
		uploadImage(camera, next());
		markSpare(camera);
		resetCamera(camera);
		expect(() => uploadImage(camera, next("0.3.0"))).toThrow(/"code":9/);
		expect(() => camera.client.request(imageErase, {})).toThrow(/"code":9/);
		resetCamera(camera);
		expect(imageFlags(camera)[0]).toBe("0.1.0 active confirmed");
	});

	it("erases the spare slot only, and tells the sizes", async () => {
		const camera = await boot();
		waitForApplication(camera);
		uploadImage(camera, next());
		expect(() => camera.client.request(imageErase, { slot: 0 })).toThrow(/"code":14/);
		camera.client.request(imageErase, { slot: 1 });
		expect(imageFlags(camera)).toEqual(["0.1.0 active confirmed"]);
		expect(camera.client.request(imageSlotInfo, {}).images[0]).toMatchObject({
			slots: [
				{ slot: 0, size: 2_097_152 },
				{ slot: 1, size: 2_097_152, upload_image_id: 0 },
			],
			max_image_size: 2_093_056,
		});
	});
});
