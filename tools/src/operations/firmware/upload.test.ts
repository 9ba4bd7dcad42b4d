import { describe, expect, test } from "vitest";
import { SmpClient } from "../../client/smp-client.ts";
import { ConnectionError, VerificationError } from "../../errors.ts";
import { FakeImageDevice } from "../../testing/fake-image-slots.ts";
import { type LineFaults, MemoryTransport } from "../../testing/memory-transport.ts";
import { testImage } from "../../testing/test-image.ts";
import { pieceBytes, type UploadEvent, uploadImage } from "./upload.ts";

const running = testImage({ version: "1.0.0" });
const file = testImage({ version: "2.0.0", bodyBytes: 20_000 });

async function upload(device: FakeImageDevice, faults: LineFaults = {}, bytes = file) {
	const transport = new MemoryTransport(device.device, faults);
	// Short where packets get lost, so that they are soon sent again; else long enough for any machine.
	const lossy = faults.request !== undefined || faults.response !== undefined;
	const client = await SmpClient.connect(transport, { timeoutMs: lossy ? 100 : 5000 });
	const events: UploadEvent[] = [];
	for await (const event of uploadImage(client, bytes)) events.push(event);
	await client.close();
	return { events, transport };
}

test("the file arrives whole, with as many pieces under way as the camera has buffers", async () => {
	const device = new FakeImageDevice(running, { bufferCount: 4 });
	const { events, transport } = await upload(device);
	expect(device.slots[1]).toEqual(file);
	expect(transport.mostUnderWay).toBe(4);
	expect(events[0]).toEqual({ type: "begun", resumedAt: 0, total: file.length });
	expect(events.at(-1)).toMatchObject({ type: "sent", bytes: file.length });
});

test("pieces are as large as the camera's buffers allow, and aligned", async () => {
	for (const size of [128, 384, 512, 4096, 70_000]) {
		expect(pieceBytes(size) % 16).toBe(0);
		expect(pieceBytes(size)).toBeLessThanOrEqual(65_535);
		expect(size - pieceBytes(size)).toBeLessThan(size > 66_000 ? 5000 : 51);
	}
	const device = new FakeImageDevice(running, { bufferSize: 4096 });
	await upload(device);
	expect(device.offsets).toHaveLength(6);
});

describe("a line with faults", () => {
	test.each<[string, LineFaults]>([
		["loses requests", { request: (index) => (index % 7 === 3 ? "drop" : "pass") }],
		["loses responses", { response: (index) => (index % 5 === 3 ? "drop" : "pass") }],
		["doubles requests", { request: (index) => (index % 3 === 2 ? "twice" : "pass") }],
		["turns responses round", { reverse: 3 }],
	])("that %s: the file arrives whole", async (_, faults) => {
		const device = new FakeImageDevice(running);
		await upload(device, faults);
		expect(device.slots[1]).toEqual(file);
	});

	test("that breaks: the next upload of the same file goes on where it stopped", async () => {
		const device = new FakeImageDevice(running);
		await expect(upload(device, { breakAfter: 20 })).rejects.toThrow(ConnectionError);
		const reached = device.upload?.off ?? 0;
		expect(reached).toBeGreaterThan(1000);
		device.offsets.length = 0;
		const { events } = await upload(device);
		expect(events[0]).toMatchObject({ type: "begun", resumedAt: reached });
		expect(Math.min(...device.offsets.slice(1))).toBe(reached);
		expect(device.slots[1]).toEqual(file);
	});
});

test("another file is begun anew", async () => {
	const device = new FakeImageDevice(running);
	await expect(upload(device, { breakAfter: 20 })).rejects.toThrow(ConnectionError);
	const other = testImage({ version: "3.0.0", bodyBytes: 9000 });
	const { events } = await upload(device, {}, other);
	expect(events[0]).toMatchObject({ resumedAt: 0 });
	expect(device.slots[1]).toEqual(other);
});

test("a camera that forgets the upload in the middle is sent it again from the beginning", async () => {
	const device = new FakeImageDevice(running);
	const transport = new MemoryTransport(device.device);
	const client = await SmpClient.connect(transport);
	const begun: number[] = [];
	let erased = false;
	for await (const event of uploadImage(client, file)) {
		if (event.type === "begun") begun.push(event.resumedAt);
		else if (!erased && event.bytes > 8000) {
			device.upload = undefined;
			erased = true;
		}
	}
	expect(begun).toEqual([0, 0]);
	expect(device.slots[1]).toEqual(file);
});

test("who is displaced by another client is told, and gives up", async () => {
	const device = new FakeImageDevice(running);
	const client = await SmpClient.connect(new MemoryTransport(device.device));
	const sending = (async () => {
		for await (const event of uploadImage(client, file))
			if (event.type === "sent" && device.upload !== undefined && event.bytes > 2000)
				device.upload = { ...device.upload, sha: "ff".repeat(32), off: 0 };
	})();
	await expect(sending).rejects.toMatchObject({
		exitCode: 4,
		message: expect.stringContaining("another client has begun an upload"),
		hint: expect.stringContaining("one upload at a time"),
	});
	expect(device.offsets.filter((off) => off === 0)).toHaveLength(1);
});

test("a camera that got something else says so", async () => {
	const device = new FakeImageDevice(running);
	const transport = new MemoryTransport(device.device);
	const client = await SmpClient.connect(transport);
	const sending = (async () => {
		for await (const event of uploadImage(client, file))
			if (event.type === "sent" && device.upload !== undefined) device.upload.file[100] = 1;
	})();
	await expect(sending).rejects.toThrow(VerificationError);
});
