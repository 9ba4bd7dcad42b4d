import { Major } from "@bodycam/protocol/cose/head";
import { KID_BYTES, SIGNATURE_BYTES } from "@bodycam/protocol/cose/sign1";
import { CUSTODY_STATES, CUSTODY_TYPE, HASH_BYTES } from "@bodycam/protocol/custody/terms";
import { type MediaMemory, type MediaRegion, SHA256_CONTEXT_BYTES } from "../hal/media-memory.ts";

/** What a checkpoint says; its owner changes the members from one checkpoint to the next. Times in ms. */
export interface CheckpointFacts {
	item: number;
	monotonicMs: number;
	/** -1 while the clock is unset. */
	wallMs: number;
	wallUncertaintyMs: number;
	segment: number;
	offset: number;
	bytes: number;
	firstMs: number;
	lastMs: number;
	/** Index in `CUSTODY_STATES`. */
	state: number;
	preRecord: boolean;
	sound: boolean;
}

/** Most bytes of a payload: it has at most 293, were every number of nine bytes. */
const PAYLOAD_MAX = 320;

/** Most bytes of a checkpoint as an item of the record: tag, protected and unprotected header, payload, signature. */
export const CHECKPOINT_BYTES_MAX = 2 + 64 + 1 + 3 + PAYLOAD_MAX + 2 + SIGNATURE_BYTES;

const SIGN1 = [0xd2, 0x84];
/** "Signature1" as the first of four items (RFC 9052 section 4.4). */
const SIGNATURE1 = [0x84, 0x6a, ...ascii("Signature1")];

/** Texts of a payload in the order in which they stand, each as CBOR. */
const TEXTS = [
	"item",
	"before",
	"monotonicMs",
	"wallMs",
	"wallUncertaintyMs",
	"type",
	"checkpoint",
	"segment",
	"offset",
	"bytes",
	"sha256",
	"firstMs",
	"lastMs",
	"state",
	"preRecord",
	"sound",
	...CUSTODY_STATES,
] as const;

type Text = (typeof TEXTS)[number];

const FIRST_STATE = TEXTS.length - CUSTODY_STATES.length;

/** Offsets within the region. */
const CONTEXT = 0;
const FRONT = CONTEXT + SHA256_CONTEXT_BYTES;
const FRONT_BYTES = 80;
const PAYLOAD = FRONT + FRONT_BYTES;
const PROTECTED = PAYLOAD + PAYLOAD_MAX;
const PROTECTED_MAX = 64;
const LITERALS = PROTECTED + PROTECTED_MAX;
const LITERAL_MAX = 24;

/** Bytes of media memory a composer needs. */
export const COMPOSER_BYTES = LITERALS + TEXTS.length * LITERAL_MAX;

/**
 * Composes a checkpoint of a custody record in media memory, so that nothing is allocated for it while recording. Its
 * length is known before the segment it vouches for is; the digest and the signature are put in afterwards.
 */
export interface CheckpointComposer {
	/** Takes the kid of the key that signs. The region was overwritten since the last recording. */
	begin(kid: Uint8Array): void;
	/** Composes a checkpoint but for digest and signature. @param beforeAt - hash before it @returns bytes of the item */
	compose(facts: CheckpointFacts, beforeAt: number): number;
	/**
	 * Puts the digest in, signs, and writes the item.
	 * @param digestAt - digest of the segment
	 * @param to - where the item goes
	 * @param hashTo - where the hash behind it goes
	 * @param sign - writes the signature of media memory to media memory
	 */
	finish(
		digestAt: number,
		to: number,
		hashTo: number,
		sign: (at: number, length: number, to: number) => void,
	): void;
}

/** Creates a composer. @param region - `COMPOSER_BYTES`, 8-aligned @throws RangeError when it is too small */
export function createCheckpointComposer(memory: MediaMemory, region: MediaRegion): CheckpointComposer {
	if (region.bytes < COMPOSER_BYTES) throw new RangeError("the region for checkpoints is too small");
	const base = region.at;
	const bytes = new Uint8Array(memory.memory, base, COMPOSER_BYTES);
	const lengths = new Uint8Array(TEXTS.length);
	let out = 0;
	let payloadBytes = 0;
	let protectedBytes = 0;
	let hole = 0;

	/** The shortest head of an item (RFC 8949 section 4.2.1). */
	function head(major: number, argument: number): void {
		const initial = major * 32;
		if (argument < 24) bytes[out++] = initial + argument;
		else if (argument < 0x100) {
			bytes[out++] = initial + 24;
			bytes[out++] = argument;
		} else if (argument < 0x1_0000) {
			bytes[out++] = initial + 25;
			bytes[out++] = argument >> 8;
			bytes[out++] = argument & 0xff;
		} else if (argument < 0x1_0000_0000) {
			bytes[out++] = initial + 26;
			memory.store32be(base + out, argument);
			out += 4;
		} else {
			const high = Math.floor(argument / 0x1_0000_0000);
			bytes[out++] = initial + 27;
			memory.store32be(base + out, high, argument - high * 0x1_0000_0000);
			out += 8;
		}
	}

	function literal(index: number): void {
		const length = lengths[index] as number;
		memory.copy(base + out, base + LITERALS + index * LITERAL_MAX, length);
		out += length;
	}

	function number(key: number, value: number): void {
		literal(key);
		if (value < 0) head(Major.negative, -1 - value);
		else head(Major.unsigned, value);
	}

	function hash(key: number): number {
		literal(key);
		head(Major.bytes, HASH_BYTES);
		const at = out;
		out += HASH_BYTES;
		return at;
	}

	function flag(key: number, value: boolean): void {
		literal(key);
		bytes[out++] = value ? 0xf5 : 0xf4;
	}

	/** Bytes of the head of the payload as a byte string. */
	const headBytes = () => (payloadBytes < 24 ? 1 : payloadBytes < 0x100 ? 2 : 3);

	const KEY = Object.fromEntries(TEXTS.map((text, index) => [text, index])) as Record<Text, number>;
	const {
		item,
		before,
		monotonicMs,
		wallMs,
		wallUncertaintyMs,
		type,
		checkpoint,
		segment,
		offset,
		bytes: bytesKey,
		sha256,
		firstMs,
		lastMs,
		state,
		preRecord,
		sound,
	} = KEY;

	return {
		begin(kid) {
			if (kid.length !== KID_BYTES) throw new RangeError(`a key identifier has ${KID_BYTES} bytes`);
			TEXTS.forEach((text, index) => {
				const literal = [Major.text * 32 + text.length, ...ascii(text)];
				bytes.set(literal, LITERALS + index * LITERAL_MAX);
				lengths[index] = literal.length;
			});
			const kind = ascii(CUSTODY_TYPE);
			const header = [0xa3, 0x01, 0x27, 0x03, 0x78, kind.length, ...kind, 0x04, 0x40 + kid.length, ...kid];
			const wrapped = [0x58, header.length, ...header];
			bytes.set(wrapped, PROTECTED);
			protectedBytes = wrapped.length;
		},
		compose(facts, beforeAt) {
			out = PAYLOAD;
			const clock = facts.wallMs >= 0;
			head(Major.map, clock ? 15 : 13);
			literal(type);
			literal(checkpoint);
			number(item, facts.item);
			memory.copy(base + hash(before), beforeAt, HASH_BYTES);
			number(monotonicMs, facts.monotonicMs);
			if (clock) {
				number(wallMs, facts.wallMs);
				number(wallUncertaintyMs, facts.wallUncertaintyMs);
			}
			number(segment, facts.segment);
			number(offset, facts.offset);
			number(bytesKey, facts.bytes);
			hole = hash(sha256);
			number(firstMs, facts.firstMs);
			number(lastMs, facts.lastMs);
			literal(state);
			literal(FIRST_STATE + facts.state);
			flag(preRecord, facts.preRecord);
			flag(sound, facts.sound);
			payloadBytes = out - PAYLOAD;
			return SIGN1.length + protectedBytes + 1 + headBytes() + payloadBytes + 2 + SIGNATURE_BYTES;
		},
		finish(digestAt, to, hashTo, sign) {
			memory.copy(base + hole, digestAt, HASH_BYTES);
			memory.sha256Begin(base + CONTEXT);
			memory.sha256Update(base + CONTEXT, base + PAYLOAD, payloadBytes);
			memory.sha256End(base + CONTEXT, hashTo);
			// The head of the payload and what is signed before it end where the payload begins.
			const length = headBytes();
			out = PAYLOAD - length;
			head(Major.bytes, payloadBytes);
			const front = SIGNATURE1.length + protectedBytes + 1;
			let at = PAYLOAD - length - front;
			for (let i = 0; i < SIGNATURE1.length; i++) bytes[at + i] = SIGNATURE1[i] as number;
			at += SIGNATURE1.length;
			memory.copy(base + at, base + PROTECTED, protectedBytes);
			bytes[at + protectedBytes] = 0x40;
			let end = to;
			memory.store32be(end, ((SIGN1[0] as number) * 256 + (SIGN1[1] as number)) * 0x1_0000);
			end += SIGN1.length;
			memory.copy(end, base + PROTECTED, protectedBytes);
			end += protectedBytes;
			memory.store32be(end, 0xa000_0000);
			end += 1;
			memory.copy(end, base + PAYLOAD - length, length + payloadBytes);
			end += length + payloadBytes;
			memory.store32be(end, 0x5840_0000);
			end += 2;
			sign(base + PAYLOAD - length - front, front + length + payloadBytes, end);
		},
	};
}

function ascii(text: string): number[] {
	return Array.from(text, (character) => character.charCodeAt(0));
}
