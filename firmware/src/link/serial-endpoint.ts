import type { Session } from "@bodycam/protocol/smp/role";
import type { SmpServer } from "@bodycam/protocol/smp/server";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import type { Serial, SerialOptions } from "../hal/serial.ts";
import { Inbox } from "./inbox.ts";
import { BUFFER_BYTES, BUFFER_COUNT } from "./limits.ts";
import { LineReceiver } from "./line-receiver.ts";
import { LineTransmitter } from "./line-transmitter.ts";

/** Options of `SerialEndpoint`. */
export interface SerialEndpointOptions {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Where packets are put together. */
	readonly assembly: MediaRegion;
	/** Where frames wait to be sent. */
	readonly send: MediaRegion;
	/** Answers the requests. */
	readonly server: SmpServer;
	/** Time on the board's clock, µs. */
	readonly now: () => number;
	/** What the peer on this port may do. */
	readonly session: () => Session;
	/** Opens the port's driver with the endpoint's callbacks. */
	openSerial(options: Omit<SerialOptions, "port">): Serial;
}

/** A response that waits for room in the transmitter. */
interface Waiting {
	readonly packet: Uint8Array;
	/** In a binary frame, because its request came in one. */
	readonly raw: boolean;
}

/** The SMP server's end of a serial line, several requests under way at once; each is answered in its own framing. */
export class SerialEndpoint {
	private readonly options: SerialEndpointOptions;
	private readonly serial: Serial;
	private readonly receiver: LineReceiver;
	private readonly transmitter: LineTransmitter;
	private readonly inbox = new Inbox();
	private readonly outbox: Waiting[] = [];
	/** Requests taken whose response has not gone into the transmitter. */
	private underWay = 0;
	private pumping = false;

	/** @param options - see `SerialEndpointOptions` */
	constructor(options: SerialEndpointOptions) {
		const { memory, assembly, send } = options;
		this.options = options;
		this.receiver = new LineReceiver({ memory, region: assembly, packetMax: BUFFER_BYTES });
		this.transmitter = new LineTransmitter({
			memory,
			region: send,
			packetMax: BUFFER_BYTES,
			write: (at, length) => this.serial.write(at, length, 0),
		});
		this.serial = options.openSerial({
			onReadable: (at, length) => {
				this.inbox.add(at, length);
				this.pump();
			},
			onWritten: () => {
				this.transmitter.written();
				this.drain();
				this.pump();
			},
			onCarrier: (open) => {
				if (open) this.receiver.reset();
				else this.transmitter.reset();
			},
		});
	}

	/** Handles what was received while there is room for its answers. */
	private pump(): void {
		if (this.pumping) return;
		this.pumping = true;
		for (let range = this.inbox.first; range !== undefined; range = this.inbox.first) {
			if (this.underWay >= BUFFER_COUNT) break;
			const taken = this.receiver.consume(range.at, range.length, this.options.now());
			range.at += taken;
			range.length -= taken;
			const { packetAt, packetLength, packetRaw } = this.receiver;
			if (packetLength > 0) this.handle(packetAt, packetLength, packetRaw);
			if (range.length > 0) continue;
			this.serial.release(range.releaseAt, range.releaseLength);
			this.inbox.removeFirst();
		}
		this.pumping = false;
	}

	private handle(at: number, length: number, raw: boolean): void {
		const packet = new Uint8Array(this.options.memory.memory, at, length).slice();
		this.underWay++;
		this.options.server.handle(packet, this.options.session(), (response) => {
			this.outbox.push({ packet: response, raw });
			this.drain();
			this.pump();
		});
	}

	private drain(): void {
		for (let next = this.outbox[0]; next !== undefined; next = this.outbox[0]) {
			if (!this.transmitter.hasRoom(next.packet.length)) break;
			this.transmitter.send(next.packet, next.raw);
			this.outbox.shift();
			this.underWay--;
		}
	}
}
