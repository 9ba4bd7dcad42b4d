import { lstatSync, unlinkSync } from "node:fs";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import type { BytePort, ByteReceiver } from "./byte-port.ts";
import { PortError } from "./port-error.ts";

/** A serial line that leads to a Unix socket of this host: one program at a time is connected to it. */
export class SocketPort implements BytePort {
	/** What other programs connect to. */
	readonly path: string;
	readonly #server: Server;
	#receiver: ByteReceiver | undefined;
	#socket: Socket | undefined;
	#paused = false;
	#closed = false;

	private constructor(path: string, server: Server) {
		this.path = path;
		this.#server = server;
		server.on("connection", (socket) => this.#connected(socket));
	}

	/**
	 * Opens the socket, in place of one that nobody listens on any more.
	 * @throws PortError when it cannot be opened, or something else is there
	 */
	static async open(path: string): Promise<SocketPort> {
		await makeRoom(path);
		const server = createServer();
		return new Promise((resolve, reject) => {
			server.once("error", (error) => {
				reject(new PortError(`socket ${path}`, error.message, "Give the path of a socket that may be made."));
			});
			server.listen(path, () => resolve(new SocketPort(path, server)));
		});
	}

	connect(receiver: ByteReceiver): void {
		this.#receiver = receiver;
	}

	/** What is written while nobody is connected is lost. */
	write(bytes: Uint8Array, done: () => void): void {
		if (this.#socket === undefined) setImmediate(done);
		else this.#socket.write(bytes, () => done());
	}

	pause(paused: boolean): void {
		this.#paused = paused;
		if (paused) this.#socket?.pause();
		else this.#socket?.resume();
	}

	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#server.close();
		this.#socket?.destroy();
	}

	#connected(socket: Socket): void {
		if (this.#socket !== undefined || this.#closed) {
			socket.destroy();
			return;
		}
		this.#socket = socket;
		if (this.#paused) socket.pause();
		this.#receiver?.carrier(true);
		socket.on("data", (bytes) => this.#receiver?.received(bytes));
		socket.on("error", () => socket.destroy());
		socket.on("close", () => {
			this.#socket = undefined;
			this.#receiver?.carrier(false);
		});
	}
}

/** Removes a socket that nobody listens on. @throws PortError for one that somebody listens on, and for other files */
async function makeRoom(path: string): Promise<void> {
	const refuse = (reason: string): PortError => new PortError(`socket ${path}`, reason, "Give another path.");
	const isSocket = socketThere(path);
	if (isSocket === undefined) return;
	if (!isSocket) throw refuse("there is a file that is no socket");
	if (await answers(path)) throw refuse("another program listens on it");
	try {
		unlinkSync(path);
	} catch {
		// It is not ours to remove: listening says so.
	}
}

/** Whether a file is a socket; undefined where there is none, or it cannot be looked at. */
function socketThere(path: string): boolean | undefined {
	try {
		return lstatSync(path).isSocket();
	} catch {
		return undefined;
	}
}

/** Whether a program listens on a socket, or may do so where that cannot be told. */
function answers(path: string): Promise<boolean> {
	const socket = createConnection(path);
	return new Promise((resolve) => {
		socket.once("connect", () => {
			socket.destroy();
			resolve(true);
		});
		socket.once("error", ({ code }: NodeJS.ErrnoException) =>
			resolve(code !== "ECONNREFUSED" && code !== "ENOENT"),
		);
	});
}
