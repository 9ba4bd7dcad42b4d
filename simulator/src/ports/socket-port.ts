import { unlinkSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
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
	 * @throws PortError when it cannot be opened
	 */
	static open(path: string): Promise<SocketPort> {
		try {
			unlinkSync(path);
		} catch {
			// There is none, or it is not ours to remove: listening says so.
		}
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
