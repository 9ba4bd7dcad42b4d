/** The characters of Bech32 by value (BIP 173). */
const ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/** Characters of the checksum. */
const CHECKSUM_LENGTH = 6;

/** The checksum's generator (BIP 173). */
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;

/** Longest text that is looked at; the keys of age have 62 and 74 characters. */
export const BECH32_TEXT_MAX = 128;

/** Writes bytes as Bech32 (BIP 173) in lower case. @param prefix - what stands before the separator, lower case */
export function encodeBech32(prefix: string, bytes: Uint8Array): string {
	const values = regroup(bytes, 8, 5, true) ?? [];
	const checksum = polymod([...expand(prefix), ...values, 0, 0, 0, 0, 0, 0]) ^ 1;
	for (let index = 0; index < CHECKSUM_LENGTH; index++)
		values.push((checksum >>> (5 * (CHECKSUM_LENGTH - 1 - index))) & 31);
	return `${prefix}1${values.map((value) => ALPHABET.charAt(value)).join("")}`;
}

/**
 * Reads Bech32 (BIP 173, but for its limit of 90 characters), all in one case. Undefined when the prefix is another, a
 * character is none, or the checksum is wrong, as it is for every text with up to four typing errors.
 */
export function decodeBech32(prefix: string, text: string): Uint8Array | undefined {
	if (text.length > BECH32_TEXT_MAX) return undefined;
	const lower = text.toLowerCase();
	if (text !== lower && text !== text.toUpperCase()) return undefined;
	const separator = lower.lastIndexOf("1");
	if (separator < 1 || lower.slice(0, separator) !== prefix) return undefined;
	const values: number[] = [];
	for (const character of lower.slice(separator + 1)) {
		const value = ALPHABET.indexOf(character);
		if (value < 0) return undefined;
		values.push(value);
	}
	if (values.length < CHECKSUM_LENGTH || polymod([...expand(prefix), ...values]) !== 1) return undefined;
	const bytes = regroup(values.slice(0, -CHECKSUM_LENGTH), 5, 8, false);
	return bytes === undefined ? undefined : Uint8Array.from(bytes);
}

function expand(prefix: string): number[] {
	const codes = Array.from(prefix, (character) => character.charCodeAt(0));
	return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function polymod(values: readonly number[]): number {
	let checksum = 1;
	for (const value of values) {
		const top = checksum >>> 25;
		checksum = ((checksum & 0x1ff_ffff) << 5) ^ value;
		GENERATOR.forEach((generator, bit) => {
			if (((top >>> bit) & 1) === 1) checksum ^= generator;
		});
	}
	return checksum;
}

/** Regroups bits; undefined where what is left over is more than padding with zeros. */
function regroup(values: Iterable<number>, from: number, to: number, pad: boolean): number[] | undefined {
	const result: number[] = [];
	let group = 0;
	let bits = 0;
	for (const value of values) {
		group = (group << from) | value;
		bits += from;
		while (bits >= to) {
			bits -= to;
			result.push(group >> bits);
			group &= (1 << bits) - 1;
		}
	}
	if (pad) {
		if (bits > 0) result.push(group << (to - bits));
		return result;
	}
	return bits < from && group === 0 ? result : undefined;
}
