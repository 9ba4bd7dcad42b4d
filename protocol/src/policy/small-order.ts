/** Bytes of a compressed point of Curve25519, in either of its forms. */
const POINT_BYTES = 32;

/** p − 1, p and p + 1 for p = 2^255 − 19: of small order in both forms, the last two written otherwise than they should be. */
const AROUND_P = [0xec, 0xed, 0xee].map((first) => `${hex(first)}${"ff".repeat(30)}7f`);

/** u-coordinates of small order (https://cr.yp.to/ecdh.html, "validate"), little-endian, the top bit cleared. */
const X25519_POINTS = [
	"00".repeat(POINT_BYTES),
	`01${"00".repeat(POINT_BYTES - 1)}`,
	"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
	"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
	...AROUND_P,
];

/** Points of small order as Ed25519 writes them (RFC 8032 section 5.1.2), the sign cleared. */
const ED25519_POINTS = [
	"00".repeat(POINT_BYTES),
	`01${"00".repeat(POINT_BYTES - 1)}`,
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	...AROUND_P,
];

/** Whether everybody knows the secret that is shared with this X25519 public key (RFC 7748 section 6.1). */
export function isSmallOrderX25519(key: Uint8Array): boolean {
	return X25519_POINTS.includes(withoutTopBit(key));
}

/** Whether anybody can make signatures that some verifiers take for those of this Ed25519 public key. */
export function isSmallOrderEd25519(key: Uint8Array): boolean {
	return ED25519_POINTS.includes(withoutTopBit(key));
}

function withoutTopBit(key: Uint8Array): string {
	let text = "";
	for (let at = 0; at < key.length; at++) {
		const byte = key[at] ?? 0;
		text += hex(at === POINT_BYTES - 1 ? byte & 0x7f : byte);
	}
	return text;
}

function hex(byte: number): string {
	return byte.toString(16).padStart(2, "0");
}
