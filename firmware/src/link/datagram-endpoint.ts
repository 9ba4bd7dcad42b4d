import type { Session } from "@bodycam/protocol/smp/role";
import type { SmpServer } from "@bodycam/protocol/smp/server";
import type { DatagramLink, DatagramLinkOptions } from "../hal/datagram-link.ts";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import { Inbox } from "./inbox.ts";
import { BUFFER_BYTES, BUFFER_COUNT } from "./limits.ts";

/** Options of `DatagramEndpoint`. */
export interface DatagramEndpointOptions {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Where responses wait to be sent: `BUFFER_COUNT` packets of the largest size. */
	readonly send: MediaRegion;
	/** Answers the requests. */
	readonly server: SmpServer;
	/** What the peers of this link may do. */
	readonly session: () => Session;
	/** Opens the link's driver with the endpoint's callbacks. */
	openLink(options: Omit<DatagramLinkOptions, "port">): DatagramLink;
}

/** The SMP server's end of a datagram link: one packet a datagram, several requests under way at once. */
export class DatagramEndpoint {
	private readonly options: DatagramEndpointOptions;
	private readonly link: DatagramLink;
	private readonly inbox = new Inbox();
	private readonly bytes: Uint8Array;
	/** Send buffers that are free, by their number. */
	private readonly free: number[] = [];
	private pumping = false;

	/** @param options - see `DatagramEndpointOptions` @throws RangeError when the send region is too small */
	constructor(options: DatagramEndpointOptions) {
		if (options.send.bytes < BUFFER_COUNT * BUFFER_BYTES)
			throw new RangeError("the send region is too small");
		this.options = options;
		this.bytes = new Uint8Array(options.memory.memory, options.send.at, options.send.bytes);
		for (let buffer = 0; buffer < BUFFER_COUNT; buffer++) this.free.push(buffer);
		this.link = options.openLink({
			onDatagram: (at, length, peer) => {
				this.inbox.add(at, length, peer);
				this.pump();
			},
			onSent: (tag) => {
				this.free.push(tag);
				this.pump();
			},
		});
	}

	private pump(): void {
		if (this.pumping) return;
		this.pumping = true;
		for (let datagram = this.inbox.first; datagram !== undefined; datagram = this.inbox.first) {
			const buffer = this.free.pop();
			if (buffer === undefined) break;
			const { at, length, peer } = datagram;
			const packet = new Uint8Array(this.options.memory.memory, at, length).slice();
			this.inbox.removeFirst();
			this.link.release(datagram.releaseAt, datagram.releaseLength);
			this.handle(packet, peer, buffer);
		}
		this.pumping = false;
	}

	private handle(packet: Uint8Array, peer: number, buffer: number): void {
		let answered = false;
		const { server, session, send } = this.options;
		server.handle(packet, session(), (response) => {
			answered = true;
			this.bytes.set(response, buffer * BUFFER_BYTES);
			this.link.send(send.at + buffer * BUFFER_BYTES, response.length, peer, buffer);
		});
		// The server leaves what is shorter than a header without an answer.
		if (!answered && packet.length < 8) this.free.push(buffer);
	}
}
