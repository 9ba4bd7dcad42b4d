/** What a verifier can find. */
export type FindingCode =
	/** The log does not begin with the hash of its card, or with entry 1. */
	| "start"
	/** The hash before an entry is not that of the entry before. */
	| "chain"
	/** Numbers of entries do not count up by one. */
	| "order"
	/** Sectors that are no block, with blocks behind them. */
	| "damaged"
	/** An entry that is none. */
	| "malformed"
	/** Events are missing or there twice, and the log does not say so. */
	| "sequence"
	/** Time runs backwards within a boot. */
	| "time"
	/** A checkpoint is not for this log, or its signature is not the device's. */
	| "checkpoint"
	/** The certificates of a camera's key do not hold. */
	| "signer"
	/** A hash that was to be found is not. */
	| "head"
	/** A recording on the card is not the one in the log, or the log knows nothing of it. */
	| "recording"
	/** An exported file lacks its end. */
	| "cut-off"
	/** Events could not be kept; the log says so itself. */
	| "gap"
	/** The log ends in a torn block, or one was cut. */
	| "torn"
	/** Something that is no block stands behind the end. */
	| "remains"
	/** Boots that left nothing. */
	| "boots"
	/** The card was in another camera in between. */
	| "returned"
	/** Entries that a later firmware has written. */
	| "unknown-event"
	/** Nothing is signed, not all of it, or whose signatures they are was not checked. */
	| "unsigned";

/** One thing a verifier found. */
export interface Finding {
	/** `failure`: the log is not what a camera has written; `note`: worth knowing. */
	readonly severity: "failure" | "note";
	readonly code: FindingCode;
	/** For people, one sentence. */
	readonly message: string;
	/** Number of the entry it is about. */
	readonly entry?: number;
}
