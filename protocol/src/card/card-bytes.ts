/** Bytes under the layout's functions: a view, and the CRC-32 (IEEE 802.3) of a part of it. */
export interface CardBytes {
	/** The bytes. */
	readonly view: DataView;
	/** CRC-32 of `length` bytes at `at`; `seed` continues one. */
	crc32(at: number, length: number, seed?: number): number;
}

const TABLE = new Int32Array(256);
for (let n = 0; n < 256; n++) {
	let value = n;
	for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb8_8320 : value >>> 1;
	TABLE[n] = value;
}

/** CRC-32 (IEEE 802.3) of bytes; `seed` is the value so far. */
export function crc32(bytes: Uint8Array, seed = 0): number {
	let crc = ~seed;
	for (let i = 0; i < bytes.length; i++)
		crc = (TABLE[(crc ^ (bytes[i] as number)) & 0xff] as number) ^ (crc >>> 8);
	return ~crc >>> 0;
}

/** Puts plain bytes under the layout's functions. */
export function cardBytes(bytes: Uint8Array): CardBytes {
	return {
		view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
		crc32: (at, length, seed) => crc32(bytes.subarray(at, at + length), seed),
	};
}

/** Reads an unsigned 64-bit little-endian number; exact up to 2^53. */
export function getUint64(view: DataView, at: number): number {
	return view.getUint32(at, true) + view.getUint32(at + 4, true) * 0x1_0000_0000;
}

/** Writes an unsigned 64-bit little-endian number. */
export function setUint64(view: DataView, at: number, value: number): void {
	view.setUint32(at, value % 0x1_0000_0000, true);
	view.setUint32(at + 4, Math.floor(value / 0x1_0000_0000), true);
}
