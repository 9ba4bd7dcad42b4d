import { recordingsInfo } from "@bodycam/protocol/camera/recordings";
import { OTHER_CLIENT_COMMANDS } from "@bodycam/protocol/smp/ble";
import { encodePacket } from "@bodycam/protocol/smp/packet";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ConnectionError, ProtocolError, RefusedError } from "../errors.ts";
import { FakeCamera } from "../testing/fake-camera.ts";
import { type Device, type LineFaults, MemoryTransport } from "../testing/memory-transport.ts";
import { echo, reset } from "./camera.ts";
import { SmpClient } from "./smp-client.ts";

beforeEach(() => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
	vi.useRealTimers();
});

function line(faults: LineFaults = {}, device: Device = new FakeCamera().device) {
	const transport = new MemoryTransport(device, faults);
	return { transport, client: new SmpClient(transport) };
}

/** Lets virtual time pass until `promise` has settled. */
async function eventually<T>(promise: Promise<T>): Promise<T> {
	let settled = false;
	const mark = () => {
		settled = true;
	};
	promise.then(mark, mark);
	while (!settled) {
		await vi.advanceTimersByTimeAsync(10);
		await new Promise((resolve) => setImmediate(resolve));
	}
	return promise;
}

describe("connecting", () => {
	test("sizes window and packets by what the device holds", async () => {
		const transport = new MemoryTransport(new FakeCamera({ bufferSize: 1024, bufferCount: 5 }).device);
		const client = await SmpClient.connect(transport);
		expect([client.window, client.bufferSize]).toEqual([5, 1024]);
	});

	test("is content with one small packet where the device does not tell", async () => {
		const device: Device = (packet, respond) =>
			respond(
				encodePacket(
					{ operation: 1, version: 1, flags: 0, group: 0, sequence: packet[6] ?? 0, id: 6 },
					{ rc: 8 },
				),
			);
		const client = await SmpClient.connect(new MemoryTransport(device));
		expect([client.window, client.bufferSize]).toEqual([1, 384]);
	});

	/** A camera that another client commands for so long, ms; and when it was asked. */
	function commandedFor(ms: number): { device: Device; asked: number[] } {
		const camera = new FakeCamera();
		const begun = performance.now();
		const asked: number[] = [];
		const device: Device = (packet, respond) => {
			asked.push(performance.now() - begun);
			if (performance.now() - begun >= ms) camera.device(packet, respond);
			else
				respond(
					encodePacket(
						{ operation: 1, version: 1, flags: 0, group: 0, sequence: packet[6] ?? 0, id: 6 },
						{ rc: 10, rsn: OTHER_CLIENT_COMMANDS },
					),
				);
		};
		return { device, asked };
	}

	test("waits for a camera that is still commanded by a client that was killed", async () => {
		const { device } = commandedFor(4000);
		const client = await eventually(SmpClient.connect(new MemoryTransport(device)));
		expect(client.window).toBe(8);
	});

	test("gives up on a camera that another client goes on commanding, after some seconds", async () => {
		const { device, asked } = commandedFor(Number.POSITIVE_INFINITY);
		const connecting = SmpClient.connect(new MemoryTransport(device)).catch((error) => error);
		expect((await eventually(connecting)).message).toContain("another client commands the camera");
		expect(asked.at(-1)).toBeGreaterThan(4500);
		expect(asked.at(-1)).toBeLessThan(7000);
	});

	test("keeps a larger device within the limit that was asked for", async () => {
		const transport = new MemoryTransport(new FakeCamera({ bufferCount: 200 }).device);
		expect((await SmpClient.connect(transport, { maxWindow: 3 })).window).toBe(3);
	});
});

describe("many requests", () => {
	test("are under way at once, as many as the window allows and no more", async () => {
		const transport = new MemoryTransport(new FakeCamera({ bufferCount: 4 }).device);
		const client = await SmpClient.connect(transport);
		const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => echo(client, `${index}`)));
		expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => `${index}`));
		expect(transport.mostUnderWay).toBe(4);
	});

	test("get their own answers when those come in another order", async () => {
		const transport = new MemoryTransport(new FakeCamera().device, { reverse: 5 });
		const client = await SmpClient.connect(transport);
		const texts = Array.from({ length: 40 }, (_, index) => `${index}`);
		expect(await Promise.all(texts.map((text) => echo(client, text)))).toEqual(texts);
	});

	test("more than there are sequence numbers are all answered", async () => {
		const { client } = line();
		const texts = Array.from({ length: 600 }, (_, index) => `${index}`);
		expect(await Promise.all(texts.map((text) => echo(client, text)))).toEqual(texts);
	});
});

describe("a lossy line", () => {
	test("a lost request is sent again", async () => {
		const { client, transport } = line({ request: (index) => (index === 0 ? "drop" : "pass") });
		expect(await eventually(echo(client, "a"))).toBe("a");
		expect(transport.requests).toBe(2);
	});

	test("a lost answer in a full window is noticed by those that overtake it, without waiting for time", async () => {
		const transport = new MemoryTransport(new FakeCamera({ bufferCount: 4 }).device, {
			response: (index) => (index === 3 ? "drop" : "pass"),
		});
		const client = await SmpClient.connect(transport);
		const before = performance.now();
		const texts = Array.from({ length: 60 }, (_, index) => `${index}`);
		expect(await Promise.all(texts.map((text) => echo(client, text)))).toEqual(texts);
		expect(performance.now()).toBe(before);
	});

	test("doubled packets are answered once and confuse nobody", async () => {
		const { client } = line({ request: () => "twice", response: () => "twice" });
		for (const text of ["a", "b", "c"]) expect(await echo(client, text)).toBe(text);
	});

	test("every third packet lost in both directions costs time only", async () => {
		const transport = new MemoryTransport(new FakeCamera().device, {
			request: (index) => (index % 3 === 2 ? "drop" : "pass"),
			response: (index) => (index % 3 === 1 ? "drop" : "pass"),
		});
		const client = await eventually(SmpClient.connect(transport, { attempts: 20 }));
		const texts = Array.from({ length: 50 }, (_, index) => `${index}`);
		expect(await eventually(Promise.all(texts.map((text) => echo(client, text))))).toEqual(texts);
	});

	test("silence ends in a connection error after the attempts", async () => {
		const { client, transport } = line({ request: () => "drop" });
		await expect(eventually(echo(client, "a"))).rejects.toThrow(ConnectionError);
		expect(transport.requests).toBe(5);
	});

	test("what must not happen twice is sent once", async () => {
		const camera = new FakeCamera();
		const { client, transport } = line({ response: () => "drop" }, camera.device);
		await expect(eventually(reset(client, false))).rejects.toThrow(ConnectionError);
		expect([transport.requests, camera.resets]).toEqual([1, 1]);
	});
});

describe("answers that fit no request are ignored", () => {
	const good = (packet: Uint8Array, changes: object = {}) =>
		encodePacket(
			{ operation: 3, version: 1, flags: 0, group: 0, sequence: packet[6] ?? 0, id: 0, ...changes },
			{ r: "good" },
		);
	test.each([
		["of another sequence", { sequence: 300 }],
		["of another group", { group: 9 }],
		["of another command", { id: 3 }],
		["that are requests", { operation: 2 }],
	])("%s", async (_, changes) => {
		const device: Device = (packet, respond) => {
			const bad = {
				...changes,
				...("sequence" in changes ? { sequence: ((packet[6] ?? 0) + 1) & 255 } : {}),
			};
			respond(
				encodePacket(
					{ operation: 3, version: 1, flags: 0, group: 0, sequence: packet[6] ?? 0, id: 0, ...bad },
					{ r: "bad" },
				),
			);
			respond(new Uint8Array(3));
			respond(good(packet));
		};
		expect(await echo(line({}, device).client, "x")).toBe("good");
	});
});

describe("errors", () => {
	test("a refusal carries the camera's reason, what to do, and exit code 4", async () => {
		const { client } = line();
		const error = await client.request(recordingsInfo, { number: 7 }).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(RefusedError);
		expect(error).toMatchObject({
			message: "the camera refused recordings-info: there is no recording with that number",
			hint: "`bodycam recordings list` shows those on the card.",
			group: 66,
			returnCode: 2,
			exitCode: 4,
		});
	});

	test("a busy camera is asked again", async () => {
		let asked = 0;
		const camera = new FakeCamera();
		const device: Device = (packet, respond) => {
			asked += 1;
			if (asked > 2) camera.device(packet, respond);
			else
				respond(
					encodePacket(
						{ operation: 3, version: 1, flags: 0, group: 0, sequence: packet[6] ?? 0, id: 0 },
						{ rc: 10 },
					),
				);
		};
		expect(await eventually(echo(line({}, device).client, "a"))).toBe("a");
	});

	test.each([
		["another map than declared", { x: 1 }],
		["an error without its form", { err: 5 }],
	])("%s is a protocol error", async (_, payload) => {
		const device: Device = (packet, respond) =>
			respond(
				encodePacket(
					{ operation: 3, version: 1, flags: 0, group: 0, sequence: packet[6] ?? 0, id: 0 },
					payload,
				),
			);
		await expect(echo(line({}, device).client, "a")).rejects.toThrow(ProtocolError);
	});

	test("a broken line fails all that is under way and all that comes later", async () => {
		const { client, transport } = line({ request: () => "drop" });
		const waiting = [echo(client, "a"), echo(client, "b")].map((promise) =>
			promise.catch((error: unknown) => error),
		);
		transport.break();
		for (const outcome of await Promise.all(waiting)) expect(outcome).toBeInstanceOf(ConnectionError);
		await new Promise((resolve) => setImmediate(resolve));
		await expect(echo(client, "c")).rejects.toThrow("the line broke");
	});

	test("closing fails what is under way, and may be done twice", async () => {
		const { client } = line({ request: () => "drop" });
		const outcome = echo(client, "a").catch((error: unknown) => error);
		await client.close();
		await client.close();
		expect(await outcome).toBeInstanceOf(ConnectionError);
	});
});

describe("an abort signal", () => {
	test.each(["under way", "in line"])("ends a request %s with its reason", async (where) => {
		const { client } = line({ request: () => "drop" });
		const first = where === "in line" ? echo(client, "first").catch(() => "failed") : undefined;
		const stop = new AbortController();
		const request = client.request(recordingsInfo, { number: 1 }, { signal: stop.signal });
		stop.abort(new Error("enough"));
		await expect(request).rejects.toThrow("enough");
		await client.close();
		if (first !== undefined) expect(await first).toBe("failed");
	});

	test("that has fired already keeps a request from being sent", async () => {
		const { client, transport } = line();
		await expect(
			client.request(recordingsInfo, { number: 1 }, { signal: AbortSignal.abort(new Error("enough")) }),
		).rejects.toThrow("enough");
		expect(transport.requests).toBe(0);
	});
});
