import { decodeCbor, encodeCbor } from "../cbor/codec.ts";
import { decodeSign1 } from "../cose/sign1.ts";
import { bytes, type Infer, map, text, uint } from "../schema/schema.ts";
import { parse } from "../schema/validate.ts";
import { type Signer, signDocument, type TrustCrypto } from "../trust/signed-document.ts";
import { HASH_BYTES, IDENTITY_BYTES } from "./block.ts";

/** Media type of a checkpoint. */
export const CHECKPOINT_TYPE = "application/bodycam-log-checkpoint+cbor";

/** Schema of `LogCheckpoint`. */
export const logCheckpoint = map(
	{
		device: text(64, { doc: "serial number of the camera" }),
		card: bytes(IDENTITY_BYTES, { min: IDENTITY_BYTES, doc: "identity of the card" }),
		entries: uint({ max: 0xffff_ffff, doc: "entries it vouches for" }),
		hash: bytes(HASH_BYTES, { min: HASH_BYTES, doc: "the chain's hash behind the last of them" }),
	},
	{
		name: "log-checkpoint",
		doc: "payload of a COSE_Sign1 with the device's key: the camera vouches for the log up to an entry",
	},
);

/** The camera vouches for its log up to an entry. */
export type LogCheckpoint = Infer<typeof logCheckpoint>;

/** A checkpoint signed by the device: a COSE_Sign1. */
export function signCheckpoint(
	checkpoint: LogCheckpoint,
	signer: Signer,
	crypto: Pick<TrustCrypto, "sha256">,
): Uint8Array {
	return signDocument(CHECKPOINT_TYPE, encodeCbor(checkpoint), signer, crypto);
}

/** What a signed checkpoint says. Its signature is not verified. @throws Error saying what is wrong with it */
export function readCheckpoint(signed: Uint8Array): LogCheckpoint {
	const { contentType, payload } = decodeSign1(signed);
	if (contentType !== CHECKPOINT_TYPE) throw new TypeError(`it is of the type ${contentType}`);
	return parse(logCheckpoint, decodeCbor(payload));
}
