import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { CameraEvent } from "../camera/events.ts";
import { encodeCbor } from "../cbor/codec.ts";

const SECTOR = 512;
const HEADER = 72;

/** Identity of the card in built logs. */
export const TEST_CARD = Uint8Array.from({ length: 16 }, (_, i) => 0xa0 + i);

/** An event as a test names it: with its boot. */
export type BootEvent = readonly [boot: number, event: CameraEvent];

/** A block that was built. */
export interface BuiltBlock {
	readonly bytes: Uint8Array;
	/** Number of its first entry. */
	readonly first: number;
	/** The chain's hash behind it. */
	readonly head: Uint8Array;
}

/** Builds an event log as docs/event-log.md says, independently of the code that reads it. */
export class EventLogBuilder {
	readonly blocks: BuiltBlock[] = [];
	/** The chain's hash behind the last entry. */
	head: Uint8Array;
	/** Number of the next entry. */
	next = 1;
	readonly #card: Uint8Array;
	#position = 0;

	/** @param card - identity of the card */
	constructor(card: Uint8Array = TEST_CARD) {
		this.#card = card;
		this.head = sha256(Buffer.from("bodycam-event-log-1"), card);
	}

	/** Adds a block of events; without any, the block that ends an exported file. */
	add(...events: readonly BootEvent[]): this {
		const first = this.next;
		const before = this.head;
		const items = events.map(([boot, event]) => {
			const item = encodeCbor({ entry: this.next++, boot, event });
			this.head = sha256(this.head, item);
			return item;
		});
		const payload = Buffer.concat(items);
		const bytes = Buffer.alloc(Math.ceil((HEADER + payload.length) / SECTOR) * SECTOR);
		bytes.write("BCEL", 0, "latin1");
		bytes.set(this.#card, 4);
		bytes.writeUInt32LE(this.#position, 20);
		bytes.writeUInt32LE(payload.length, 24);
		bytes.writeUInt32LE(first, 28);
		bytes.writeUInt32LE(events.length, 32);
		bytes.set(before, 36);
		bytes.set(payload, HEADER);
		bytes.writeUInt32LE(crc32(bytes.subarray(HEADER), crc32(bytes.subarray(0, 68))), 68);
		this.#position += bytes.length / SECTOR;
		this.blocks.push({ bytes, first, head: this.head });
		return this;
	}

	/** The log's bytes. */
	bytes(): Uint8Array {
		return Buffer.concat(this.blocks.map((block) => block.bytes));
	}
}

/** Makes the checksum of a changed block right again, as somebody would who changes it on purpose. */
export function reseal(block: Uint8Array): Uint8Array {
	const bytes = Buffer.from(block);
	bytes.writeUInt32LE(crc32(bytes.subarray(HEADER), crc32(bytes.subarray(0, 68))), 68);
	return bytes;
}

function sha256(...parts: readonly Uint8Array[]): Uint8Array {
	const hash = createHash("sha256");
	for (const part of parts) hash.update(part);
	return new Uint8Array(hash.digest());
}
