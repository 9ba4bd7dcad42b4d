import { createSocket, type Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { type BodycamError, ConnectionError, NoSuchDeviceError } from "../errors.ts";
import type { SmpTransport, TransportListener } from "./transport.ts";

/** Largest payload of a UDP datagram over IPv4. */
const DATAGRAM_MAX = 65_507;

/**
 * Opens a UDP socket to a camera: one packet a datagram.
 * @throws {NoSuchDeviceError} when the host has no address
 */
export async function openUdp(host: string, port: number): Promise<SmpTransport> {
	const { address, family } = await lookup(host).catch((error: Error) => {
		throw new NoSuchDeviceError(`there is no host ${host}`, {
			hint: "Check the spelling, or give its IP address.",
			cause: error,
		});
	});
	const socket = createSocket(family === 6 ? "udp6" : "udp4");
	await new Promise<void>((resolve, reject) => {
		socket.once("error", reject);
		socket.connect(port, address, () => {
			socket.off("error", reject);
			resolve();
		});
	}).catch((error: Error) => {
		socket.close();
		throw new ConnectionError(`${host}:${port} cannot be reached: ${error.message}`, {
			hint: "Check the network and the port.",
			cause: error,
		});
	});
	return new UdpTransport(`udp:${host.includes(":") ? `[${host}]` : host}:${port}`, socket);
}

class UdpTransport implements SmpTransport {
	readonly address: string;
	readonly maxPacket = DATAGRAM_MAX;
	readonly packetRate = undefined;
	readonly #socket: Socket;
	#listener: TransportListener | undefined;
	#closing: Promise<void> | undefined;
	#failure: BodycamError | undefined;

	constructor(address: string, socket: Socket) {
		this.address = address;
		this.#socket = socket;
		socket.on("message", (message) => this.#listener?.packet(new Uint8Array(message)));
		socket.on("error", (error) => this.#fail(error));
		socket.on("close", () => this.#listener?.closed(this.#failure));
	}

	listen(listener: TransportListener): void {
		this.#listener = listener;
	}

	send(packet: Uint8Array): Promise<void> {
		return new Promise((resolve, reject) => {
			if (this.#closing !== undefined) {
				reject(this.#failure ?? this.#lost());
				return;
			}
			this.#socket.send(packet, (error) => {
				if (error === null) resolve();
				else reject(this.#fail(error));
			});
		});
	}

	close(): Promise<void> {
		this.#closing ??= new Promise((resolve) => this.#socket.close(() => resolve()));
		return this.#closing;
	}

	/** A refused datagram (ICMP) means that nobody is there; waiting for a timeout would tell no more. */
	#fail(error: Error): BodycamError {
		this.#failure ??= this.#lost(error);
		void this.close();
		return this.#failure;
	}

	#lost(cause?: Error): ConnectionError {
		const refused = (cause as NodeJS.ErrnoException | undefined)?.code === "ECONNREFUSED";
		const what = refused ? `nothing answers at ${this.address}` : `the connection to ${this.address} broke`;
		return new ConnectionError(what, {
			hint: "Check that the camera is on and that host and port are right.",
			cause,
		});
	}
}
