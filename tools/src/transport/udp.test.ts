import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { echo } from "../client/camera.ts";
import { connectDevice } from "../client/connect.ts";
import { ConnectionError, NoSuchDeviceError } from "../errors.ts";
import { FakeCamera } from "../testing/fake-camera.ts";
import { openUdp } from "./udp.ts";

let server: Socket | undefined;
afterEach(() => {
	server?.close();
	server = undefined;
});

/** A camera on a port of this host. */
async function serve(): Promise<number> {
	const socket = createSocket("udp4");
	server = socket;
	const camera = new FakeCamera();
	socket.on("message", (packet, peer) =>
		camera.device(packet, (response) => socket.send(response, peer.port, peer.address)),
	);
	socket.bind(0, "127.0.0.1");
	await once(socket, "listening");
	return socket.address().port;
}

test("a camera is asked over datagrams", async () => {
	const client = await connectDevice(`udp:127.0.0.1:${await serve()}`);
	expect(await echo(client, "hello")).toBe("hello");
	await client.close();
});

test("datagrams that are no packets are ignored", async () => {
	const port = await serve();
	const client = await connectDevice(`udp:127.0.0.1:${port}`);
	server?.prependListener("message", (_, peer) => {
		server?.send("garbage", peer.port, peer.address);
		server?.send(new Uint8Array(8), peer.port, peer.address);
	});
	expect(await echo(client, "hello")).toBe("hello");
	await client.close();
});

test("where nothing listens the error comes at once", async () => {
	const port = await serve();
	server?.close();
	server = undefined;
	await expect(connectDevice(`udp:127.0.0.1:${port}`)).rejects.toThrow(ConnectionError);
});

test("a host without an address is no device", async () => {
	await expect(openUdp("no-such-host.invalid", 1337)).rejects.toThrow(NoSuchDeviceError);
});

test("sending on a closed line fails, and it may be closed twice", async () => {
	const transport = await openUdp("127.0.0.1", await serve());
	await transport.close();
	await transport.close();
	await expect(transport.send(new Uint8Array(8))).rejects.toThrow(ConnectionError);
});
