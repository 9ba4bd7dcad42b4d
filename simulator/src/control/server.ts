import { createServer, type Server, type Socket } from "node:net";
import { SimulatorError } from "../simulator-error.ts";
import { type ControlAnswer, type ControlRequest, parseRequest } from "./messages.ts";

/** Longest request, characters; a client that sends more is cut off. */
const MAXIMUM_LINE = 65_536;

/** Carries out a request; what it returns is the result. */
export type ControlHandler = (request: ControlRequest) => Promise<unknown>;

/** Answers requests on a Unix socket. */
export class ControlServer {
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();

	private constructor(server: Server, handle: ControlHandler) {
		this.#server = server;
		server.on("connection", (socket) => this.#serve(socket, handle));
	}

	/**
	 * Opens the socket.
	 * @throws SimulatorError when it cannot be opened
	 */
	static open(path: string, handle: ControlHandler): Promise<ControlServer> {
		const server = createServer();
		return new Promise((resolve, reject) => {
			server.once("error", (error) => {
				reject(new SimulatorError(`the control socket ${path} cannot be opened: ${error.message}`));
			});
			server.listen(path, () => resolve(new ControlServer(server, handle)));
		});
	}

	/** Closes the socket and removes it, once the answers under way have been sent. Idempotent. */
	close(): void {
		this.#server.close();
		for (const socket of this.#sockets) socket.end();
	}

	#serve(socket: Socket, handle: ControlHandler): void {
		this.#sockets.add(socket);
		socket.setEncoding("utf8");
		let pending = "";
		socket.on("data", (text: string) => {
			pending += text;
			const lines = pending.split("\n");
			pending = lines.pop() ?? "";
			for (const line of lines)
				if (line !== "") void answer(line, handle).then((reply) => send(socket, reply));
			if (pending.length > MAXIMUM_LINE) socket.destroy();
		});
		socket.on("close", () => this.#sockets.delete(socket));
		socket.on("error", () => socket.destroy());
	}
}

async function answer(line: string, handle: ControlHandler): Promise<ControlAnswer> {
	let id = 0;
	try {
		const request = parseRequest(line);
		id = request.id;
		return { id, ok: true, result: (await handle(request)) ?? null };
	} catch (error) {
		const known = error instanceof SimulatorError ? error : undefined;
		const message = error instanceof Error ? error.message : String(error);
		const hint = known?.hint === undefined ? {} : { hint: known.hint };
		const exitCode = known?.exitCode ?? 1;
		return { id, ok: false, message, ...hint, exitCode };
	}
}

function send(socket: Socket, reply: ControlAnswer): void {
	if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`);
}
