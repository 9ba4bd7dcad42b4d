import type { Session } from "@bodycam/protocol/smp/role";
import type { SmpServer } from "@bodycam/protocol/smp/server";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import type { Serial, SerialOptions } from "../hal/serial.ts";
import { ConsoleReceiver } from "./console-receiver.ts";
import { ConsoleTransmitter } from "./console-transmitter.ts";
import { Inbox } from "./inbox.ts";
import { BUFFER_BYTES, BUFFER_COUNT } from "./limits.ts";

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
	/** What the peer on this port may do. */
	readonly session: () => Session;
	/** Opens the port's driver with the endpoint's callbacks. */
	openSerial(options: Omit<SerialOptions, "port">): Serial;
}

/** The SMP server's end of a serial line in console framing, several requests under way at once. */
export class SerialEndpoint {
	private readonly options: SerialEndpointOptions;
	private readonly serial: Serial;
	private readonly receiver: ConsoleReceiver;
	private readonly transmitter: ConsoleTransmitter;
	private readonly inbox = new Inbox();
	/** Responses that wait for room in the transmitter. */
	private readonly outbox: Uint8Array[] = [];
	/** Requests taken whose response has not gone into the transmitter. */
	private underWay = 0;
	private pumping = false;

	/** @param options - see `SerialEndpointOptions` */
	constructor(options: SerialEndpointOptions) {
		const { memory, assembly, send } = options;
		this.options = options;
		this.receiver = new ConsoleReceiver({ memory, region: assembly, packetMax: BUFFER_BYTES });
		this.transmitter = new ConsoleTransmitter({
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
			const taken = this.receiver.consume(range.at, range.length);
			range.at += taken;
			range.length -= taken;
			if (this.receiver.packetLength > 0) this.handle(this.receiver.packetAt, this.receiver.packetLength);
			if (range.length > 0) continue;
			this.serial.release(range.releaseAt, range.releaseLength);
			this.inbox.removeFirst();
		}
		this.pumping = false;
	}

	private handle(at: number, length: number): void {
		const packet = new Uint8Array(this.options.memory.memory, at, length).slice();
		this.underWay++;
		this.options.server.handle(packet, this.options.session(), (response) => {
			this.outbox.push(response);
			this.drain();
			this.pump();
		});
	}

	private drain(): void {
		for (let response = this.outbox[0]; response !== undefined; response = this.outbox[0]) {
			if (!this.transmitter.hasRoom(response.length)) break;
			this.transmitter.send(response);
			this.outbox.shift();
			this.underWay--;
		}
	}
}
