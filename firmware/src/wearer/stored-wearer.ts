import { decodeCbor, encodeCbor } from "@bodycam/protocol/cbor/codec";
import { bytes, choice, type Infer, map, optional, uint } from "@bodycam/protocol/schema/schema";
import { parse } from "@bodycam/protocol/schema/validate";
import { ASSIGNMENT_BYTES_MAX, ASSIGNMENT_NUMBER_MAX } from "@bodycam/protocol/wearer/assignment";
import { WEARER_STATES } from "@bodycam/protocol/wearer/terms";

/** Name of the key-value entry that holds what is known of the wearer, a CBOR map. */
export const WEARER_KEY = "wearer";

const storedWearer = map({
	state: choice(WEARER_STATES),
	lastNumber: uint({ max: ASSIGNMENT_NUMBER_MAX }),
	document: optional(bytes(ASSIGNMENT_BYTES_MAX)),
});

/**
 * What is kept of the wearer, in one entry, so that a power cut leaves either the old or the new: the state, the
 * highest number ever taken, and the signed assignment while it is in force.
 */
export type StoredWearer = Infer<typeof storedWearer>;

/** What is kept before anything was. */
export const NO_WEARER: StoredWearer = { state: "unassigned", lastNumber: 0 };

/** The entry's value. */
export function encodeStoredWearer(stored: StoredWearer): Uint8Array {
	return encodeCbor(stored);
}

/** Reads the entry's value. @throws {CborError} {SchemaError} when it is damaged */
export function decodeStoredWearer(value: Uint8Array | undefined): StoredWearer {
	return value === undefined ? NO_WEARER : parse(storedWearer, decodeCbor(value));
}
