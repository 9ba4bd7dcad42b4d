import { createHash } from "node:crypto";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import { cardBytes, crc32, setUint64 } from "@bodycam/protocol/card/card-bytes";
import { type EntryBody, encodeEntry, entrySectors } from "@bodycam/protocol/card/journal-entry";
import {
	SEGMENT_END_MAGIC,
	SEGMENT_HEADER,
	SEGMENT_MAGIC,
	SegmentField,
	segmentSectors,
	segmentStride,
} from "@bodycam/protocol/card/segment";
import { encodeSuperblock, planGeometry, SECTOR } from "@bodycam/protocol/card/superblock";
import { encodeCbor } from "@bodycam/protocol/cbor/codec";

const IDENTITY = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
const IDENTITY_WORD = 0x0403_0201;

/** Bytes of the record in each segment, and in the close entry. */
const RECORD_BYTES = 90;

/** What stands for the items of the custody record in a segment; behind the last, in the close entry. */
export function recordOf(number: number, index: number): Uint8Array {
	return new Uint8Array(RECORD_BYTES).fill(number * 16 + index);
}

/** Makes the image of a card as docs/card-format.md has it, a recording at a time. */
export class CardImageMaker {
	/** The image. */
	readonly bytes = new Uint8Array(8192 * SECTOR);
	/** First byte of each segment, by recording. */
	readonly segments = new Map<number, number[]>();
	/** First byte of each journal entry. */
	readonly entries: number[] = [];
	readonly #card = cardBytes(this.bytes);
	#journal: number;
	#data: number;

	/** An empty card. */
	constructor() {
		const geometry = planGeometry(this.bytes.length / SECTOR);
		for (const sector of [0, 8]) encodeSuperblock(this.#card, sector * SECTOR, geometry, IDENTITY);
		this.#journal = geometry.journalStart;
		this.#data = geometry.dataStart;
	}

	/**
	 * Adds a recording of these segments, each with a part of its record; `closed: false` leaves it cut off, `receipt`
	 * erases it.
	 * @returns the bytes of its age file
	 */
	add(
		number: number,
		parts: readonly Uint8Array[],
		{ closed = true, receipt }: { readonly closed?: boolean; readonly receipt?: Uint8Array } = {},
	): Buffer {
		const whole = Buffer.concat(parts);
		const sectors = parts.reduce((sum, part) => sum + segmentStride(part.length + RECORD_BYTES), 0) + 32;
		const sha256 = new Uint8Array(createHash("sha256").update(whole).digest());
		const opening = metadata(number);
		let chain = this.#entry(number, {
			kind: "open",
			start: this.#data,
			sectors,
			metadata: encodeCbor(opening),
		});
		const places: number[] = [];
		let offset = 0;
		let sector = this.#data;
		for (const [index, part] of parts.entries()) {
			places.push(sector * SECTOR);
			chain = this.#segment(sector, { number, index, offset, chain }, part);
			offset += part.length;
			sector += segmentStride(part.length + RECORD_BYTES);
		}
		this.segments.set(number, places);
		this.#data += sectors;
		if (closed)
			this.#entry(number, {
				kind: "close",
				bytes: whole.length,
				recordBytes: parts.length * RECORD_BYTES,
				end: sector,
				segments: parts.length,
				interrupted: false,
				sha256,
				metadata: encodeCbor({ ...opening, state: "complete", bytes: whole.length, sha256 }),
				record: recordOf(number, parts.length),
			});
		if (receipt !== undefined) this.#entry(number, { kind: "erase", receipt });
		return whole;
	}

	/** Turns a bit of the byte at `at`. */
	damage(at: number): void {
		this.bytes[at] = (this.bytes[at] ?? 0) ^ 1;
	}

	#entry(number: number, body: EntryBody): number {
		const at = this.#journal * SECTOR;
		this.#journal += entrySectors(body);
		this.entries.push(at);
		const head = { sequence: this.entries.length, identityWord: IDENTITY_WORD, number };
		return encodeEntry(this.#card, at, head, body);
	}

	#segment(
		sector: number,
		head: { number: number; index: number; offset: number; chain: number },
		part: Uint8Array,
	): number {
		const { view } = this.#card;
		const at = sector * SECTOR;
		view.setUint32(at + SegmentField.magic, SEGMENT_MAGIC, true);
		view.setUint32(at + SegmentField.number, head.number, true);
		view.setUint32(at + SegmentField.index, head.index, true);
		view.setUint32(at + SegmentField.length, part.length, true);
		setUint64(view, at + SegmentField.offset, head.offset);
		view.setUint32(at + SegmentField.chain, head.chain, true);
		view.setUint32(at + SegmentField.record, RECORD_BYTES, true);
		view.setUint32(at + SegmentField.recordOffset, head.index * RECORD_BYTES, true);
		view.setUint32(at + SegmentField.crc, this.#card.crc32(at, SegmentField.crc), true);
		this.bytes.set(part, at + SEGMENT_HEADER);
		const record = recordOf(head.number, head.index);
		this.bytes.set(record, at + SEGMENT_HEADER + part.length);
		const end = at + segmentSectors(part.length + RECORD_BYTES) * SECTOR;
		const crc = crc32(record, crc32(part));
		view.setUint32(end - 8, crc, true);
		view.setUint32(end - 4, SEGMENT_END_MAGIC, true);
		return crc;
	}
}

/** What a camera knows of a recording while it makes it. */
function metadata(number: number): RecordingMetadata {
	return {
		number,
		state: "recording",
		device: "0badcafe",
		build: "b",
		engine: "e",
		seeded: true,
		trigger: { monotonicMs: 1, source: "button", framesBefore: 0, framesAfter: 0 },
		preRecord: { configuredMs: 30_000, deliveredMs: 0, audioMs: 0, capacityMs: 40_000, reason: "complete" },
		video: { width: 640, height: 360, frames: 0, firstMs: 1, lastMs: 1, bitRate: 500_000 },
		drainMs: 0,
		bytes: 0,
		interrupted: false,
	};
}
