import { concatenate } from "@bodycam/protocol/cose/head";
import type { CustodyBody, CustodyEntryOf } from "@bodycam/protocol/custody/entry";
import type { CustodyHappening } from "@bodycam/protocol/custody/happenings";
import { HASH_BYTES } from "@bodycam/protocol/custody/terms";
import { CustodyWriter } from "@bodycam/protocol/custody/writer";
import { keyIdentifier, type TrustCrypto } from "@bodycam/protocol/trust/signed-document";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import type { CameraSigner } from "../trust/identity-keeper.ts";
import {
	CHECKPOINT_BYTES_MAX,
	type CheckpointFacts,
	COMPOSER_BYTES,
	createCheckpointComposer,
} from "./checkpoint-composer.ts";

/** Times of an item. */
export type ItemTimes = Pick<CustodyEntryOf<"event">, "monotonicMs" | "wallMs" | "wallUncertaintyMs">;

/** Happenings that wait for a checkpoint at most; the event log has them all. */
const WAITING_MAX = 64;

/** Most bytes of a signed happening. */
const HAPPENING_BYTES_MAX = 512;

/** Most bytes of the last item. */
const END_BYTES_MAX = 512;

/** Checkpoints that can be stepped back over: more than the store ever has under way. */
const HISTORY = 64;

/** Bytes of the items that go behind one segment. */
const RECORD_BYTES = 8 * 1024;

/** Offsets within the region. */
const COMPOSER = 0;
const HASH = COMPOSER + Math.ceil(COMPOSER_BYTES / 8) * 8;
const PAST = HASH + HASH_BYTES;
const RECORD = PAST + HISTORY * HASH_BYTES;

/** Bytes of media memory a signer needs. */
export const RECORD_SIGNER_BYTES = RECORD + RECORD_BYTES;

/** The end of a record that is closed with the recording. */
export interface RecordEnd {
	/** Its last items. */
	readonly record: Uint8Array;
	/** Hash behind the last one: the recording's final hash. */
	readonly hash: Uint8Array;
}

/**
 * Signs the custody record of one recording after the other: what happened goes in front of the next checkpoint, and
 * there is one checkpoint for each segment. Allocates nothing per segment unless something happened.
 */
export interface RecordSigner {
	/** Begins a record with its header. @returns the header's item, and the hash behind it */
	begin(header: CustodyBody, before: Uint8Array, signer: CameraSigner): RecordEnd;
	/** Adds what happened. @returns false when too much waits already: then it is in the event log only */
	happened(happening: CustodyHappening, times: ItemTimes): boolean;
	/**
	 * Composes what goes behind the next segment, `item` and hash put in: all that waits, and its checkpoint without
	 * digest and signature. It is composed anew when it is asked for again.
	 * @returns its bytes, which lie at `at` after `finish`
	 */
	compose(facts: CheckpointFacts): number;
	/** Puts the segment's digest in and signs. The segment counts as written. */
	finish(digestAt: number): void;
	/** Where the items of a segment lie. */
	readonly at: number;
	/** Time of the last picture or sound that the first `segments` checkpoints vouch for, ms; undefined without any. */
	lastMs(segments: number): number | undefined;
	/**
	 * Ends the record behind so many segments: those after them are lost. What happened since is signed as far as there
	 * is room for it.
	 * @param body - the last item
	 * @param room - most bytes of all items
	 */
	end(segments: number, body: CustodyBody, room: number): RecordEnd;
}

/** Creates a signer. @param region - `RECORD_SIGNER_BYTES`, 8-aligned @throws RangeError when it is too small */
export function createRecordSigner(
	memory: MediaMemory,
	region: MediaRegion,
	crypto: Pick<TrustCrypto, "sha256">,
): RecordSigner {
	if (region.bytes < RECORD_SIGNER_BYTES)
		throw new RangeError("the region for a custody record is too small");
	const at = region.at + RECORD;
	const hashAt = region.at + HASH;
	const pastAt = region.at + PAST;
	const composer = createCheckpointComposer(memory, { at: region.at + COMPOSER, bytes: COMPOSER_BYTES });
	const recordView = new Uint8Array(memory.memory, at, RECORD_BYTES);
	const hashView = new Uint8Array(memory.memory, hashAt, HASH_BYTES);
	const items = new Float64Array(HISTORY);
	const times = new Float64Array(HISTORY);
	let waiting: CustodyBody[] = [];
	let signer: CameraSigner | undefined;
	let first: RecordEnd | undefined;
	let item = 0;
	let segments = 0;
	let signed = 0; // bytes of items that wait in the record buffer
	let lastMs = 0;
	let signMemory: (at: number, length: number, to: number) => void = () => undefined;

	function append(body: CustodyBody): Uint8Array {
		if (signer === undefined) throw new Error("no custody record has been begun");
		const writer = new CustodyWriter({ item, before: hashView.slice() }, signer, crypto);
		const bytes = writer.append(body);
		hashView.set(writer.place.before);
		item++;
		return bytes;
	}

	/** Signs what waits, as far as it fits behind the next segment. */
	function signWaiting(): void {
		const room = RECORD_BYTES - CHECKPOINT_BYTES_MAX - HAPPENING_BYTES_MAX;
		let done = 0;
		while (done < waiting.length && signed <= room) {
			const bytes = append(waiting[done] as CustodyBody);
			recordView.set(bytes, signed);
			signed += bytes.length;
			done++;
		}
		waiting = waiting.slice(done);
	}

	function stepBack(to: number): Uint8Array[] {
		signed = 0;
		segments = to;
		if (to > 0) {
			item = items[to % HISTORY] as number;
			memory.copy(hashAt, pastAt + (to % HISTORY) * HASH_BYTES, HASH_BYTES);
			return [];
		}
		if (first === undefined) throw new Error("no custody record has been begun");
		item = 1;
		hashView.set(first.hash);
		return [first.record];
	}

	return {
		at,
		begin(header, before, newSigner) {
			signer = newSigner;
			signMemory = newSigner.signMemory;
			waiting = [];
			item = segments = signed = 0;
			composer.begin(keyIdentifier(newSigner.publicKey, crypto));
			hashView.set(before);
			const record = append(header);
			recordView.set(record);
			signed = record.length;
			first = { record, hash: hashView.slice() };
			return first;
		},
		happened(happening, when) {
			if (signer === undefined || waiting.length >= WAITING_MAX) return false;
			waiting.push({ type: "event", ...when, happening });
			return true;
		},
		compose(facts) {
			if (waiting.length > 0) signWaiting();
			facts.item = item;
			facts.segment = segments + 1;
			lastMs = facts.lastMs;
			return signed + composer.compose(facts, hashAt);
		},
		finish(digestAt) {
			composer.finish(digestAt, at + signed, hashAt, signMemory);
			item++;
			segments++;
			signed = 0;
			const slot = segments % HISTORY;
			items[slot] = item;
			times[slot] = lastMs;
			memory.copy(pastAt + slot * HASH_BYTES, hashAt, HASH_BYTES);
		},
		lastMs: (count) => (count > 0 ? times[count % HISTORY] : undefined),
		end(kept, body, room) {
			const parts: Uint8Array[] = [];
			let left = room - END_BYTES_MAX;
			const add = (bytes: Uint8Array) => {
				parts.push(bytes);
				left -= bytes.length;
			};
			if (kept < segments || signed > left) {
				if (kept < segments) waiting = [];
				for (const bytes of stepBack(kept)) add(bytes);
			} else if (signed > 0) add(recordView.slice(0, signed));
			for (const happening of waiting) if (left >= HAPPENING_BYTES_MAX) add(append(happening));
			parts.push(append(body));
			const end = { record: concatenate(...parts), hash: hashView.slice() };
			waiting = [];
			signer = first = undefined;
			signMemory = () => undefined;
			item = segments = signed = 0;
			return end;
		},
	};
}
