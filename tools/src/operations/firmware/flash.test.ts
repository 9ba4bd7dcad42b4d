import type { FirmwareStatus } from "@bodycam/protocol/camera/firmware";
import { imageKeyHash } from "@bodycam/protocol/image/build";
import { parseImage } from "@bodycam/protocol/image/parse";
import { describe, expect, test } from "vitest";
import { hostCrypto } from "../../agency/host-crypto.ts";
import { SmpClient } from "../../client/smp-client.ts";
import { ConnectionError, RefusedError, VerificationError } from "../../errors.ts";
import { FakeImageDevice } from "../../testing/fake-image-slots.ts";
import { MemoryTransport } from "../../testing/memory-transport.ts";
import { OTHER_SIGNER, TEST_KEY_HASH, testImage } from "../../testing/test-image.ts";
import { type FlashEvent, type FlashOptions, flashImage } from "./flash.ts";
import { revertImage } from "./revert.ts";
import { WATCH_CONNECTION } from "./watch-reboot.ts";

const running = testImage({ version: "1.0.0" });
const file = testImage({ version: "2.0.0", bodyBytes: 9000 });

/** What a camera says of itself takes more than the smallest packet. */
const SIZES = { bufferSize: 2048 };

const camera = (changes: Partial<FirmwareStatus> = {}): FirmwareStatus => ({
	board: "sim-1",
	engine: "xs-wasm 13.3.0",
	abi: 1,
	roomBytes: 1_000_000,
	trustedKeys: [TEST_KEY_HASH],
	boot: {
		slot: 0,
		version: "1.0.0",
		hash: new Uint8Array(32),
		counter: 1,
		storedCounter: 1,
		confirmed: true,
		confirmsItself: false,
		swap: "none",
		rejected: [],
	},
	selfTest: { state: "passed", open: [] },
	...changes,
});

async function flash(device: FakeImageDevice, options: Partial<FlashOptions> = {}, bytes = file) {
	const connect = () =>
		SmpClient.connect(new MemoryTransport(device.device), { ...WATCH_CONNECTION, timeoutMs: 150 });
	const events: FlashEvent[] = [];
	const all = { connect, confirmation: "after-self-test", limitMs: 2000, ...options } as const;
	const client = await SmpClient.connect(new MemoryTransport(device.device));
	for await (const event of flashImage(client, bytes, parseImage(bytes), all)) events.push(event);
	return events;
}

const kinds = (events: readonly FlashEvent[]) =>
	events.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);

test("an image is sent, verified, marked, run and confirmed", async () => {
	const device = new FakeImageDevice(running, SIZES).asCamera(camera());
	expect(kinds(await flash(device))).toEqual([
		"checked",
		"begun",
		"sent",
		"verified",
		"marked",
		"resetting",
		"running",
		"confirmed",
	]);
	expect(device).toMatchObject({ active: 1, confirmed: true, resets: 1 });
	expect(device.slots[1]).toEqual(file);
});

test("a device that is no camera of ours is flashed by the standard commands alone", async () => {
	const device = new FakeImageDevice(running);
	expect(kinds(await flash(device)).at(-1)).toBe("confirmed");
	expect(device).toMatchObject({ active: 1, confirmed: true });
});

test("for a test only it is left unconfirmed, and the next restart goes back", async () => {
	const device = new FakeImageDevice(running, SIZES).asCamera(camera());
	expect(kinds(await flash(device, { confirmation: "never" })).at(-1)).toBe("running");
	expect(device).toMatchObject({ active: 1, confirmed: false });
});

test("what runs already is not sent again", async () => {
	const device = new FakeImageDevice(file, SIZES).asCamera(camera());
	expect(kinds(await flash(device))).toEqual(["checked", "runs"]);
	expect(device).toMatchObject({ resets: 0, offsets: [] });
});

test.each(["after-self-test", "by-itself", "at-once"] as const)(
	"what runs already and was left unconfirmed is confirmed: %s",
	async (confirmation) => {
		const device = new FakeImageDevice(running, SIZES).asCamera(camera());
		await flash(device, { confirmation: "never" });
		expect(kinds(await flash(device, { confirmation }))).toEqual(["checked", "runs", "confirmed"]);
		expect(device).toMatchObject({ active: 1, confirmed: true, resets: 1 });
	},
);

test("what runs already and is for a test only is left unconfirmed, and so is one whose self-test fails", async () => {
	const device = new FakeImageDevice(running, SIZES).asCamera(camera());
	await flash(device, { confirmation: "never" });
	expect(kinds(await flash(device, { confirmation: "never" }))).toEqual(["checked", "runs"]);
	device.firmware = camera({ selfTest: { state: "failed", open: ["camera"] } });
	await expect(flash(device)).rejects.toThrow(VerificationError);
	expect(device).toMatchObject({ active: 1, confirmed: false });
});

test("one that is to confirm itself is marked so, and confirmed by nobody else", async () => {
	const device = new FakeImageDevice(running, SIZES).asCamera(camera());
	expect(kinds(await flash(device, { confirmation: "by-itself" })).at(-1)).toBe("confirmed");
	expect(device).toMatchObject({ active: 1, confirmed: true, asked: ["selfConfirm"] });
});

test("what lies in its slot already is not sent again, but run", async () => {
	const device = new FakeImageDevice(running, SIZES).asCamera(camera());
	device.slots[1] = file;
	expect(kinds(await flash(device)).slice(0, 3)).toEqual(["checked", "present", "marked"]);
	expect(device).toMatchObject({ active: 1, offsets: [] });
});

describe("the same body signed by another key", () => {
	const trustedKeys = [TEST_KEY_HASH, imageKeyHash(OTHER_SIGNER.publicKey, hostCrypto)];
	const anew = (version: string) => testImage({ version, bodyBytes: 9000, signer: OTHER_SIGNER });

	test("is sent although an image with its hash lies in the slot", async () => {
		const device = new FakeImageDevice(running, SIZES).asCamera(camera({ trustedKeys }));
		device.slots[1] = file;
		expect(kinds(await flash(device, {}, anew("2.0.0"))).slice(0, 3)).toEqual(["checked", "begun", "sent"]);
		expect(device).toMatchObject({ active: 1, confirmed: true });
		expect(device.slots[1]).toEqual(anew("2.0.0"));
	});

	test("is sent although an image with its hash runs, and runs then itself", async () => {
		const device = new FakeImageDevice(file, SIZES).asCamera(camera({ trustedKeys }));
		expect(kinds(await flash(device, {}, anew("2.0.0"))).at(-1)).toBe("confirmed");
		expect(device).toMatchObject({ active: 1, confirmed: true, resets: 1 });
		expect(kinds(await flash(device, {}, anew("2.0.0")))).toEqual(["checked", "runs"]);
	});

	test("that does not run is told, although one with its hash does", async () => {
		const device = new FakeImageDevice(file, SIZES).asCamera(camera({ trustedKeys }));
		device.outcome = "reverts";
		await expect(flash(device, {}, anew("2.0.0"))).rejects.toThrow(VerificationError);
	});
});

test("what lies in its slot and was rejected as damaged is sent again", async () => {
	const rejected = [{ slot: 1, reason: "bad-hash", detail: "" }] as const;
	const { boot, ...more } = camera();
	const device = new FakeImageDevice(running, SIZES).asCamera({
		...more,
		...(boot && { boot: { ...boot, rejected: [...rejected] } }),
	});
	device.slots[1] = file;
	expect(kinds(await flash(device)).slice(0, 3)).toEqual(["checked", "begun", "sent"]);
	expect(device.active).toBe(1);
});

test("a camera without a valid image is sent one, and runs it", async () => {
	const device = new FakeImageDevice(running, SIZES).asCamera(camera());
	device.recovering = true;
	device.slots[1] = file;
	const steps = kinds(await flash(device));
	expect(steps).toEqual([
		"checked",
		"begun",
		"sent",
		"verified",
		"marked",
		"resetting",
		"running",
		"confirmed",
	]);
	expect(device).toMatchObject({ recovering: false, active: 1, confirmed: true });
});

test("a new firmware that does not stay is told, with the reason the boot stage gives", async () => {
	const device = new FakeImageDevice(running, SIZES).asCamera(camera());
	device.outcome = "reverts";
	const failure = flash(device);
	await expect(failure).rejects.toThrow(VerificationError);
	await expect(failure).rejects.toThrow(
		/^the new firmware does not run: version 1\.0\.0 runs \([0-9a-f]{16}\)\nslot 1 was rejected \(crash-loop\): it died three times$/,
	);
});

test("a camera that does not come back ends in a connection error", async () => {
	const device = new FakeImageDevice(running, SIZES).asCamera(camera());
	device.outcome = "silent";
	await expect(flash(device, { limitMs: 300 })).rejects.toThrow(ConnectionError);
});

test("a self-test that fails leaves it unconfirmed and says what did not work", async () => {
	const device = new FakeImageDevice(running, SIZES).asCamera(
		camera({ selfTest: { state: "failed", open: ["card"] } }),
	);
	await expect(flash(device)).rejects.toThrow("not seen to work: card");
	expect(device).toMatchObject({ active: 1, confirmed: false });
});

test("confirming at once does not wait for the self-test", async () => {
	const device = new FakeImageDevice(running, SIZES).asCamera(
		camera({ selfTest: { state: "running", open: ["card"] } }),
	);
	await flash(device, { confirmation: "at-once" });
	expect(device).toMatchObject({ active: 1, confirmed: true });
});

test("a camera in recovery refuses another slot than the one its boot stage writes", async () => {
	const device = new FakeImageDevice(running, SIZES).asCamera(camera({ recovery: true }));
	device.recovering = true;
	await expect(flash(device, { slot: 1 })).rejects.toThrow(/into slot 0 only/);
	expect(device.offsets).toEqual([]);
	expect(kinds(await flash(device, { slot: 0 })).slice(0, 2)).toEqual(["checked", "begun"]);
});

test("the slot that runs is refused", async () => {
	const device = new FakeImageDevice(running, SIZES).asCamera(camera());
	await expect(flash(device, { slot: 0 })).rejects.toThrow(RefusedError);
	expect(device.offsets).toEqual([]);
});

describe("while the camera records", () => {
	const recorder = () => new FakeImageDevice(running, SIZES).asCamera(camera());

	test.each([
		["is recording", "recording"],
		["holds a paused recording", "paused"],
	] as const)("that it %s is told before anything is sent", async (words, state) => {
		const device = recorder();
		device.capture = { state, recording: 12 };
		const failure = flash(device);
		await expect(failure).rejects.toThrow(`the camera ${words} (recording 12)`);
		await expect(failure).rejects.toMatchObject({ exitCode: 4, code: "recording" });
		expect(device).toMatchObject({ offsets: [], pending: undefined, resets: 0 });
	});

	test("an image that arrived while one began stays unmarked", async () => {
		const device = recorder();
		device.onWhole = () => {
			device.capture = { state: "recording", recording: 12 };
		};
		await expect(flash(device)).rejects.toMatchObject({ code: "recording" });
		expect(device).toMatchObject({ pending: undefined, resets: 0 });
		expect(device.slots[1]).toEqual(file);
	});

	test("one that began after the image was marked is told, and that it runs at the next restart", async () => {
		const device = recorder();
		device.onMarked = () => {
			device.capture = { state: "recording", recording: 12 };
		};
		await expect(flash(device)).rejects.toMatchObject({
			code: "recording",
			hint: expect.stringContaining("at its next restart"),
		});
	});

	test("a camera that only finishes one is flashed", async () => {
		const device = recorder();
		device.capture = { state: "finishing", recording: 12 };
		expect(kinds(await flash(device)).at(-1)).toBe("confirmed");
	});

	test("it does not go back to the other image either", async () => {
		const device = recorder();
		device.slots[1] = file;
		device.capture = { state: "recording", recording: 12 };
		const client = await SmpClient.connect(new MemoryTransport(device.device));
		const reverting = revertImage(client, {
			connect: () => SmpClient.connect(new MemoryTransport(device.device)),
			confirmation: "at-once",
			limitMs: 500,
		});
		await expect(reverting.next()).rejects.toMatchObject({ code: "recording" });
		expect(device).toMatchObject({ pending: undefined, resets: 0 });
	});
});

describe("before anything is sent, an image is refused", () => {
	test.each<[string, Uint8Array, Partial<FirmwareStatus>, string, RegExp]>([
		[
			"by a key that is not trusted",
			file,
			{ trustedKeys: [new Uint8Array(32)] },
			"image-wrong-key",
			/trusts 0000000000000000/,
		],
		["that is not signed", testImage({ unsigned: true }), {}, "image-not-signed", /not signed/],
		[
			"for another board",
			testImage({ board: "mps3" }),
			{},
			"image-wrong-board",
			/for the board mps3, the camera is a sim-1/,
		],
		[
			"for another engine",
			testImage({ engine: { abi: 2, engine: [13, 3, 0] } }),
			{},
			"image-wrong-engine",
			/ABI 2, XS 13\.3\.0, the camera has ABI 1, XS 13\.3\.0/,
		],
		[
			"with a lower security counter",
			testImage({ counter: 0 }),
			{},
			"image-older-counter",
			/is 0, the camera takes none below 1/,
		],
		["that is too large", file, { roomBytes: 1000 }, "image-too-large", /room for 1000/],
	])("%s", async (_, bytes, changes, code, message) => {
		const device = new FakeImageDevice(running, SIZES).asCamera(camera(changes));
		const failure = flash(device, {}, bytes);
		await expect(failure).rejects.toThrow(message);
		await expect(failure).rejects.toMatchObject({ code, exitCode: 4 });
		expect(device.offsets).toEqual([]);
	});
});
