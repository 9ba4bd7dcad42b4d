import { sameBytes, type TrustCrypto } from "../trust/signed-document.ts";
import { genesisHash, nextHash } from "./chain.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { decodeEntry, type ReadEntry } from "./entry.ts";
import type { Finding, FindingCode } from "./finding.ts";
import type { LogBlock, LogDamage, LogPiece } from "./reader.ts";
import { SequenceCheck } from "./sequence-check.ts";
import { type LogSigner, type SignerCertificates, Signers } from "./signers.ts";

/** Findings a report has at most. */
export const FINDINGS_MAX = 200;

/** Hashes kept for checkpoints to come: a checkpoint vouches for entries shortly before it. */
const HASHES_KEPT = 16_384;

/** The result of verifying a log. */
export interface LogReport {
	/** `intact`: no failure was found. */
	readonly verdict: "intact" | "broken";
	/** Identity of the card; undefined for an empty log. */
	readonly card: Uint8Array | undefined;
	/** Entries read. */
	readonly entries: number;
	/** Boots they are of. */
	readonly boots: number;
	/** The chain's hash behind the last entry. */
	readonly head: Uint8Array | undefined;
	/** The cameras whose certificates are in it. */
	readonly signers: readonly LogSigner[];
	/** Checkpoints found, and how far a valid signature of the device vouches for the log. */
	readonly checkpoints: { readonly found: number; readonly verified: number; readonly entries: number };
	/** What was found, in order; at most `FINDINGS_MAX`. */
	readonly findings: readonly Finding[];
	/** Findings left out of `findings`. */
	readonly more: number;
}

/** What a log is verified against. */
export interface LogVerifierOptions {
	/** SHA-256 and Ed25519. */
	readonly crypto: TrustCrypto;
	/** The agency's root public key, which the certificates in the log are checked against. */
	readonly anchor?: Uint8Array | undefined;
	/** Hashes seen earlier that must be in the chain. */
	readonly heads?: readonly Uint8Array[];
	/** Whether an empty block must end it, as in an exported file. */
	readonly closed?: boolean;
	/** Told each entry, also of a broken log. */
	onEntry?(entry: ReadEntry): void;
}

/** Verifies a log piece by piece: chain, numbers, sequences, gaps, signatures. */
export class LogVerifier {
	readonly #options: LogVerifierOptions;
	readonly #findings: Finding[] = [];
	readonly #hashes = new Map<number, Uint8Array>();
	readonly #signers: Signers;
	readonly #sequences = new SequenceCheck((finding) => this.#find(finding));
	readonly #missingHeads: Set<string>;
	#failures = 0;
	#more = 0;
	#card: Uint8Array | undefined;
	#hash: Uint8Array | undefined;
	#entries = 0;
	#last = 0;
	#closed = false;
	#unknown = 0;
	#found = 0;
	#verified = 0;
	#vouched = 0;

	/** @param options - see `LogVerifierOptions` */
	constructor(options: LogVerifierOptions) {
		this.#options = options;
		this.#signers = new Signers(options.crypto, options.anchor);
		this.#missingHeads = new Set((options.heads ?? []).map(hex));
	}

	/** Takes the next piece. */
	piece(piece: LogPiece): void {
		if (piece.kind === "damage") this.#damage(piece);
		else this.#block(piece);
	}

	/** The result, after the last piece. */
	report(): LogReport {
		for (const head of this.#missingHeads)
			this.#fail("head", `the hash ${head} is not in this log: it is another one, or its end is missing`);
		this.#missingHeads.clear();
		if (this.#options.closed === true && !this.#closed)
			this.#fail("cut-off", "the end of the file is missing: it was cut off");
		if (this.#unknown > 0)
			this.#note("unknown-event", `${this.#unknown} events are of a kind this version does not know`);
		this.#unknown = 0;
		this.#noteSignatures();
		return {
			verdict: this.#failures === 0 ? "intact" : "broken",
			card: this.#card,
			entries: this.#entries,
			boots: this.#sequences.boots,
			head: this.#hash,
			signers: this.#signers.all,
			checkpoints: { found: this.#found, verified: this.#verified, entries: this.#vouched },
			findings: [...this.#findings],
			more: this.#more,
		};
	}

	#noteSignatures(): void {
		if (this.#entries === 0) return;
		if (this.#found === 0)
			this.#note("unsigned", "no checkpoint is signed: whoever can write the card could have made all of it");
		else if (this.#options.anchor === undefined)
			this.#note(
				"unsigned",
				`the signatures of ${this.#verified} checkpoints hold, but not whose they are: that takes the agency's root key`,
			);
		else if (this.#vouched < this.#last)
			this.#note("unsigned", `no signature vouches for the entries after ${this.#vouched}`);
	}

	#block(block: LogBlock): void {
		const { sha256 } = this.#options.crypto;
		const { first, before, identity } = block;
		this.#card ??= identity;
		const genesis = genesisHash(this.#card, sha256);
		if (!sameBytes(identity, this.#card)) this.#fail("start", "a block of another card is in it", first);
		if (this.#hash === undefined) {
			if (first !== 1 || !sameBytes(before, genesis))
				this.#fail("start", `its beginning is missing: it begins with entry ${first}`, first);
		} else {
			if (first !== this.#last + 1) this.#misplaced(first);
			if (!sameBytes(before, this.#hash))
				this.#fail(
					"chain",
					`the hash before entry ${first} is not that of entry ${this.#last}: something was changed, left out or put in`,
					first,
				);
		}
		this.#hash = before;
		this.#last = first - 1;
		this.#closed = block.count === 0;
		this.#remember(this.#last, before);
		if (block.entries.length !== block.count)
			this.#fail("malformed", `a block with ${block.count} entries has ${block.entries.length} items`, first);
		for (const bytes of block.entries) this.#entry(bytes, nextHash(this.#hash, bytes, sha256));
	}

	#misplaced(first: number): void {
		const missing = first - this.#last - 1;
		const what =
			missing > 0
				? `${missing} entries are missing before it`
				: "it, or one with its number, was there before";
		this.#fail("order", `entry ${first} follows entry ${this.#last}: ${what}`, first);
	}

	#entry(bytes: Uint8Array, hash: Uint8Array): void {
		const number = this.#last + 1;
		this.#hash = hash;
		this.#last = number;
		this.#entries++;
		const entry = decodeEntry(bytes);
		if (entry === undefined) this.#fail("malformed", `entry ${number} cannot be read`, number);
		else {
			if (entry.entry !== number)
				this.#fail("order", `entry ${entry.entry} stands in the place of entry ${number}`, number);
			this.#sequences.entry(entry);
			if (entry.event === undefined) this.#unknown++;
			if (entry.event?.type === "log-signer") this.#signer(entry.event, number);
			if (entry.event?.type === "log-checkpoint") this.#checkpoint(entry.event.signed, number);
			this.#options.onEntry?.(entry);
		}
		this.#remember(number, hash);
	}

	#remember(number: number, hash: Uint8Array): void {
		this.#missingHeads.delete(hex(hash));
		this.#hashes.set(number, hash);
		if (this.#hashes.size > HASHES_KEPT) this.#hashes.delete(number - HASHES_KEPT);
	}

	#signer(certificates: SignerCertificates, number: number): void {
		try {
			this.#signers.add(certificates);
		} catch (error) {
			this.#fail("signer", `the certificates in entry ${number} do not hold: ${messageOf(error)}`, number);
		}
	}

	#checkpoint(signed: Uint8Array, number: number): void {
		this.#found++;
		try {
			const checkpoint = readCheckpoint(signed);
			const { card, entries, hash } = checkpoint;
			if (this.#card !== undefined && !sameBytes(card, this.#card)) throw new Error("it is for another card");
			const known = this.#hashes.get(entries);
			if (entries >= number || known === undefined || !sameBytes(known, hash))
				throw new Error(`its hash is not that of entry ${entries}`);
			this.#signers.check(signed, checkpoint);
			this.#verified++;
			this.#vouched = entries;
		} catch (error) {
			this.#fail(
				"checkpoint",
				`the checkpoint in entry ${number} does not hold: ${messageOf(error)}`,
				number,
			);
		}
	}

	#damage({ where, position, sectors }: LogDamage): void {
		this.#closed = false;
		const bytes = sectors * 512;
		if (where === "inside")
			this.#fail(
				"damaged",
				`${bytes} bytes from sector ${position} of the log on cannot be read, and entries follow them`,
				this.#last + 1,
			);
		else if (where === "torn")
			this.#note("torn", `after entry ${this.#last} it ends in ${bytes} bytes that a power cut has torn`);
		else
			this.#note(
				"remains",
				`behind entry ${this.#last} stand ${bytes} bytes that are no entries: torn, damaged, or left from before the card was formatted`,
			);
	}

	#fail(code: FindingCode, message: string, entry?: number): void {
		this.#find({ severity: "failure", code, message, ...(entry === undefined ? {} : { entry }) });
	}

	#note(code: FindingCode, message: string): void {
		this.#find({ severity: "note", code, message });
	}

	#find(finding: Finding): void {
		if (finding.severity === "failure") this.#failures++;
		if (this.#findings.length < FINDINGS_MAX) this.#findings.push(finding);
		else this.#more++;
	}
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

function hex(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
	return text;
}
