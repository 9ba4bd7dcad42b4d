import { TAG_BYTES } from "@bodycam/protocol/age/crypto";
import { CHUNK_BYTES, chunksOf, SEALED_CHUNK_BYTES } from "@bodycam/protocol/age/stream";
import type { CustodyBody, CustodyEntryOf } from "@bodycam/protocol/custody/entry";
import type { CustodyHappening } from "@bodycam/protocol/custody/happenings";
import { CUSTODY_STATES, HASH_BYTES } from "@bodycam/protocol/custody/terms";
import type { TrustCrypto } from "@bodycam/protocol/trust/signed-document";
import { type AuthenticatedCipher, CIPHER_KEY_BYTES } from "../hal/authenticated-cipher.ts";
import { type MediaMemory, type MediaRegion, SHA256_CONTEXT_BYTES } from "../hal/media-memory.ts";
import type { RandomSource } from "../hal/random-source.ts";
import { MAX_CLOSING_RECORD_BYTES, type RecordingWriter } from "../storage/store-interface.ts";
import type { CameraSigner } from "../trust/identity-keeper.ts";
import type { CheckpointFacts } from "./checkpoint-composer.ts";
import { createChunkSealer } from "./chunk-sealer.ts";
import { createFileKeys, FILE_KEYS_BYTES } from "./file-keys.ts";
import { createRecordSigner, type ItemTimes, RECORD_SIGNER_BYTES, type RecordEnd } from "./record-signer.ts";
import { createStateTimeline } from "./state-timeline.ts";

/** Bytes kept for the driver of the cipher: its key and nonce. */
const CIPHER_BYTES = 2 * CIPHER_KEY_BYTES;

/** Segments whose place in the record is remembered. */
const HISTORY = 64;

/** Offsets within the region, all 8-aligned. */
const CIPHER = 0;
const CONTEXT = CIPHER + CIPHER_BYTES;
const DIGEST = CONTEXT + SHA256_CONTEXT_BYTES;
const CHUNK = DIGEST + HASH_BYTES;
const KEYS = CHUNK + Math.ceil(SEALED_CHUNK_BYTES / 8) * 8;
const RECORD = KEYS + Math.ceil(FILE_KEYS_BYTES / 8) * 8;

/** Bytes of the region with everything that is secret about a recording. */
export const EVIDENCE_BYTES = RECORD + RECORD_SIGNER_BYTES;

/** The clocks that items of a record are signed with. */
export interface EvidenceClock {
	/** ms since power-on. */
	monotonicMs(): number;
	/** ms since 1970 UTC; undefined while the clock is unset. */
	wallMs(): number | undefined;
	/** How far that may be off, ms. */
	wallUncertaintyMs(): number;
}

/** What a sealed file is made with. */
export interface SealedFileOptions {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** `EVIDENCE_BYTES`, 8-aligned, for this alone. */
	readonly region: MediaRegion;
	/** Opens a cipher whose key lies in that region. */
	openCipher(region: MediaRegion): AuthenticatedCipher;
	/** Where keys come from. */
	readonly random: Pick<RandomSource, "fill">;
	/** SHA-256 of small byte strings. */
	readonly crypto: Pick<TrustCrypto, "sha256">;
	/** The clocks. */
	readonly clock: EvidenceClock;
}

/** The members of a record's header that come from its recording and the camera. */
export type HeaderFacts = Omit<
	CustodyEntryOf<"header">,
	"item" | "before" | "type" | "format" | "recipients" | "key" | keyof ItemTimes
>;

/** How a recording is sealed. */
export interface SealStart {
	/** X25519 public keys of those who can decrypt it. */
	readonly recipients: readonly Uint8Array[];
	/** The camera's key. */
	readonly signer: CameraSigner;
	/** Final hash of the recording before. */
	readonly before: Uint8Array;
	/** What the header says. */
	readonly header: HeaderFacts;
}

/** The members of a record's last item that come from its recording. */
export type FinalFacts = Pick<CustodyEntryOf<"final">, "durationMs" | "preRecordMs" | "reason">;

/** The end of a file. */
export interface FileEnd extends RecordEnd {
	/** Whether its last segment is kept, too: what is decrypted of it is all there was. */
	readonly whole: boolean;
}

/**
 * The file of one recording after the other, on its way from plaintext to the card: an age file and its custody
 * record. Each segment is whole chunks of 64 KiB and followed by the items of the record up to its checkpoint. Allocates
 * nothing per call while it is written, unless something happened. Everything secret lies in its region, which is
 * overwritten by `end` and `wipe`.
 */
export interface SealedFile {
	/**
	 * Makes keys and the record's header.
	 * @returns the header's item and the hash behind it
	 * @throws {AgeError} when the recipients cannot be encrypted to
	 */
	prepare(start: SealStart): RecordEnd;
	/** Where what was prepared goes. */
	open(writer: RecordingWriter): void;
	/** Bytes of the age file in the segments begun so far. */
	bytes(): number;
	/** Whether a recording is open. */
	isOpen(): boolean;
	/** Whether it is open and the card takes bytes. */
	live(): boolean;
	/**
	 * Begins a segment. Times in ms since power-on.
	 * @param bytes - of plaintext: whole chunks, unless it is the last segment
	 * @param last - whether it ends the file
	 * @param notes - see `RecordingWriter.beginSegment`
	 * @param firstMs - first picture or sound in it
	 * @param lastMs - last picture or sound in it
	 * @param preRecord - whether all of it was taken before the trigger
	 * @param sound - whether it has sound
	 * @returns false when the card has no room for it
	 */
	beginSegment(
		bytes: number,
		last: boolean,
		notes: number,
		firstMs: number,
		lastMs: number,
		preRecord: boolean,
		sound: boolean,
	): boolean;
	/** Takes plaintext of the open segment from media memory. @returns bytes taken; fewer when the card has to catch up */
	write(at: number, length: number): number;
	/** Fills the rest of the open segment with zeros. @returns whether it is full */
	pad(): boolean;
	/** Ends a full segment. @returns whether it is handed over; otherwise call it again once there is room */
	seal(): boolean;
	/** Something happened to the recording. */
	happened(happening: CustodyHappening): void;
	/**
	 * Ends the record and overwrites everything.
	 * @param bytes - of the age file, that are kept @param segments - that are kept
	 * @param final - what its last item says
	 */
	end(bytes: number, segments: number, final: FinalFacts): FileEnd;
	/** Overwrites everything: what was prepared or is open is given up. */
	wipe(): void;
}

/** Creates it. @throws RangeError when the region is too small */
export function createSealedFile(options: SealedFileOptions): SealedFile {
	const { memory, region, clock } = options;
	if (region.bytes < EVIDENCE_BYTES) throw new RangeError("the region for evidence is too small");
	const { at } = region;
	const context = at + CONTEXT;
	const digest = at + DIGEST;
	const cipher = options.openCipher({ at: at + CIPHER, bytes: CIPHER_BYTES });
	const chunk = createChunkSealer(memory, { at: at + CHUNK, bytes: SEALED_CHUNK_BYTES }, cipher);
	const keys = createFileKeys(memory, { at: at + KEYS, bytes: FILE_KEYS_BYTES }, cipher, options.random);
	const record = createRecordSigner(memory, { at: at + RECORD, bytes: RECORD_SIGNER_BYTES }, options.crypto);
	const timeline = createStateTimeline();
	const recordEnds = new Float64Array(HISTORY);
	const facts: CheckpointFacts = {
		item: 0,
		monotonicMs: 0,
		wallMs: -1,
		wallUncertaintyMs: 0,
		segment: 0,
		offset: 0,
		bytes: 0,
		firstMs: 0,
		lastMs: 0,
		state: 0,
		preRecord: false,
		sound: false,
	};
	let writer: RecordingWriter | undefined;
	let sinceMs = 0; // what is lost when nothing could be kept was captured from then on
	let frontBytes = 0;
	let fileBytes = 0; // of the age file, the open segment included
	let recordBytes = 0;
	let segments = 0;
	let segmentRecord = 0; // bytes of the record behind the open segment
	let plainLeft = 0; // of the open segment
	let ending = false; // the open segment is the last
	let ended = false; // the last segment has been handed over
	let outAt = 0; // what is on its way to the card
	let outLeft = 0;
	let recordOut = false; // it is the record

	function times(): ItemTimes {
		const wallMs = clock.wallMs();
		const monotonicMs = clock.monotonicMs();
		if (wallMs === undefined) return { monotonicMs };
		return { monotonicMs, wallMs, wallUncertaintyMs: clock.wallUncertaintyMs() };
	}

	/** Hands over what is on its way. @returns whether it is gone */
	function flush(): boolean {
		if (writer === undefined) return false;
		while (outLeft > 0) {
			const taken = writer.write(outAt, outLeft);
			if (taken === 0) return false;
			outAt += taken;
			outLeft -= taken;
		}
		return true;
	}

	function send(from: number, length: number): void {
		outAt = from;
		outLeft = length;
	}

	function sealIfFull(): void {
		if (plainLeft > 0 && chunk.room() > 0) return;
		const length = chunk.seal(ending && plainLeft === 0);
		memory.sha256Update(context, chunk.at, length);
		send(chunk.at, length);
	}

	function wipe(): void {
		memory.zero(at, region.bytes);
		writer = undefined;
		outLeft = plainLeft = fileBytes = recordBytes = segments = 0;
		ending = ended = recordOut = false;
	}

	return {
		wipe,
		prepare({ recipients, signer, before, header }) {
			wipe();
			try {
				frontBytes = keys.make(recipients);
				sinceMs = clock.monotonicMs() - header.preRecordMs;
				chunk.begin();
				timeline.begin();
				const body: CustodyBody = {
					type: "header",
					...times(),
					format: 1,
					key: signer.publicKey,
					...header,
					recipients: [...recipients],
				};
				return record.begin(body, before, signer);
			} catch (error) {
				wipe();
				throw error;
			}
		},
		open(target) {
			writer = target;
		},
		bytes: () => fileBytes,
		isOpen: () => writer !== undefined,
		live: () => writer?.live === true,
		beginSegment(bytes, last, notes, firstMs, lastMs, preRecord, sound) {
			if (writer === undefined) return false;
			if (bytes < 1 || (!last && bytes % CHUNK_BYTES !== 0))
				throw new RangeError("a segment that is not the last has whole chunks");
			const front = segments === 0 ? frontBytes : 0;
			const length = front + bytes + chunksOf(bytes) * TAG_BYTES;
			facts.monotonicMs = clock.monotonicMs();
			facts.wallMs = clock.wallMs() ?? -1;
			facts.wallUncertaintyMs = clock.wallUncertaintyMs();
			facts.offset = fileBytes;
			facts.bytes = length;
			facts.firstMs = firstMs;
			facts.lastMs = lastMs;
			facts.state = last ? CUSTODY_STATES.indexOf("closing") : timeline.at(lastMs);
			facts.preRecord = preRecord;
			facts.sound = sound;
			segmentRecord = record.compose(facts);
			const begun = last
				? writer.beginLastSegment(length, segmentRecord, notes)
				: writer.beginSegment(length, segmentRecord, notes);
			if (!begun) return false;
			fileBytes += length;
			recordBytes += segmentRecord;
			segments++;
			recordEnds[segments % HISTORY] = recordBytes;
			plainLeft = bytes;
			ending = last;
			recordOut = false;
			memory.sha256Begin(context);
			if (front > 0) {
				memory.sha256Update(context, keys.at, front);
				send(keys.at, front);
			}
			return true;
		},
		write(from, length) {
			let taken = 0;
			while (flush() && taken < length) {
				let part = length - taken;
				const room = chunk.room();
				if (part > room) part = room;
				if (part > plainLeft) throw new RangeError("the segment is shorter");
				chunk.take(from + taken, part);
				taken += part;
				plainLeft -= part;
				sealIfFull();
			}
			return taken;
		},
		pad() {
			while (flush()) {
				if (plainLeft === 0) return true;
				const room = chunk.room();
				const part = plainLeft < room ? plainLeft : room;
				chunk.takeZeros(part);
				plainLeft -= part;
				sealIfFull();
			}
			return false;
		},
		seal() {
			if (plainLeft > 0) throw new RangeError("segment sealed before its bytes were written");
			if (!flush()) return false;
			if (!recordOut) {
				memory.sha256End(context, digest);
				record.finish(digest);
				recordOut = true;
				send(record.at, segmentRecord);
				if (!flush()) return false;
			}
			writer?.seal();
			ended = ending;
			return true;
		},
		happened(happening) {
			if (writer === undefined) return;
			const when = times();
			timeline.happened(happening, when.monotonicMs);
			record.happened(happening, when);
		},
		end(bytes, kept, final) {
			const whole = ended && kept === segments;
			const body: CustodyBody = whole
				? { type: "final", ...times(), segments: kept, bytes, ...final }
				: {
						type: "recovery",
						...times(),
						segments: kept,
						bytes,
						cutBytes: fileBytes - bytes,
						cutRecordBytes: recordBytes - (kept === 0 ? 0 : (recordEnds[kept % HISTORY] as number)),
						lostMs: Math.max(0, clock.monotonicMs() - (record.lastMs(kept) ?? sinceMs)),
						reason: final.reason,
					};
			try {
				return { ...record.end(kept, body, MAX_CLOSING_RECORD_BYTES), whole };
			} finally {
				wipe();
			}
		},
	};
}
