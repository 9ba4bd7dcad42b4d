import { developmentImage } from "@bodycam/firmware/development-image";
import { FlashUnit } from "@bodycam/protocol/board/flash-layout";
import { parseImageVersion } from "@bodycam/protocol/image/version";
import { imageErase, imageStateWrite } from "@bodycam/protocol/smp/image";
import { osEcho, osParameters, osReset } from "@bodycam/protocol/smp/os";
import { beforeAll, describe, expect, it } from "vitest";
import { type Firmware, projectFirmware } from "../simulator/firmware.ts";
import { memoryState } from "../state/camera-state.ts";
import { installImage } from "../storage/install-image.ts";
import { bootCamera } from "../testing/boot-camera.ts";
import { serialLink } from "../testing/serial-link.ts";
import { tinyFirmware } from "../testing/tiny-firmware.ts";
import {
	firmwareOf,
	imageFlags,
	listImages,
	markSpare,
	resetCamera,
	uploadImage,
	waitForApplication,
} from "../testing/update-camera.ts";

const BUILD = "1111222233334444";

/** Dies a second after its start. */
const DOOMED = tinyFirmware(
	'if (kind === 1) native.post(0x0003, 0, 1000000); if (kind === 2) throw new Error("doomed");',
).artefact;

let firmware: Firmware;
beforeAll(async () => {
	firmware = await projectFirmware();
});

const image = (artefact: Uint8Array, version: string) =>
	developmentImage(artefact, BUILD, { version: parseImageVersion(version) });

async function bootWith(installed: Uint8Array) {
	const { staged } = firmware;
	if (staged === undefined) throw new Error("there is no boot stage");
	const state = memoryState();
	installImage(state.flash, installed);
	return bootCamera({
		firmware: { ...firmware, staged: { ...staged, image: installed } },
		factory: true,
		onCrash: "reboot",
		arenaMib: 4,
		state,
	});
}

describe("a camera without a valid image", () => {
	it("answers on its serial port, says why, takes an image there, and runs it", async () => {
		const camera = await bootWith(image(firmware.artefact, "0.1.0"));
		camera.board.powerOff();
		camera.board.flash.program(FlashUnit.primary, []);
		camera.board.powerOn();
		camera.advance(100);
		expect(camera.board.inBootStage).toBe(true);
		const client = serialLink(camera);
		expect(client.request(osEcho, { d: "anybody?" })).toEqual({ r: "anybody?" });
		expect(client.request(osParameters, {})).toEqual({ buf_size: 4096, buf_count: 8 });
		expect(firmwareOf({ client })).toMatchObject({ recovery: true, board: "sim-1", roomBytes: 2_093_056 });
		expect(listImages({ client })).toEqual([]);
		expect(uploadImage({ client }, image(firmware.artefact, "0.5.0"))).toMatchObject({ match: true });
		const hash = listImages({ client })[0]?.hash ?? new Uint8Array();
		client.request(imageStateWrite, { hash, confirm: true });
		client.request(osReset, {});
		camera.advance(400);
		waitForApplication(camera);
		expect(imageFlags(camera)).toEqual(["0.5.0 active confirmed"]);
	});

	it("tells in its log and to whoever asks what is wrong with each image, and erases one on request", async () => {
		const camera = await bootWith(image(firmware.artefact, "0.1.0"));
		waitForApplication(camera);
		camera.board.powerOff();
		const area = camera.board.flash.area(FlashUnit.primary);
		area[5000] = (area[5000] ?? 0) ^ 1;
		camera.board.powerOn();
		camera.advance(100);
		expect(camera.log.at(-1)?.text).toMatch(
			/^boot: the image in slot 0 is not run \(bad-hash\): the SHA-256/,
		);
		const client = serialLink(camera);
		expect(firmwareOf({ client }).rejected).toMatchObject([{ slot: 0, reason: "bad-hash" }]);
		expect(listImages({ client })).toMatchObject([{ slot: 0, active: false }]);
		client.request(imageErase, { slot: 0 });
		expect(listImages({ client })).toEqual([]);
	});

	it("stays there as long as it takes, and is fed by nobody's image", async () => {
		const camera = await bootWith(image(firmware.artefact, "0.1.0"));
		camera.board.powerOff();
		camera.board.flash.program(FlashUnit.primary, []);
		camera.board.powerOn();
		camera.advance(120_000);
		expect(camera.resets).toEqual([]);
		const client = serialLink(camera);
		uploadImage({ client }, image(firmware.artefact, "0.5.0").fill(7, 3000, 3001));
		const hash = listImages({ client })[0]?.hash ?? new Uint8Array();
		expect(() => client.request(imageStateWrite, { hash, confirm: true })).toThrow(/SHA-256/);
	});
});

describe("a confirmed image that dies again and again", () => {
	it("gives way to the recovery after three times, and is tried again after a reset on request", async () => {
		const camera = await bootWith(image(DOOMED, "0.1.0"));
		camera.advance(8_000);
		expect(camera.resets.map(({ reason }) => reason)).toEqual(["exception", "exception", "exception"]);
		expect(camera.board.inBootStage).toBe(true);
		expect(camera.log.at(-1)?.text).toMatch(
			/slot 0 is not run \(crash-loop\): it died or restarted by itself 3 times/,
		);
		const client = serialLink(camera);
		expect(firmwareOf({ client })).toMatchObject({ rejected: [{ slot: 0, reason: "crash-loop" }] });
		client.request(osReset, {});
		camera.advance(1_000);
		expect(camera.board.inBootStage).toBe(false);
	});

	it("or restarts by itself gives way to the recovery as well", async () => {
		const restless = tinyFirmware("if (kind === 1) native.post(0x0004, 0, 1);").artefact;
		const camera = await bootWith(image(restless, "0.1.0"));
		camera.advance(8_000);
		expect(camera.resets.map(({ reason }) => reason)).toEqual(["requested", "requested", "requested"]);
		expect(camera.board.inBootStage).toBe(true);
		expect(firmwareOf({ client: serialLink(camera) })).toMatchObject({
			rejected: [{ reason: "crash-loop" }],
		});
	});

	it("is not one that is restarted on request again and again", async () => {
		const camera = await bootWith(image(firmware.artefact, "0.1.0"));
		waitForApplication(camera);
		for (let restart = 0; restart < 4; restart++) resetCamera(camera);
		expect(firmwareOf(camera).boot).toMatchObject({ slot: 0, rejected: [] });
	});

	it("gives way to the other image where that is confirmed as well", async () => {
		const camera = await bootWith(image(firmware.artefact, "0.1.0"));
		waitForApplication(camera);
		uploadImage(camera, image(DOOMED, "0.2.0"));
		markSpare(camera, { confirm: true });
		camera.board.reset();
		camera.advanceUntil(() => camera.resets.length >= 4, 20_000, "three crashes");
		waitForApplication(camera);
		expect(imageFlags(camera)).toEqual(["0.1.0 active confirmed", "0.2.0"]);
		expect(firmwareOf(camera).boot).toMatchObject({
			swap: "revert",
			rejected: [{ slot: 1, reason: "crash-loop" }],
		});
	});

	it("but with a minute in between is not given up", async () => {
		const slow = tinyFirmware(
			'if (kind === 1) native.post(0x0003, 0, 61000000); if (kind === 2) { native.post(0x000b, 0, 0, 0); native.post(0x0003, 0, 10); if (time > 61000000 + since) throw new Error("at last"); } if (kind === 1) since = time;',
			"let since = 0;",
		).artefact;
		const camera = await bootWith(image(slow, "0.1.0"));
		camera.advance(400_000);
		expect(camera.resets.length).toBeGreaterThan(4);
		expect(camera.resets.every(({ reason }) => reason === "exception")).toBe(true);
		expect(camera.log.map(({ text }) => text).join()).not.toContain("crash-loop");
	});

	it("is forgotten by a power cut", async () => {
		const camera = await bootWith(image(DOOMED, "0.1.0"));
		camera.advance(8_000);
		expect(camera.board.inBootStage).toBe(true);
		camera.powerCut();
		camera.advance(500);
		expect(camera.board.inBootStage).toBe(false);
	});
});

describe("an image whose body is no firmware", () => {
	it("reverts like one that dies at its start", async () => {
		const camera = await bootWith(image(firmware.artefact, "0.1.0"));
		waitForApplication(camera);
		const other = developmentImage(new Uint8Array(5000).fill(9), BUILD, {
			version: parseImageVersion("0.2.0"),
			engine: { abi: 1, engine: [13, 3, 0] },
		});
		uploadImage(camera, other);
		markSpare(camera);
		camera.board.reset();
		camera.advanceUntil(() => camera.resets.length >= 2, 3_000, "the crash");
		waitForApplication(camera);
		resetCamera(camera);
		expect(imageFlags(camera)).toEqual(["0.1.0 active confirmed", "0.2.0"]);
	});
});
