import { createSocket, type Socket } from "node:dgram";
import type { DatagramPort, DatagramReceiver } from "./datagram-port.ts";
import { PortError } from "./port-error.ts";

/** Peers whose addresses are remembered; the one not heard of for longest is forgotten. */
const KNOWN_PEERS = 64;

interface Peer {
	readonly address: string;
	readonly port: number;
}

/** A datagram link on a UDP port of this host. */
export class UdpPort implements DatagramPort {
	/** The port it listens on. */
	readonly port: number;
	readonly #socket: Socket;
	readonly #handles = new Map<string, number>();
	readonly #peers = new Map<number, Peer>();
	#receiver: DatagramReceiver | undefined;
	#nextHandle = 1;
	#closed = false;

	private constructor(socket: Socket) {
		this.#socket = socket;
		this.port = socket.address().port;
		socket.on("message", (bytes, sender) => this.#receiver?.received(bytes, this.#handle(sender)));
		// An unreachable peer (ICMP) is the network's loss, not the camera's failure.
		socket.on("error", () => undefined);
	}

	/**
	 * Opens a port.
	 * @param port - 0 takes a free one
	 * @param address - of the interface; this host only by default
	 * @throws PortError when it is in use or not allowed
	 */
	static open(port: number, address = "127.0.0.1"): Promise<UdpPort> {
		const socket = createSocket("udp4");
		return new Promise((resolve, reject) => {
			socket.once("error", (error) => {
				socket.close();
				reject(
					new PortError(`UDP port ${port}`, error.message, "Give another --udp PORT, or 0 for a free one."),
				);
			});
			socket.bind(port, address, () => {
				socket.removeAllListeners("error");
				resolve(new UdpPort(socket));
			});
		});
	}

	connect(receiver: DatagramReceiver): void {
		this.#receiver = receiver;
	}

	send(bytes: Uint8Array, handle: number): void {
		const peer = this.#peers.get(handle);
		if (peer && !this.#closed) this.#socket.send(bytes, peer.port, peer.address);
	}

	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#socket.close();
	}

	#handle(sender: Peer): number {
		const key = `${sender.address}:${sender.port}`;
		const known = this.#handles.get(key);
		const handle = known ?? this.#nextHandle++;
		this.#handles.delete(key);
		this.#handles.set(key, handle);
		this.#peers.set(handle, { address: sender.address, port: sender.port });
		if (this.#handles.size > KNOWN_PEERS) {
			const [oldest] = this.#handles;
			if (oldest) {
				this.#handles.delete(oldest[0]);
				this.#peers.delete(oldest[1]);
			}
		}
		return handle;
	}
}
