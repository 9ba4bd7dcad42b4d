/** What the camera did while the frames of a fragment were taken; `closing`: the fragment that ends the file. */
export const CUSTODY_STATES = ["announcing", "recording", "pausing", "closing"] as const;

/** One of `CUSTODY_STATES`. */
export type CustodyState = (typeof CUSTODY_STATES)[number];

/** Bytes of a SHA-256 (FIPS 180-4). */
export const HASH_BYTES = 32;

/** Most recipients a recording is encrypted to. */
export const CUSTODY_RECIPIENTS_MAX = 16;

/** Media type of an item of a custody record. */
export const CUSTODY_TYPE = "application/bodycam-custody+cbor";

/** Most bytes of a signed item: the header is the largest. */
export const CUSTODY_ITEM_BYTES_MAX = 4096;
