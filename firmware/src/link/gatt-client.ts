import type { GattConnection } from "../hal/gatt-server.ts";
import type { MediaMemory } from "../hal/media-memory.ts";
import { ConnectionUse } from "./connection-use.ts";
import { BUFFER_BYTES } from "./limits.ts";
import { PacketAssembler } from "./packet-assembler.ts";

/** A response on its way to a client. */
interface Outgoing {
	/** Number of the buffer it lies in. */
	readonly buffer: number;
	/** Offset of what is not sent yet. */
	at: number;
	/** Offset of its end. */
	readonly end: number;
}

/** Tag of a notification after which more of its response follows; that of the last one is the buffer's number and 1. */
const MORE = 0;

/** A client of the SMP service: what it writes becomes packets, and responses become notifications as long as its MTU allows. */
export class GattClient {
	/** The connection. */
	readonly connection: GattConnection;
	/** Puts its requests together. */
	readonly assembler: PacketAssembler;
	/** Which parameters it gets. */
	readonly use: ConnectionUse;
	/** Which part of the memory for assembling is its own. */
	readonly slot: number;
	/** When it asked for something last, or connected, µs on the board's clock. */
	lastHeard: number;
	private readonly characteristic: number;
	private readonly outbox: Outgoing[] = [];
	/** Buffers whose last notification the board has not taken. */
	private readonly leaving: number[] = [];

	/** @param assemblyAt - where its requests are put together @param characteristic - the one that notifies */
	constructor(options: {
		readonly connection: GattConnection;
		readonly memory: MediaMemory;
		readonly assemblyAt: number;
		readonly slot: number;
		readonly characteristic: number;
		readonly now: number;
	}) {
		const { connection, memory, assemblyAt, now } = options;
		this.connection = connection;
		this.slot = options.slot;
		this.characteristic = options.characteristic;
		this.assembler = new PacketAssembler(memory, assemblyAt, BUFFER_BYTES);
		this.use = new ConnectionUse(connection, now);
		this.lastHeard = now;
	}

	/** Sends a response that lies in a buffer, now or when there is room. */
	send(buffer: number, at: number, length: number): void {
		this.outbox.push({ buffer, at, end: at + length });
		this.pump();
	}

	/** Sends what there is room for. */
	pump(): void {
		const { connection, outbox } = this;
		for (let next = outbox[0]; next !== undefined; next = outbox[0]) {
			const length = Math.min(connection.maximumWrite, next.end - next.at);
			const last = next.at + length === next.end;
			if (!connection.notify(this.characteristic, next.at, length, last ? next.buffer + 1 : MORE)) return;
			next.at += length;
			if (!last) continue;
			this.leaving.push(next.buffer);
			outbox.shift();
		}
	}

	/** The board has taken a notification. Returns the buffer that is free with it; -1 for none. */
	notified(tag: number): number {
		const index = tag === MORE ? -1 : this.leaving.indexOf(tag - 1);
		if (index < 0) return -1;
		this.leaving.splice(index, 1);
		return tag - 1;
	}

	/** The connection is over: gives back all its buffers. */
	giveUp(): number[] {
		const buffers = [...this.leaving, ...this.outbox.map(({ buffer }) => buffer)];
		this.leaving.length = 0;
		this.outbox.length = 0;
		return buffers;
	}
}
