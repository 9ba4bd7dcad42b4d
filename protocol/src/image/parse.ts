import { SIGNATURE_BYTES } from "../cose/sign1.ts";
import { cutShort, type ImageHeader, readImageHeader } from "./header.ts";
import { ImageError } from "./image-error.ts";
import { decodeTlvArea, findTlv, type Tlv, TlvType, tlvName } from "./tlv.ts";

/** Bytes of a SHA-256. */
const HASH_BYTES = 32;

/** What an image says besides its body; nothing of it has been verified. Byte strings are views. */
export interface ImageOutline {
	readonly header: ImageHeader;
	readonly protectedTlvs: readonly Tlv[];
	/** Bytes that the hash covers, from the beginning: header with padding, body, protected area. */
	readonly signedBytes: number;
	/** The hash as the image gives it. */
	readonly hash: Uint8Array;
	/** Hash of the signer's key; undefined in an image that is not signed. */
	readonly keyHash: Uint8Array | undefined;
	/** Signature of the hash; undefined in an image that is not signed. */
	readonly signature: Uint8Array | undefined;
	/** Bytes of the whole image; what follows them is not part of it. */
	readonly imageBytes: number;
}

/** An image taken apart; nothing in it has been verified. Byte strings are views of the image. */
export interface ParsedImage extends ImageOutline {
	readonly body: Uint8Array;
	/** What the hash covers. */
	readonly signedPart: Uint8Array;
}

/** The entries that may lie outside what is signed: whatever else is there could have been added by anybody. */
const UNSIGNED: readonly number[] = [TlvType.keyHash, TlvType.sha256, TlvType.ed25519];

/**
 * Takes an image apart. Every length is checked before it is used.
 * @param bytes - begins with the image; more may follow, as in a flash slot
 * @throws {ImageError} truncated, wrong-magic, bad-header, bad-tlv
 */
export function parseImage(bytes: Uint8Array): ParsedImage {
	const header = readImageHeader(bytes);
	const bodyEnd = header.headerBytes + header.bodyBytes;
	if (bytes.length < bodyEnd) throw cutShort(bytes, bodyEnd, "body");
	const outline = outlineImage(header, bytes, bodyEnd);
	return {
		...outline,
		body: bytes.subarray(header.headerBytes, bodyEnd),
		signedPart: bytes.subarray(0, outline.signedBytes),
	};
}

/**
 * Reads what follows the body of an image whose header was read, for those who cannot hold the whole.
 * @param bytes - in which it lies; more may follow
 * @param at - where the body ends
 * @throws {ImageError} truncated, bad-tlv
 */
export function outlineImage(header: ImageHeader, bytes: Uint8Array, at = 0): ImageOutline {
	const protectedTlvs = parseProtected(bytes, at, header.protectedBytes);
	const unprotected = decodeTlvArea(bytes, at + header.protectedBytes, "unprotected");
	for (const { type } of unprotected.tlvs)
		if (!UNSIGNED.includes(type))
			throw new ImageError(
				"bad-tlv",
				`the entry ${tlvName(type)} must not lie outside the protected TLV area`,
			);
	const hash = findTlv(unprotected.tlvs, TlvType.sha256, HASH_BYTES);
	if (hash === undefined) throw new ImageError("bad-tlv", `the entry ${tlvName(TlvType.sha256)} is missing`);
	const signedBytes = header.headerBytes + header.bodyBytes + header.protectedBytes;
	return {
		header,
		protectedTlvs,
		signedBytes,
		hash,
		keyHash: findTlv(unprotected.tlvs, TlvType.keyHash, HASH_BYTES),
		signature: findTlv(unprotected.tlvs, TlvType.ed25519, SIGNATURE_BYTES),
		imageBytes: signedBytes + unprotected.bytes,
	};
}

function parseProtected(bytes: Uint8Array, at: number, length: number): readonly Tlv[] {
	if (length === 0) return [];
	const area = decodeTlvArea(bytes, at, "protected");
	if (area.bytes !== length)
		throw new ImageError(
			"bad-tlv",
			`the protected TLV area gives its length as ${area.bytes} bytes, the header as ${length}`,
		);
	return area.tlvs;
}
