import { Decoder, Encoder } from "cbor-x/index-no-eval";
import { CborError, measureItem } from "./structure.ts";

/**
 * CBOR (RFC 8949) through cbor-x, in the build that never evaluates code: maps are plain objects with text keys,
 * lengths definite, byte strings `Uint8Array`, integers numbers up to 2^53 − 1; no tags, no record extensions.
 * Text longer than 64 bytes loses a leading byte order mark, as `TextDecoder` does.
 */
interface CborEncoder {
	/** The second argument is a bit set of modes. */
	encode(value: unknown, mode: number): Uint8Array;
}

/** cbor-x's mode bit RESET_BUFFER_MODE: its buffer is free again after the call, as the result is copied at once. */
const RESET_BUFFER = 1024;

// The options exist in cbor-x 1.6.9, but not all of them in its type declarations.
const encoder: CborEncoder = new Encoder({
	useRecords: false,
	variableMapSize: true,
	tagUint8Array: false,
} as object);

interface CborDecoder {
	decode(bytes: Uint8Array): unknown;
}

function createDecoder(mapsAsObjects: boolean): CborDecoder {
	return new Decoder({ useRecords: false, mapsAsObjects, int64AsNumber: true, copyBuffers: true } as object);
}

const decoder = createDecoder(true);

/** For what a peer sends: an engine may keep every property name for ever, so foreign keys must not become any. */
const foreignDecoder = createDecoder(false);

/**
 * Encodes plain objects, arrays, text, `Uint8Array`, numbers, booleans and null. Members that are undefined are left
 * out. Keys keep their order.
 * @param reserve - bytes left free (zero) in front, for a header
 */
export function encodeCbor(value: unknown, reserve = 0): Uint8Array {
	const encoded = encoder.encode(prepare(value), RESET_BUFFER);
	const result = new Uint8Array(reserve + encoded.length);
	result.set(encoded, reserve);
	return result;
}

/**
 * Decodes exactly one item. Byte strings are copies.
 * @throws {CborError} when it is malformed, out of bounds, or bytes are left over
 */
export function decodeCbor(bytes: Uint8Array): unknown {
	if (measureItem(bytes) !== bytes.length) throw new CborError("CBOR is followed by further bytes");
	return decodeMeasured(decoder, bytes);
}

/**
 * Decodes the map at the start of `bytes`; what follows it is ignored, as Zephyr does with a request. Maps in it are
 * `Map` objects, so that the keys a peer chooses do not fill the engine's table of property names; `parse` reads them.
 * @throws {CborError} when it is malformed, out of bounds or no map
 */
export function decodeLeadingMap(bytes: Uint8Array): ReadonlyMap<string, unknown> {
	const length = measureItem(bytes);
	if ((bytes[0] ?? 0) >> 5 !== 5) throw new CborError("CBOR is not a map");
	return decodeMeasured(foreignDecoder, bytes.subarray(0, length)) as ReadonlyMap<string, unknown>;
}

function decodeMeasured(decoder: CborDecoder, bytes: Uint8Array): unknown {
	try {
		// A view of its own: cbor-x leaves a property on it, and slices of a Node Buffer would be Buffers.
		return decoder.decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
	} catch (error) {
		throw new CborError(`CBOR could not be decoded: ${error instanceof Error ? error.message : error}`);
	}
}

/** Leaves out undefined members and makes integers beyond 32 bits such (cbor-x writes large numbers as floats). */
function prepare(value: unknown): unknown {
	if (typeof value === "number")
		return Number.isSafeInteger(value) && (value > 0xffff_ffff || value < -0x1_0000_0000)
			? BigInt(value)
			: value;
	if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
	if (Array.isArray(value)) return value.map(prepare);
	const result: Record<string, unknown> = {};
	const members = value as Record<string, unknown>;
	for (const key in members) if (members[key] !== undefined) result[key] = prepare(members[key]);
	return result;
}
