import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { PortError } from "./port-error.ts";
import { SocketPort } from "./socket-port.ts";

let folder = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "bodycam-socket-"));
});
const endings: (() => void)[] = [];
afterEach(() => {
	for (const end of endings.splice(0).reverse()) end();
	rmSync(folder, { recursive: true, force: true });
});

async function opened() {
	const port = await SocketPort.open(join(folder, "hci"));
	const heard: string[] = [];
	const carriers: boolean[] = [];
	port.connect({
		received: (bytes) => heard.push(Buffer.from(bytes).toString()),
		carrier: (open) => carriers.push(open),
	});
	endings.push(() => port.close());
	return { port, heard, carriers };
}

async function connected(path: string): Promise<{ socket: Socket; said: string[] }> {
	const socket = createConnection(path);
	const said: string[] = [];
	socket.on("data", (bytes) => said.push(bytes.toString()));
	endings.push(() => socket.destroy());
	await new Promise<void>((resolve) => socket.on("connect", () => resolve()));
	return { socket, said };
}

it("carries bytes both ways and says who comes and goes", async () => {
	const { port, heard, carriers } = await opened();
	const { socket, said } = await connected(port.path);
	socket.write("to the controller");
	await expect.poll(() => heard.join("")).toBe("to the controller");
	await new Promise<void>((done) => port.write(Buffer.from("to the host"), done));
	await expect.poll(() => said.join("")).toBe("to the host");
	socket.destroy();
	await expect.poll(() => carriers).toEqual([true, false]);
});

it("turns a second program away while there is a first", async () => {
	const { port } = await opened();
	await connected(port.path);
	const { socket } = await connected(port.path);
	await new Promise<void>((resolve) => socket.on("close", () => resolve()));
});

it("says why it cannot be opened", async () => {
	await expect(SocketPort.open(join(folder, "no", "such", "directory"))).rejects.toThrow(PortError);
});

it("leaves a file alone that is no socket", async () => {
	const file = join(folder, "notes");
	writeFileSync(file, "kept");
	await expect(SocketPort.open(file)).rejects.toThrow(PortError);
	expect(readFileSync(file, "utf8")).toBe("kept");
});

it("leaves a socket alone that a program listens on", async () => {
	const { port } = await opened();
	await expect(SocketPort.open(port.path)).rejects.toThrow(PortError);
	await connected(port.path);
});

it("takes the place of a socket that was left behind", async () => {
	const path = join(folder, "hci");
	const killed = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
	spawnSync(process.execPath, ["-e", killed]);
	expect(statSync(path).isSocket()).toBe(true);
	const { port } = await opened();
	await connected(port.path);
});
