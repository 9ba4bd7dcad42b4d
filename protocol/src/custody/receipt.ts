import { RECEIPT_BYTES_MAX } from "../camera/recordings.ts";
import { recordingNumber } from "../camera/terms.ts";
import { decodeCbor } from "../cbor/codec.ts";
import { CborError } from "../cbor/structure.ts";
import { CoseError } from "../cose/head.ts";
import { decodeSign1 } from "../cose/sign1.ts";
import { bytes, type Infer, integer, map, text, uint } from "../schema/schema.ts";
import { parse, SchemaError } from "../schema/validate.ts";
import { keyIdentifier, type Signer, sameBytes, type TrustCrypto } from "../trust/signed-document.ts";
import { openMap, signMap } from "../trust/signed-map.ts";
import { TrustError } from "../trust/trust-error.ts";
import { HASH_BYTES } from "./terms.ts";

/** Media type of a receipt. */
export const RECEIPT_TYPE = "application/bodycam-receipt+cbor";

/** The form of receipts that these sources know. */
export const RECEIPT_FORMAT = 1;

/** Schema of `Receipt`. */
export const receipt = map(
	{
		format: integer(RECEIPT_FORMAT, RECEIPT_FORMAT, { doc: "form of this document" }),
		device: text(64, { doc: "serial number of the camera" }),
		recording: recordingNumber,
		bytes: uint({ min: 1, doc: "bytes of the age file that the archive has read back" }),
		finalHash: bytes(HASH_BYTES, {
			min: HASH_BYTES,
			doc: "SHA-256 of the payload of the item that ends its custody record",
		}),
		readBackMs: uint({
			doc: "when the archive has read both files back and verified them, ms since 1970 UTC",
		}),
	},
	{
		name: "receipt",
		doc: "payload of a COSE_Sign1 by an archive's key: the recording is kept there, and the camera may erase it",
	},
);

/** An archive has a recording: it has read both files back and verified them. */
export type Receipt = Infer<typeof receipt>;

/** What a recording is, as far as a receipt is about it. */
export type ReceiptSubject = Pick<Receipt, "device" | "recording" | "bytes" | "finalHash">;

/** A receipt signed with an archive's key: a COSE_Sign1. */
export function signReceipt(
	content: Omit<Receipt, "format">,
	archive: Signer,
	crypto: Pick<TrustCrypto, "sha256">,
): Uint8Array {
	return signMap(RECEIPT_TYPE, { format: RECEIPT_FORMAT, ...content }, archive, crypto);
}

/** A receipt whose signature is that of an archive. */
export interface OpenedReceipt extends Receipt {
	/** The archive's public key. */
	readonly archive: Uint8Array;
}

/**
 * Reads a receipt after checking its signature. Whether it is about a recording is for `requireSubject`.
 * @param archives - Ed25519 public keys of the archives whose receipts count
 * @throws {TrustError} malformed, wrong-type, wrong-signer, bad-signature
 */
export function openReceipt(
	signed: Uint8Array,
	archives: readonly Uint8Array[],
	crypto: TrustCrypto,
): OpenedReceipt {
	if (signed.length > RECEIPT_BYTES_MAX)
		throw new TrustError("malformed", `the receipt has more than ${RECEIPT_BYTES_MAX} bytes`);
	const archive = signerAmong(signed, archives, crypto);
	const expected = { what: "the receipt", contentType: RECEIPT_TYPE, publicKey: archive };
	return { ...openMap(receipt, signed, expected, crypto), archive };
}

/**
 * What a receipt says, its signature unverified: to tell receipts from one another.
 * @throws {TrustError} malformed, wrong-type
 */
export function peekReceipt(signed: Uint8Array): Receipt {
	try {
		const { contentType, payload } = decodeSign1(signed);
		if (contentType !== RECEIPT_TYPE)
			throw new TrustError("wrong-type", `it is of the type ${contentType}, not ${RECEIPT_TYPE}`);
		return parse(receipt, decodeCbor(payload));
	} catch (error) {
		if (error instanceof CoseError || error instanceof CborError || error instanceof SchemaError)
			throw new TrustError("malformed", `the receipt cannot be read: ${error.message}`);
		throw error;
	}
}

/** A receipt is not about the recording it was given for. */
export class ReceiptMismatch extends Error {
	override readonly name = "ReceiptMismatch";
	/** What differs first. */
	readonly field: keyof ReceiptSubject;

	/** @param field - what differs @param message - in words */
	constructor(field: keyof ReceiptSubject, message: string) {
		super(message);
		this.field = field;
	}
}

/** Requires that a receipt is about a recording. @throws {ReceiptMismatch} when anything differs */
export function requireSubject(given: Receipt, subject: ReceiptSubject): void {
	const { device, recording, bytes: length } = given;
	if (device !== subject.device) throw new ReceiptMismatch("device", `the receipt is for camera ${device}`);
	if (recording !== subject.recording)
		throw new ReceiptMismatch("recording", `the receipt is for recording ${recording}`);
	if (length !== subject.bytes)
		throw new ReceiptMismatch("bytes", `the receipt is for ${length} bytes, not for ${subject.bytes}`);
	if (!sameBytes(given.finalHash, subject.finalHash))
		throw new ReceiptMismatch("finalHash", "the receipt is for another recording of this number");
}

function signerAmong(
	signed: Uint8Array,
	archives: readonly Uint8Array[],
	crypto: Pick<TrustCrypto, "sha256">,
): Uint8Array {
	let kid: Uint8Array;
	try {
		({ kid } = decodeSign1(signed));
	} catch (error) {
		if (error instanceof CoseError)
			throw new TrustError("malformed", `the receipt cannot be read: ${error.message}`);
		throw error;
	}
	const archive = archives.find((key) => sameBytes(keyIdentifier(key, crypto), kid));
	if (archive !== undefined) return archive;
	const [only] = archives;
	throw new TrustError(
		"wrong-signer",
		only === undefined
			? "the policy in force names no archive whose receipts count"
			: "the receipt is signed with a key that is of no archive in the policy in force",
	);
}
