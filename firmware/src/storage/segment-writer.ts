import { Status } from "@bodycam/protocol/board/records";
import {
	SEGMENT_END_MAGIC,
	SEGMENT_HEADER,
	SEGMENT_MAGIC,
	SEGMENT_NOTES,
	SEGMENT_TRAILER,
	SegmentField,
	segmentSectors,
} from "@bodycam/protocol/card/segment";
import { SECTOR } from "@bodycam/protocol/card/superblock";
import { type MediaMemory, type MediaRegion, SHA256_CONTEXT_BYTES } from "../hal/media-memory.ts";
import { type CardQueue, Operation } from "./card-queue.ts";

/** Bytes of a staging block; the last sector is kept for the end of a segment. */
const BLOCK = 128 * 1024;

/** Bytes of the writer's working memory: a segment's header and the digests. */
export const WRITER_BYTES = 512;

/** What a segment writer asks and tells. Never invoked inside a method, but `allot`. */
export interface SegmentWriterEvents {
	/** A place for a segment of that many sectors, or -1; `segment` and `offset` are those of the segment. */
	allot(sectors: number, segment: number, offset: number): number;
	/** A staging block is free again after `write` took less than it was given. */
	onRoom(): void;
	/** Everything up to `bytes` is safe. */
	onSafe(bytes: number): void;
	/** A request failed for good. */
	onError(operation: number, status: number): void;
	/** Nothing is under way any more after `settle`. */
	onSettled(): void;
}

/**
 * Turns bytes into segments on the card: fills staging blocks, writes full ones while the next is filled, and knows
 * how much is safe. Allocates nothing per call.
 */
export interface SegmentWriter {
	/** Begins a recording at its first place. */
	start(number: number, place: number, limit: number, chain: number): void;
	/** Begins a segment; see `RecordingWriter.beginSegment`. */
	begin(length: number, notes: number): boolean;
	/** Adds bytes; see `RecordingWriter.write`. */
	write(at: number, length: number): number;
	/** Ends the segment and asks for a flush. */
	seal(): void;
	/** New extent: where it ends. */
	extend(limit: number): void;
	/** First sector that is not used yet. */
	place(): number;
	/** End of the extent being filled. */
	limit(): number;
	/** Bytes of sealed segments. */
	sealed(): number;
	/** Nothing that is not safe by now counts any more. */
	abort(): void;
	/** Asks for `onSettled` when nothing is under way; drops a segment that is not sealed. */
	settle(): void;
	/** What is safe: bytes, segments, first sector after them, digest. Overwrites staging. Only when settled. */
	finish(): {
		readonly bytes: number;
		readonly segments: number;
		readonly end: number;
		readonly sha256: Uint8Array;
	};
}

/** Creates a writer over a staging region of whole 128 KiB blocks and `WRITER_BYTES` of working memory, 8-aligned. */
export function createSegmentWriter(
	memory: MediaMemory,
	queue: CardQueue,
	staging: MediaRegion,
	work: MediaRegion,
	events: SegmentWriterEvents,
): SegmentWriter {
	const blocks = Math.floor(staging.bytes / BLOCK);
	const busy = new Uint8Array(blocks);
	const header = work.at;
	const live = work.at + SHA256_CONTEXT_BYTES;
	const pending = live + SHA256_CONTEXT_BYTES;
	const safe = pending + SHA256_CONTEXT_BYTES;
	const capacity = BLOCK - SECTOR;

	let number = 0;
	let segment = 0;
	let offset = 0;
	let chain = 0;
	let place = 0;
	let limit = 0;
	let rest = 0; // payload still to come in the open segment
	let crc = 0;
	let nextSector = 0; // where the block being filled goes
	let block = -1; // being filled
	let lastBlock = 0;
	let fill = 0;
	let payloadFrom = 0; // first payload byte in the block
	let opened = false;
	let wanting = false;
	let underWay = 0;
	let settling = false;
	let failed = false;
	let flushing = false;
	let flushAgain = false;
	let pendingBytes = 0;
	let pendingSegments = 0;
	let pendingEnd = 0;
	let safeBytes = 0;
	let safeSegments = 0;
	let safeEnd = 0;

	function ended(): void {
		underWay--;
		if (settling && underWay === 0) {
			settling = false;
			events.onSettled();
		}
	}

	function onWritten(id: number, status: number): void {
		busy[id] = 0;
		if (status !== Status.ok) fail(Operation.write, status);
		else if (wanting && !failed) {
			wanting = false;
			events.onRoom();
		}
		ended();
	}

	function onFlushed(_id: number, status: number): void {
		flushing = false;
		if (status !== Status.ok) fail(Operation.flush, status);
		else if (!failed) {
			safeBytes = pendingBytes;
			safeSegments = pendingSegments;
			safeEnd = pendingEnd;
			memory.copy(safe, pending, SHA256_CONTEXT_BYTES);
			if (flushAgain) flush();
			events.onSafe(safeBytes);
		}
		ended();
	}

	function fail(operation: number, status: number): void {
		if (failed) return;
		failed = true;
		events.onError(operation, status);
	}

	function flush(): void {
		if (flushing) {
			flushAgain = true;
			return;
		}
		flushAgain = false;
		flushing = true;
		pendingBytes = offset;
		pendingSegments = segment;
		pendingEnd = place;
		memory.copy(pending, live, SHA256_CONTEXT_BYTES);
		underWay++;
		queue.submit(Operation.flush, 0, 0, 0, onFlushed, 0);
	}

	/** Takes the next staging block; the first of a segment begins with its header. */
	function takeBlock(): boolean {
		const candidate = (lastBlock + 1) % blocks;
		if (busy[candidate] === 1) {
			wanting = true;
			return false;
		}
		block = candidate;
		lastBlock = candidate;
		busy[candidate] = 1;
		fill = 0;
		if (!opened) {
			memory.copy(staging.at + block * BLOCK, header, SEGMENT_HEADER);
			fill = SEGMENT_HEADER;
			opened = true;
		}
		payloadFrom = fill;
		return true;
	}

	/** Counts the block's payload into checksum and digest and sends it to the card. */
	function sendBlock(length: number): void {
		const at = staging.at + block * BLOCK;
		underWay++;
		queue.submit(Operation.write, nextSector, length / SECTOR, at, onWritten, block);
		nextSector += length / SECTOR;
		block = -1;
	}

	function digest(): void {
		const at = staging.at + block * BLOCK + payloadFrom;
		const length = fill - payloadFrom;
		crc = memory.crc32(at, length, crc);
		memory.sha256Update(live, at, length);
	}

	return {
		start(newNumber, newPlace, newLimit, openCrc) {
			number = newNumber;
			place = newPlace;
			limit = newLimit;
			chain = openCrc;
			segment = offset = rest = 0;
			block = -1;
			opened = wanting = settling = failed = flushing = flushAgain = false;
			safeBytes = safeSegments = 0;
			safeEnd = newPlace;
			memory.sha256Begin(live);
			memory.copy(safe, live, SHA256_CONTEXT_BYTES);
		},
		begin(length, notes) {
			const sectors = segmentSectors(length);
			if (place + sectors > limit) {
				const found = events.allot(sectors, segment, offset);
				if (found < 0) return false;
				place = found;
			}
			const high = Math.floor(offset / 0x1_0000_0000);
			memory.store32(
				header,
				SEGMENT_MAGIC,
				number,
				segment,
				length,
				offset - high * 0x1_0000_0000,
				high,
				chain,
			);
			memory.copy(header + SegmentField.notes, notes, SEGMENT_NOTES * 4);
			memory.store32(header + SegmentField.crc, memory.crc32(header, SegmentField.crc));
			rest = length;
			crc = 0;
			nextSector = place;
			place += sectors;
			opened = false;
			offset += length;
			return true;
		},
		write(at, length) {
			let taken = 0;
			while (taken < length && !failed) {
				if (block < 0 && !takeBlock()) break;
				let part = length - taken;
				if (part > capacity - fill) part = capacity - fill;
				memory.copy(staging.at + block * BLOCK + fill, at + taken, part);
				fill += part;
				taken += part;
				rest -= part;
				if (fill === capacity && rest > 0) {
					digest();
					sendBlock(capacity);
				}
			}
			return taken;
		},
		seal() {
			if (failed) return;
			if (rest !== 0 || block < 0) throw new RangeError("segment sealed before its bytes were written");
			digest();
			const end = Math.ceil((fill + SEGMENT_TRAILER) / SECTOR) * SECTOR;
			const at = staging.at + block * BLOCK;
			memory.zero(at + fill, end - fill);
			memory.store32(at + end - SEGMENT_TRAILER, crc, SEGMENT_END_MAGIC);
			sendBlock(end);
			chain = crc;
			segment++;
			flush();
		},
		extend(newLimit) {
			limit = newLimit;
		},
		place: () => place,
		limit: () => limit,
		sealed: () => offset,
		abort() {
			failed = true;
		},
		settle() {
			if (block >= 0) busy[block] = 0;
			block = -1;
			wanting = false;
			if (underWay > 0) settling = true;
			else Promise.resolve().then(events.onSettled);
		},
		finish() {
			memory.sha256End(safe, header);
			const sha256 = new Uint8Array(memory.memory, header, 32).slice();
			memory.zero(staging.at, staging.bytes);
			memory.zero(work.at, work.bytes);
			return { bytes: safeBytes, segments: safeSegments, end: safeEnd, sha256 };
		},
	};
}
