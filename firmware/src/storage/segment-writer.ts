import { Status } from "@bodycam/protocol/board/records";
import {
	SEGMENT_END_MAGIC,
	SEGMENT_HEADER,
	SEGMENT_MAGIC,
	SEGMENT_NOTES,
	SEGMENT_TRAILER,
	SegmentField,
	segmentStride,
} from "@bodycam/protocol/card/segment";
import { SECTOR } from "@bodycam/protocol/card/superblock";
import { type MediaMemory, type MediaRegion, SHA256_CONTEXT_BYTES } from "../hal/media-memory.ts";
import { type CardQueue, Operation } from "./card-queue.ts";
import { STAGING_BLOCK_BYTES } from "./store-interface.ts";

/** Sectors of what is written at once: no write goes past a multiple of them, as suits a card. */
const UNIT = 256;

/** Bytes of the writer's working memory: a segment's header and the digests. */
export const WRITER_BYTES = 640;

/** What a segment writer asks and tells. Never invoked inside a method, but `allot`. */
export interface SegmentWriterEvents {
	/** A place for a segment of that many sectors, or -1; the others are those of the segment. */
	allot(sectors: number, segment: number, offset: number, recordOffset: number): number;
	/** A staging block is free again after `write` took less than it was given. */
	onRoom(): void;
	/** Everything up to `bytes` of payload and `recordBytes` of record is safe. */
	onSafe(bytes: number, recordBytes: number, segments: number): void;
	/** So many bytes wait for the card. */
	onFill(bytes: number): void;
	/** A request failed for good; of a write, where. */
	onError(operation: number, status: number, sector: number, count: number): void;
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
	/**
	 * Begins a segment; see `RecordingWriter.beginSegment`.
	 * @param spare - sectors that must be left behind it in its extent
	 */
	begin(length: number, recordLength: number, notes: number, spare: number): boolean;
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
	/** Payload bytes of the segments begun so far. */
	bytes(): number;
	/** Segments begun so far. */
	segments(): number;
	/** Nothing that is not safe by now counts any more. */
	abort(): void;
	/** Asks for `onSettled` when nothing is under way; drops a segment that is not sealed. */
	settle(): void;
	/** What is safe. Overwrites staging. Only when settled. */
	finish(): {
		readonly bytes: number;
		readonly recordBytes: number;
		readonly segments: number;
		readonly end: number;
		readonly sha256: Uint8Array;
	};
}

/**
 * Creates a writer over a staging region of whole blocks of `STAGING_BLOCK_BYTES` and `WRITER_BYTES` of working memory,
 * 8-aligned.
 */
export function createSegmentWriter(
	memory: MediaMemory,
	queue: CardQueue,
	staging: MediaRegion,
	work: MediaRegion,
	events: SegmentWriterEvents,
): SegmentWriter {
	const blocks = Math.floor(staging.bytes / STAGING_BLOCK_BYTES);
	const busy = new Uint8Array(blocks);
	const sectors = new Uint32Array(blocks); // where a block on its way goes
	const counts = new Uint32Array(blocks);
	const header = work.at;
	const live = work.at + SHA256_CONTEXT_BYTES;
	const sealed = live + SHA256_CONTEXT_BYTES;
	const pending = sealed + SHA256_CONTEXT_BYTES;
	const safe = pending + SHA256_CONTEXT_BYTES;

	let number = 0;
	let segment = 0;
	let offset = 0;
	let recordOffset = 0;
	let chain = 0;
	let place = 0;
	let limit = 0;
	let rest = 0; // bytes still to come in the open segment
	let toDigest = 0; // payload of it that the digest does not have yet
	let crc = 0;
	let nextSector = 0; // where the block being filled goes
	let block = -1; // being filled
	let lastBlock = 0;
	let fill = 0;
	let capacity = 0; // bytes of the block
	let contentFrom = 0; // first byte in the block that is no header
	let opened = false;
	let wanting = false;
	let underWay = 0;
	let waiting = 0; // blocks on their way
	let settling = false;
	let failed = false;
	let flushing = false;
	let flushAgain = false;
	// What sealed segments come to, what the flush under way covers, and what is safe; the digests lie in `work`.
	let sealedBytes = 0;
	let sealedRecord = 0;
	let sealedSegments = 0;
	let sealedEnd = 0;
	let pendingBytes = 0;
	let pendingRecord = 0;
	let pendingSegments = 0;
	let pendingEnd = 0;
	let safeBytes = 0;
	let safeRecord = 0;
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
		waiting--;
		if (status !== Status.ok) fail(Operation.write, status, sectors[id] as number, counts[id] as number);
		else if (wanting && !failed) {
			wanting = false;
			events.onRoom();
		}
		ended();
	}

	function onFlushed(_id: number, status: number): void {
		flushing = false;
		if (status !== Status.ok) fail(Operation.flush, status, 0, 0);
		else if (!failed) {
			safeBytes = pendingBytes;
			safeRecord = pendingRecord;
			safeSegments = pendingSegments;
			safeEnd = pendingEnd;
			memory.copy(safe, pending, SHA256_CONTEXT_BYTES);
			if (flushAgain) flush();
			events.onSafe(safeBytes, safeRecord, safeSegments);
		}
		ended();
	}

	function fail(operation: number, status: number, sector: number, count: number): void {
		if (failed) return;
		failed = true;
		events.onError(operation, status, sector, count);
	}

	function flush(): void {
		if (flushing) {
			flushAgain = true;
			return;
		}
		flushAgain = false;
		flushing = true;
		pendingBytes = sealedBytes;
		pendingRecord = sealedRecord;
		pendingSegments = sealedSegments;
		pendingEnd = sealedEnd;
		memory.copy(pending, sealed, SHA256_CONTEXT_BYTES);
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
		capacity = (UNIT - (nextSector % UNIT)) * SECTOR;
		if (!opened) {
			memory.copy(staging.at + block * STAGING_BLOCK_BYTES, header, SEGMENT_HEADER);
			fill = SEGMENT_HEADER;
			opened = true;
		}
		contentFrom = fill;
		return true;
	}

	/** Sends the block to the card. */
	function sendBlock(length: number): void {
		const at = staging.at + block * STAGING_BLOCK_BYTES;
		underWay++;
		waiting++;
		events.onFill(waiting * STAGING_BLOCK_BYTES);
		sectors[block] = nextSector;
		counts[block] = length / SECTOR;
		queue.submit(Operation.write, nextSector, length / SECTOR, at, onWritten, block);
		nextSector += length / SECTOR;
		block = -1;
	}

	/** Counts what is in the block into checksum and digest. */
	function digest(): void {
		const at = staging.at + block * STAGING_BLOCK_BYTES + contentFrom;
		const length = fill - contentFrom;
		crc = memory.crc32(at, length, crc);
		const part = length < toDigest ? length : toDigest;
		memory.sha256Update(live, at, part);
		toDigest -= part;
	}

	return {
		start(newNumber, newPlace, newLimit, openCrc) {
			number = newNumber;
			place = newPlace;
			limit = newLimit;
			chain = openCrc;
			segment = offset = recordOffset = rest = toDigest = 0;
			block = -1;
			opened = wanting = settling = failed = flushing = flushAgain = false;
			safeBytes = safeRecord = safeSegments = 0;
			sealedBytes = sealedRecord = sealedSegments = 0;
			safeEnd = sealedEnd = newPlace;
			memory.sha256Begin(live);
			memory.copy(sealed, live, SHA256_CONTEXT_BYTES);
			memory.copy(safe, live, SHA256_CONTEXT_BYTES);
		},
		begin(length, recordLength, notes, spare) {
			const stride = segmentStride(length + recordLength);
			if (place + stride + spare > limit) {
				const found = events.allot(stride + spare, segment, offset, recordOffset);
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
			memory.store32(header + SegmentField.record, recordLength, recordOffset);
			memory.copy(header + SegmentField.notes, notes, SEGMENT_NOTES * 4);
			memory.store32(header + SegmentField.crc, memory.crc32(header, SegmentField.crc));
			rest = length + recordLength;
			toDigest = length;
			crc = 0;
			nextSector = place;
			place += stride;
			opened = false;
			offset += length;
			recordOffset += recordLength;
			segment++;
			return true;
		},
		write(at, length) {
			let taken = 0;
			while (taken < length && !failed) {
				if (block < 0 && !takeBlock()) break;
				let part = length - taken;
				if (part > capacity - fill) part = capacity - fill;
				memory.copy(staging.at + block * STAGING_BLOCK_BYTES + fill, at + taken, part);
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
			const at = staging.at + block * STAGING_BLOCK_BYTES;
			memory.zero(at + fill, end - fill);
			memory.store32(at + end - SEGMENT_TRAILER, crc, SEGMENT_END_MAGIC);
			sendBlock(end);
			chain = crc;
			sealedBytes = offset;
			sealedRecord = recordOffset;
			sealedSegments = segment;
			sealedEnd = place;
			memory.copy(sealed, live, SHA256_CONTEXT_BYTES);
			flush();
		},
		extend(newLimit) {
			limit = newLimit;
		},
		place: () => place,
		limit: () => limit,
		bytes: () => offset,
		segments: () => segment,
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
			return { bytes: safeBytes, recordBytes: safeRecord, segments: safeSegments, end: safeEnd, sha256 };
		},
	};
}
