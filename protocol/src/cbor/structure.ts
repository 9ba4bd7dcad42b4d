/** CBOR that is malformed, uses what this protocol does not, or exceeds its bounds. */
export class CborError extends Error {
	override readonly name = "CborError";
}

/** Deepest nesting of maps and arrays; messages of this protocol stay below 6. */
export const DEPTH_MAX = 12;

const TRUNCATED = "ends in the middle of an item";

/**
 * Length in bytes of the first CBOR item (RFC 8949) in `bytes`, after walking all of it. Nothing is allocated, so it
 * is safe to run over hostile input before a decoder builds anything. Accepted are definite and indefinite maps
 * with text keys and arrays, definite byte and text strings (valid UTF-8), integers up to 2^53 − 1, floats, and
 * false, true, null, undefined; tags are refused, as no message has any.
 * @throws {CborError} saying what is wrong and at which byte
 */
export function measureItem(bytes: Uint8Array): number {
	return skip(bytes, 0, 0);
}

function fail(what: string, at: number): never {
	throw new CborError(`CBOR ${what} (byte ${at})`);
}

function skip(bytes: Uint8Array, at: number, depth: number): number {
	const initial = bytes[at];
	if (initial === undefined) fail(TRUNCATED, at);
	const major = initial >> 5;
	const info = initial & 0x1f;
	if (major === 7) return skipSimple(bytes, at, info);
	if (info === 31) {
		if (major !== 4 && major !== 5) fail("has an item of indefinite length that is no map or array", at);
		return skipIndefinite(bytes, at, depth, major);
	}
	if (info > 27) fail("has a reserved length", at);
	const width = info < 24 ? 0 : 1 << (info - 24);
	const start = at + 1 + width;
	if (start > bytes.length) fail(TRUNCATED, at);
	const argument = info < 24 ? info : bigEndian(bytes, at + 1, width);
	switch (major) {
		case 0:
		case 1:
			if (argument > Number.MAX_SAFE_INTEGER) fail("has an integer beyond 2^53 - 1", at);
			return start;
		case 2:
		case 3:
			if (argument > bytes.length - start) fail(TRUNCATED, at);
			if (major === 3) requireUtf8(bytes, start, start + argument);
			return start + argument;
		case 4:
		case 5:
			return skipItems(bytes, start, depth + 1, major, argument);
		default:
			return fail("has a tag", at);
	}
}

function skipItems(bytes: Uint8Array, start: number, depth: number, major: number, count: number): number {
	if (depth > DEPTH_MAX) fail("is nested too deeply", start);
	// Every item takes at least one byte, an entry of a map two: a count beyond that is a lie.
	if (count * (major === 5 ? 2 : 1) > bytes.length - start) fail(TRUNCATED, start);
	let at = start;
	for (let index = 0; index < count; index++) {
		if (major === 5) at = skipKey(bytes, at);
		at = skip(bytes, at, depth);
	}
	return at;
}

function skipIndefinite(bytes: Uint8Array, start: number, depth: number, major: number): number {
	if (depth + 1 > DEPTH_MAX) fail("is nested too deeply", start);
	let at = start + 1;
	while (bytes[at] !== 0xff) {
		if (major === 5) at = skipKey(bytes, at);
		at = skip(bytes, at, depth + 1);
	}
	return at + 1;
}

function skipKey(bytes: Uint8Array, at: number): number {
	const initial = bytes[at];
	if (initial === undefined) fail(TRUNCATED, at);
	if (initial >> 5 !== 3) fail("has a map key that is no text", at);
	return skip(bytes, at, 0);
}

function skipSimple(bytes: Uint8Array, at: number, info: number): number {
	if (info >= 20 && info <= 23) return at + 1;
	if (info < 25 || info > 27) fail("has a simple value without a meaning here", at);
	const end = at + 1 + (1 << (info - 24));
	if (end > bytes.length) fail(TRUNCATED, at);
	return end;
}

function bigEndian(bytes: Uint8Array, at: number, width: number): number {
	let value = 0;
	for (let index = 0; index < width; index++) value = value * 256 + (bytes[at + index] ?? 0);
	return value;
}

/** RFC 3629: shortest form, no surrogates, at most U+10FFFF. */
function requireUtf8(bytes: Uint8Array, start: number, end: number): void {
	let at = start;
	while (at < end) {
		const first = bytes[at] as number;
		// Nearly all of it: keys, names, numbers of versions.
		if (first < 0x80) {
			at++;
			continue;
		}
		const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
		if (length === 0 || at + length > end) fail("has text that is not UTF-8", at);
		const second = bytes[at + 1] ?? 0;
		if (
			(first === 0xe0 && second < 0xa0) ||
			(first === 0xed && second > 0x9f) ||
			(first === 0xf0 && second < 0x90) ||
			(first === 0xf4 && second > 0x8f)
		)
			fail("has text that is not UTF-8", at);
		for (let index = 1; index < length; index++)
			if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) fail("has text that is not UTF-8", at);
		at += length;
	}
}
