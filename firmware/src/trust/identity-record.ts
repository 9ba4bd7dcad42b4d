import { CAMERA_NAME_MAX } from "@bodycam/protocol/camera/provisioning";
import { decodeCbor, encodeCbor } from "@bodycam/protocol/cbor/codec";
import { bytes, type Infer, integer, map, optional, text } from "@bodycam/protocol/schema/schema";
import { parse } from "@bodycam/protocol/schema/validate";
import { CERTIFICATE_BYTES_MAX } from "@bodycam/protocol/trust/certificate";

/** Name of the key-value entry that holds the identity. */
export const IDENTITY_KEY = "identity";

/** Bytes of a private key: its seed. */
export const SEED_BYTES = 32;

const FORMAT = 1;

const key = bytes(32, { min: 32 });
const certificate = bytes(CERTIFICATE_BYTES_MAX, { min: 1 });

/** Schema of `IdentityRecord`. */
const identityRecord = map({
	format: integer(FORMAT, FORMAT),
	seed: bytes(SEED_BYTES, { min: SEED_BYTES }),
	anchor: key,
	deviceSigning: certificate,
	policySigning: certificate,
	device: certificate,
	name: optional(text(CAMERA_NAME_MAX)),
});

/** What a camera keeps about who it is: its private key and the certificates that tie it to its agency. */
export type IdentityRecord = Omit<Infer<typeof identityRecord>, "format">;

/** The stored form; it fits one entry of the key-value store, so that it is kept whole or not at all. */
export function encodeIdentity(record: IdentityRecord): Uint8Array {
	return encodeCbor({ format: FORMAT, ...record });
}

/** Reads the stored form. @throws {CborError} or {SchemaError} when it is damaged */
export function decodeIdentity(bytes: Uint8Array): IdentityRecord {
	const { format: _format, ...record } = parse(identityRecord, decodeCbor(bytes));
	return record;
}
