import { SIGNATURE_BYTES } from "../cose/sign1.ts";
import { cutShort, type ImageHeader, readImageHeader } from "./header.ts";
import { ImageError } from "./image-error.ts";
import { decodeTlvArea, findTlv, type Tlv, TlvType, tlvName } from "./tlv.ts";

/** Bytes of a SHA-256. */
const HASH_BYTES = 32;

/** An image taken apart; nothing in it has been verified. Byte strings are views of the image. */
export interface ParsedImage {
	readonly header: ImageHeader;
	readonly body: Uint8Array;
	/** What the hash covers: header with padding, body, protected area. */
	readonly signedPart: Uint8Array;
	readonly protectedTlvs: readonly Tlv[];
	/** The hash as the image gives it. */
	readonly hash: Uint8Array;
	/** Hash of the signer's key; undefined in an image that is not signed. */
	readonly keyHash: Uint8Array | undefined;
	/** Signature of the hash; undefined in an image that is not signed. */
	readonly signature: Uint8Array | undefined;
	/** Bytes of the whole image; what follows them is not part of it. */
	readonly imageBytes: number;
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
	const signedEnd = bodyEnd + header.protectedBytes;
	const protectedTlvs = parseProtected(bytes, bodyEnd, header.protectedBytes);
	const unprotected = decodeTlvArea(bytes, signedEnd, "unprotected");
	for (const { type } of unprotected.tlvs)
		if (!UNSIGNED.includes(type))
			throw new ImageError(
				"bad-tlv",
				`the entry ${tlvName(type)} must not lie outside the protected TLV area`,
			);
	const hash = findTlv(unprotected.tlvs, TlvType.sha256, HASH_BYTES);
	if (hash === undefined) throw new ImageError("bad-tlv", `the entry ${tlvName(TlvType.sha256)} is missing`);
	return {
		header,
		body: bytes.subarray(header.headerBytes, bodyEnd),
		signedPart: bytes.subarray(0, signedEnd),
		protectedTlvs,
		hash,
		keyHash: findTlv(unprotected.tlvs, TlvType.keyHash, HASH_BYTES),
		signature: findTlv(unprotected.tlvs, TlvType.ed25519, SIGNATURE_BYTES),
		imageBytes: signedEnd + unprotected.bytes,
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
