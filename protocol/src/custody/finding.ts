/** What a verifier of custody records can find. */
export type CustodyFindingCode =
	/** Bytes that are no item. */
	| "malformed"
	/** Header, end, or numbers of items stand where they must not. */
	| "order"
	/** The hash before an item is not that of the payload before it. */
	| "chain"
	/** An item is signed with another key than the header names, or the header names another than expected. */
	| "signer"
	/** A signature is not valid. */
	| "signature"
	/** The certificates of the camera's key do not hold. */
	| "certificate"
	/** The header names nobody the recording is encrypted to, or somebody twice. */
	| "recipients"
	/** Segments are missing, there twice, or in another order. */
	| "segment"
	/** Time runs backwards. */
	| "time"
	/** The end tells other totals than the checkpoints. */
	| "totals"
	/** A segment of the age file is not what the camera signed. */
	| "ciphertext"
	/** The age file ends before the segments do. */
	| "short"
	/** The age file goes on behind what is signed. */
	| "surplus"
	/** The recording does not follow the one before it. */
	| "neighbour"
	/** Recordings between two are missing. */
	| "missing"
	/** The camera was cut off and says so. */
	| "interrupted"
	/** The record has no end: cut off by a power cut, or cut back. */
	| "unfinished"
	/** The record ends in the middle of an item. */
	| "torn"
	/** Whose key it is was not checked. */
	| "unanchored"
	/** The camera's clock was unset, so that the validity of certificates was not checked. */
	| "clock-unset"
	/** Segments of the age file were not compared. */
	| "unread"
	/** Made with randomness from a seed: test material. */
	| "seeded";

/** One thing a verifier found. */
export interface CustodyFinding {
	/** `failure`: it is not what a camera has recorded; `note`: worth knowing. */
	readonly severity: "failure" | "note";
	readonly code: CustodyFindingCode;
	/** For people, one sentence. */
	readonly message: string;
	/** The item it is about. */
	readonly item?: number;
}

/** Findings a report has at most. */
export const CUSTODY_FINDINGS_MAX = 200;

/** Collects findings; the failures beyond the bound still count. */
export class CustodyFindings {
	readonly #findings: CustodyFinding[] = [];
	#failures = 0;
	#more = 0;

	/** Those that are kept. */
	get all(): readonly CustodyFinding[] {
		return [...this.#findings];
	}

	/** Failures found. */
	get failures(): number {
		return this.#failures;
	}

	/** Findings beyond those kept. */
	get more(): number {
		return this.#more;
	}

	/** It is not what a camera has recorded. */
	fail(code: CustodyFindingCode, message: string, item?: number): void {
		this.#failures++;
		this.#add({ severity: "failure", code, message, ...(item === undefined ? {} : { item }) });
	}

	/** Worth knowing. */
	note(code: CustodyFindingCode, message: string, item?: number): void {
		this.#add({ severity: "note", code, message, ...(item === undefined ? {} : { item }) });
	}

	#add(finding: CustodyFinding): void {
		if (this.#findings.length < CUSTODY_FINDINGS_MAX) this.#findings.push(finding);
		else this.#more++;
	}
}
