/** CRC-16/XMODEM: polynomial 0x1021, initial value 0, not reflected. */
const POLYNOMIAL = 0x1021;

const TABLE = new Uint16Array(256);
for (let index = 0; index < 256; index++) {
	let crc = index << 8;
	for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
	TABLE[index] = crc;
}

/** CRC-16/XMODEM of bytes; `seed` continues an earlier one. */
export function crc16(bytes: Uint8Array, seed = 0): number {
	let crc = seed;
	for (let at = 0; at < bytes.length; at++)
		crc = ((crc << 8) & 0xffff) ^ (TABLE[(crc >> 8) ^ (bytes[at] ?? 0)] ?? 0);
	return crc;
}
