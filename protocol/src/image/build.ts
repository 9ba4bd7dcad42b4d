import { concatenate } from "../cose/head.ts";
import type { Signer, TrustCrypto } from "../trust/signed-document.ts";
import { IMAGE_HEADER_BYTES, writeImageHeader } from "./header.ts";
import { encodeTlvArea, type Tlv, TlvMagic, TlvType, tlvAreaBytes } from "./tlv.ts";
import type { ImageVersion } from "./version.ts";

/** SubjectPublicKeyInfo of an Ed25519 public key up to its 32 bytes (RFC 8410 section 4). */
const PUBLIC_PREFIX = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);

/** What an image is made of. */
export interface ImageContent {
	/** The firmware's bytecode. */
	readonly body: Uint8Array;
	readonly version: ImageVersion;
	/** Bytes of the header, padding included; `IMAGE_HEADER_BYTES` without it. */
	readonly headerBytes?: number;
	/** Entries that are signed with the body; none: no protected area. */
	readonly protectedTlvs: readonly Tlv[];
}

/** What proves who signed an image. */
export interface ImageSignature {
	/** Ed25519 public key, 32 bytes. */
	readonly publicKey: Uint8Array;
	/** Signature of the image's hash, 64 bytes. */
	readonly signature: Uint8Array;
}

/**
 * Lays out what is hashed and signed: header, body, protected area.
 * @throws {RangeError} when a length does not fit its field
 */
export function layOutImage(content: ImageContent): Uint8Array {
	const { body, version, headerBytes = IMAGE_HEADER_BYTES, protectedTlvs } = content;
	if (headerBytes < IMAGE_HEADER_BYTES || headerBytes > 0xffff)
		throw new RangeError(`a header has ${IMAGE_HEADER_BYTES} to 65535 bytes, not ${headerBytes}`);
	if (body.length === 0) throw new RangeError("an image needs a body");
	const area =
		protectedTlvs.length === 0 ? new Uint8Array() : encodeTlvArea(TlvMagic.protected, protectedTlvs);
	const signedPart = new Uint8Array(headerBytes + body.length + area.length);
	writeImageHeader(signedPart, {
		headerBytes,
		protectedBytes: protectedTlvs.length === 0 ? 0 : tlvAreaBytes(protectedTlvs),
		bodyBytes: body.length,
		version,
	});
	// imgtool pads with what erased flash reads as.
	signedPart.fill(0xff, IMAGE_HEADER_BYTES, headerBytes);
	signedPart.set(body, headerBytes);
	signedPart.set(area, headerBytes + body.length);
	return signedPart;
}

/** Hash of an Ed25519 public key as an image names it: SHA-256 of its SubjectPublicKeyInfo. */
export function imageKeyHash(publicKey: Uint8Array, crypto: Pick<TrustCrypto, "sha256">): Uint8Array {
	return crypto.sha256(concatenate(PUBLIC_PREFIX, publicKey));
}

/**
 * Completes an image by its hash and, where there is one, its signature. Without one it is not signed: no boot stage
 * takes it, `bodycam firmware sign` signs it.
 * @param signedPart - of `layOutImage`, or of another image
 */
export function sealImage(
	signedPart: Uint8Array,
	signature: ImageSignature | undefined,
	crypto: Pick<TrustCrypto, "sha256">,
): Uint8Array {
	const tlvs: Tlv[] = [{ type: TlvType.sha256, data: crypto.sha256(signedPart) }];
	if (signature !== undefined)
		tlvs.push(
			{ type: TlvType.keyHash, data: imageKeyHash(signature.publicKey, crypto) },
			{ type: TlvType.ed25519, data: signature.signature },
		);
	return concatenate(signedPart, encodeTlvArea(TlvMagic.unprotected, tlvs));
}

/** Signs what `layOutImage` laid out: the Ed25519 signature is that of its 32-byte SHA-256. */
export function signImage(
	signedPart: Uint8Array,
	{ publicKey, sign }: Signer,
	crypto: Pick<TrustCrypto, "sha256">,
): Uint8Array {
	return sealImage(signedPart, { publicKey, signature: sign(crypto.sha256(signedPart)) }, crypto);
}
