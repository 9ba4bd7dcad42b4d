/** Bytes of a box being put together; for what is made once a recording, not for frames. */
export type BoxContent = Uint8Array | readonly number[];

/** Four characters as a word, big-endian. */
export function fourCharacters(type: string): number {
	let word = 0;
	for (let i = 0; i < 4; i++) word = word * 256 + type.charCodeAt(i);
	return word;
}

/** A 16-bit number, big-endian. */
export function u16(value: number): number[] {
	return [(value >>> 8) & 0xff, value & 0xff];
}

/** A 32-bit number, big-endian. */
export function u32(value: number): number[] {
	return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

/** A 64-bit number, big-endian; exact up to 2^53. */
export function u64(value: number): number[] {
	return [...u32(Math.floor(value / 0x1_0000_0000)), ...u32(value % 0x1_0000_0000)];
}

/** Characters, one byte each. */
export function characters(text: string): number[] {
	return Array.from(text, (character) => character.charCodeAt(0));
}

/** A box (ISO/IEC 14496-12, 4.2). */
export function box(type: string, ...contents: readonly BoxContent[]): Uint8Array {
	let size = 8;
	for (const content of contents) size += content.length;
	const bytes = new Uint8Array(size);
	bytes.set(u32(size), 0);
	bytes.set(characters(type), 4);
	let at = 8;
	for (const content of contents) {
		bytes.set(content, at);
		at += content.length;
	}
	return bytes;
}

/** A full box: with version and flags. */
export function fullBox(
	type: string,
	version: number,
	flags: number,
	...contents: readonly BoxContent[]
): Uint8Array {
	return box(type, u32(version * 0x100_0000 + flags), ...contents);
}
