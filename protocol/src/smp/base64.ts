/** The alphabet of base64 (RFC 4648 section 4). */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const ENCODE = new Uint8Array(64);
const DECODE = new Uint8Array(256).fill(0xff);
for (let value = 0; value < 64; value++) {
	const code = ALPHABET.charCodeAt(value);
	ENCODE[value] = code;
	DECODE[code] = value;
}

/** The byte `=`, which fills up the last group. */
export const PADDING = 0x3d;

/** The 6 bits a base64 character stands for, or 255 when it is none. */
export function base64Value(character: number): number {
	return DECODE[character] ?? 0xff;
}

/**
 * Writes bytes as base64 with padding.
 * @param to - where it starts in `target`
 * @returns the offset after it
 */
export function writeBase64(target: Uint8Array, to: number, source: Uint8Array): number {
	let out = to;
	for (let at = 0; at < source.length; at += 3) {
		const left = source.length - at;
		const group = ((source[at] ?? 0) << 16) | ((source[at + 1] ?? 0) << 8) | (source[at + 2] ?? 0);
		target[out] = ENCODE[group >> 18] ?? 0;
		target[out + 1] = ENCODE[(group >> 12) & 63] ?? 0;
		target[out + 2] = left > 1 ? (ENCODE[(group >> 6) & 63] ?? 0) : PADDING;
		target[out + 3] = left > 2 ? (ENCODE[group & 63] ?? 0) : PADDING;
		out += 4;
	}
	return out;
}
