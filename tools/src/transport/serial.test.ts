import { ConsoleDecoder, encodeConsole } from "@bodycam/protocol/smp/console-framing";
import { encodeRaw, RawDecoder } from "@bodycam/protocol/smp/raw-framing";
import { PtyPort } from "@bodycam/simulator/ports/pty-port";
import { afterEach, beforeEach, expect, test } from "vitest";
import { echo } from "../client/camera.ts";
import { connectDevice } from "../client/connect.ts";
import type { SmpClient } from "../client/smp-client.ts";
import { ConnectionError, NoSuchDeviceError } from "../errors.ts";
import { FakeCamera } from "../testing/fake-camera.ts";

let port: PtyPort;
let client: SmpClient | undefined;
/** Written before each response. */
let noise = "";
/** Whether the camera understands binary frames. */
let binary = false;
/** Framings of the requests that came in. */
let framings: string[] = [];

beforeEach(() => {
	noise = "";
	binary = false;
	framings = [];
	port = new PtyPort();
	const camera = new FakeCamera();
	const write = (bytes: Uint8Array) => port.write(bytes, () => undefined);
	const answer = (packet: Uint8Array, encode: (response: Uint8Array) => Uint8Array) => {
		framings.push(encode === encodeRaw ? "raw" : "console");
		camera.device(packet, (response) => {
			write(Buffer.from(noise, "latin1"));
			write(encode(response));
		});
	};
	const console = new ConsoleDecoder({
		maxPacket: 512,
		onPacket: (packet) => answer(packet, encodeConsole),
	});
	const both = new RawDecoder({
		maxPacket: 512,
		onPacket: (packet) => answer(packet, encodeRaw),
		onOther: (bytes) => console.push(bytes),
	});
	port.connect({ received: (bytes) => (binary ? both : console).push(bytes), carrier: () => undefined });
});
afterEach(async () => {
	await client?.close();
	client = undefined;
	port.close();
});

test("a camera on a serial port is asked, many requests at a time", async () => {
	client = await connectDevice(`serial:${port.path}`);
	const texts = Array.from({ length: 100 }, (_, index) => `${index} ${"x".repeat(200)}`);
	expect(await Promise.all(texts.map((text) => echo(client as SmpClient, text)))).toEqual(texts);
});

test("a camera that understands binary frames is asked in them", async () => {
	binary = true;
	client = await connectDevice(`serial:${port.path}`);
	expect(await echo(client, "hello")).toBe("hello");
	// The probe goes out in both framings.
	expect(framings).toEqual(["raw", "console", "raw", "raw"]);
});

test("a camera that knows the console framing only is asked in that", async () => {
	client = await connectDevice(`serial:${port.path}`);
	expect(await echo(client, "hello")).toBe("hello");
	expect(framings).toEqual(["console", "console", "console"]);
});

test("console framing can be demanded", async () => {
	binary = true;
	client = await connectDevice(`serial:${port.path}?framing=console`);
	expect(await echo(client, "hello")).toBe("hello");
	expect(framings).toEqual(["console", "console"]);
});

test.each([false, true])(
	"a log and garbage on the line disturb no request; the log's lines are told (binary: %s)",
	async (understood) => {
		binary = understood;
		noise = "boot ok\r\n\x06\x09AAAA\x04\x14\xff\xfe\x00\x06";
		const lines: string[] = [];
		client = await connectDevice(`serial:${port.path}`, { onText: (line) => lines.push(line) });
		expect(await echo(client, "hello")).toBe("hello");
		expect(lines).toContain("boot ok");
	},
);

test("a port that goes away fails what is under way with a connection error", async () => {
	const connected = await connectDevice(`serial:${port.path}`);
	client = connected;
	port.close();
	await expect(echo(connected, "hello")).rejects.toThrow(ConnectionError);
});

test("a port that is not there is no device", async () => {
	await expect(connectDevice("serial:/dev/no-such-port")).rejects.toThrow(NoSuchDeviceError);
});

test("a port in use by another is named so", async () => {
	client = await connectDevice(`serial:${port.path}`);
	await expect(connectDevice(`serial:${port.path}`)).rejects.toThrow("in use by another program");
});

test.each(["/dev/null", import.meta.filename, import.meta.dirname])(
	"%s is said to be no serial port",
	async (path) => {
		await expect(connectDevice(`serial:${path}`)).rejects.toThrow(
			new RegExp(`^${path} is not a serial port$`),
		);
	},
);
