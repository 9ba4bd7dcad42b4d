import { CoseError, concatenate, encodeBytes, encodeHead, ItemReader, Major } from "./head.ts";

/** Bytes of an Ed25519 public key (RFC 8032 section 5.1.5). */
export const PUBLIC_KEY_BYTES = 32;

/** Bytes of an Ed25519 signature (RFC 8032 section 5.1.6). */
export const SIGNATURE_BYTES = 64;

/** Bytes of a key identifier: the first bytes of the SHA-256 of the public key. */
export const KID_BYTES = 8;

/** CBOR tag of COSE_Sign1 (RFC 9052 section 2). */
const SIGN1_TAG = 18;

/** Labels of the protected header (RFC 9052 section 3.1). */
const Label = { algorithm: 1, contentType: 3, kid: 4 } as const;

/** EdDSA (RFC 9053 section 2.2), as the argument of a negative integer: −1 − 7 = −8. */
const EDDSA_ARGUMENT = 7;

/** The four items of a COSE_Sign1. */
const ITEMS = 4;

/** What a COSE_Sign1 says about its payload, and the payload. */
export interface Sign1Content {
	/** Media type of the payload, e.g. `application/bodycam-policy+cbor`. */
	readonly contentType: string;
	/** Identifies the signer's key: `KID_BYTES`. */
	readonly kid: Uint8Array;
	/** What was signed. */
	readonly payload: Uint8Array;
}

/** A decoded COSE_Sign1. Nothing about it is verified. */
export interface Sign1 extends Sign1Content {
	/** Ed25519 signature over `toBeSigned`. */
	readonly signature: Uint8Array;
	/** What the signature is over. */
	readonly toBeSigned: Uint8Array;
}

/** Signs a message with Ed25519: 64 bytes. */
export type Sign = (message: Uint8Array) => Uint8Array;

/** Whether an Ed25519 signature over a message is that of a public key. Never throws for bad input. */
export type Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

function protectedHeader({ contentType, kid }: Sign1Content): Uint8Array {
	if (kid.length !== KID_BYTES) throw new RangeError(`a key identifier has ${KID_BYTES} bytes`);
	const type = asciiBytes(contentType);
	return concatenate(
		encodeHead(Major.map, 3),
		encodeHead(Major.unsigned, Label.algorithm),
		encodeHead(Major.negative, EDDSA_ARGUMENT),
		encodeHead(Major.unsigned, Label.contentType),
		encodeHead(Major.text, type.length),
		type,
		encodeHead(Major.unsigned, Label.kid),
		encodeBytes(kid),
	);
}

/**
 * The bytes a COSE_Sign1's signature is over: the Sig_structure of RFC 9052 section 4.4, without external data.
 * @throws RangeError when the content type is not ASCII or `kid` has another length
 */
export function toBeSigned(content: Sign1Content): Uint8Array {
	return sigStructure(protectedHeader(content), content.payload);
}

/**
 * A tagged COSE_Sign1 (RFC 9052 section 4.2) with EdDSA and the protected header {1: -8, 3: content type, 4: kid};
 * its encoding is deterministic.
 * @throws RangeError when the content type is not ASCII, or `kid` or the signature has another length
 */
export function encodeSign1(content: Sign1Content, sign: Sign): Uint8Array {
	const header = protectedHeader(content);
	const signature = sign(sigStructure(header, content.payload));
	if (signature.length !== SIGNATURE_BYTES) throw new RangeError(`a signature has ${SIGNATURE_BYTES} bytes`);
	return concatenate(
		encodeHead(Major.tag, SIGN1_TAG),
		encodeHead(Major.array, ITEMS),
		encodeBytes(header),
		encodeHead(Major.map, 0),
		encodeBytes(content.payload),
		encodeBytes(signature),
	);
}

/**
 * Takes a COSE_Sign1 apart, tagged or not; its signature is not verified. Accepted is what `encodeSign1` makes, with
 * the members of the protected header in any order.
 * @throws {CoseError} when it is anything else, or bytes are left over
 */
export function decodeSign1(bytes: Uint8Array): Sign1 {
	const reader = new ItemReader(bytes);
	if (reader.nextMajor === Major.tag && reader.head(Major.tag, "tag") !== SIGN1_TAG)
		throw new CoseError("the COSE object is no COSE_Sign1");
	if (reader.head(Major.array, "array") !== ITEMS) throw new CoseError("a COSE_Sign1 has four items");
	const header = reader.byteString("protected header");
	if (reader.head(Major.map, "unprotected header") !== 0)
		throw new CoseError("the unprotected header of the COSE object is not empty");
	const payload = reader.byteString("payload");
	const signature = reader.byteString("signature");
	if (!reader.atEnd) throw new CoseError("the COSE object is followed by further bytes");
	if (signature.length !== SIGNATURE_BYTES)
		throw new CoseError(`the signature of the COSE object does not have ${SIGNATURE_BYTES} bytes`);
	return { ...decodeHeader(header), payload, signature, toBeSigned: sigStructure(header, payload) };
}

function decodeHeader(bytes: Uint8Array): Pick<Sign1, "contentType" | "kid"> {
	const reader = new ItemReader(bytes);
	let algorithm: number | undefined;
	let contentType: string | undefined;
	let kid: Uint8Array | undefined;
	for (let left = reader.head(Major.map, "protected header"); left > 0; left--) {
		const label = reader.head(Major.unsigned, "header label");
		if (label === Label.algorithm && algorithm === undefined)
			algorithm = reader.head(Major.negative, "algorithm");
		else if (label === Label.contentType && contentType === undefined)
			contentType = reader.text("content type");
		else if (label === Label.kid && kid === undefined) kid = reader.byteString("key identifier");
		else throw new CoseError(`the protected header of the COSE object has an unexpected label ${label}`);
	}
	if (!reader.atEnd) throw new CoseError("the protected header of the COSE object is followed by bytes");
	if (algorithm !== EDDSA_ARGUMENT) throw new CoseError("the algorithm of the COSE object is not EdDSA");
	if (contentType === undefined) throw new CoseError("the COSE object does not say its content type");
	if (kid?.length !== KID_BYTES) throw new CoseError("the COSE object does not name its signer's key");
	return { contentType, kid };
}

/** ["Signature1", protected, external_aad = h'', payload] */
function sigStructure(header: Uint8Array, payload: Uint8Array): Uint8Array {
	const context = asciiBytes("Signature1");
	return concatenate(
		encodeHead(Major.array, ITEMS),
		encodeHead(Major.text, context.length),
		context,
		encodeBytes(header),
		encodeBytes(new Uint8Array(0)),
		encodeBytes(payload),
	);
}

function asciiBytes(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length);
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code > 0x7f) throw new RangeError(`${text} is not ASCII`);
		bytes[index] = code;
	}
	return bytes;
}
