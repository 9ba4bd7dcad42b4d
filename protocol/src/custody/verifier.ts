import { keyIdentifier, sameBytes, type TrustCrypto } from "../trust/signed-document.ts";
import { custodyGenesis, custodyHash } from "./chain.ts";
import { type CustodyEntryOf, mayFollowEnd } from "./entry.ts";
import { type CustodyFinding, CustodyFindings } from "./finding.ts";
import type { CustodyItem, CustodyRest } from "./reader.ts";
import { checkSigner, type SignerExpectation } from "./signer-check.ts";

/** What a record is checked against. */
export interface CustodyVerifierOptions extends SignerExpectation {
	/** SHA-256 and Ed25519. */
	readonly crypto: TrustCrypto;
}

/**
 * `complete`: nothing is missing; `interrupted`: cut off, and the camera has signed what it vouches for; `incomplete`:
 * it has no end, and a power cut cannot be told from one that was taken away; `broken`: not what a camera has recorded.
 */
export type CustodyVerdict = "complete" | "interrupted" | "incomplete" | "broken";

/** The result of verifying a record. */
export interface CustodyReport {
	readonly verdict: CustodyVerdict;
	/** The first item; undefined when there is none that can be read. */
	readonly header: CustodyEntryOf<"header"> | undefined;
	/** The agency whose certificates hold; undefined without its root key. */
	readonly agency: string | undefined;
	/** Hash behind the header: what the next recording begins with when it begins before this one could be closed. */
	readonly begun: Uint8Array | undefined;
	/** Hash behind the item that ends it, or the last one of a record without an end: what the next recording begins with. */
	readonly hash: Uint8Array | undefined;
	/** Code of the last reason that the wearer gave, during the recording or afterwards; undefined when there is none. */
	readonly reason: string | undefined;
	/** Items read. */
	readonly items: number;
	/** Checkpoints read. */
	readonly segments: number;
	/** Of them, those whose bytes in the age file were compared and are the same. */
	readonly verified: number;
	/** Bytes of the age file the checkpoints vouch for. */
	readonly bytes: number;
	readonly findings: readonly CustodyFinding[];
	/** Findings beyond those listed. */
	readonly more: number;
}

/**
 * Verifies a custody record item by item: signatures, chain, numbers, times, segments. It never throws for what is in
 * the record. The bytes of a segment are hashed by the caller, who tells the digest.
 */
export class CustodyVerifier {
	readonly #options: CustodyVerifierOptions;
	readonly #findings = new CustodyFindings();
	#header: CustodyEntryOf<"header"> | undefined;
	#agency: string | undefined;
	#kid: Uint8Array | undefined;
	#begun: Uint8Array | undefined;
	#hash: Uint8Array | undefined;
	#endHash: Uint8Array | undefined;
	#end: "final" | "recovery" | undefined;
	#reason: string | undefined;
	#monotonicMs = 0;
	#items = 0;
	#segments = 0;
	#compared = 0;
	#verified = 0;
	#bytes = 0;

	/** @param options - see `CustodyVerifierOptions` */
	constructor(options: CustodyVerifierOptions) {
		this.#options = options;
	}

	/** Takes the next item, or what is none. */
	piece(piece: CustodyItem | CustodyRest): void {
		if (piece.kind === "item") this.#item(piece);
		else if (piece.why === "torn" && this.#end === undefined)
			this.#findings.note(
				"torn",
				`${piece.bytes} bytes at its end are an item that was cut off`,
				this.#items,
			);
		else
			this.#findings.fail(
				"malformed",
				`${piece.bytes} bytes from byte ${piece.at} on cannot be read: ${piece.message}`,
				this.#items,
			);
	}

	/**
	 * Tells what the age file holds in the place of a segment.
	 * @param sha256 - digest of its bytes; undefined when the file ends before they do
	 */
	segment(checkpoint: CustodyEntryOf<"checkpoint">, sha256: Uint8Array | undefined): void {
		const { segment, item, offset, bytes } = checkpoint;
		this.#compared++;
		if (sha256 === undefined)
			this.#findings.fail(
				"short",
				`the age file ends before segment ${segment}, bytes ${offset} to ${offset + bytes - 1}, does`,
				item,
			);
		else if (sameBytes(sha256, checkpoint.sha256)) this.#verified++;
		else
			this.#findings.fail(
				"ciphertext",
				`segment ${segment} of the age file, bytes ${offset} to ${offset + bytes - 1}, was changed, or is of another file`,
				item,
			);
	}

	/** The result, after the last piece. @param fileBytes - length of the age file; undefined when there is none */
	report(fileBytes: number | undefined): CustodyReport {
		const findings = this.#findings;
		if (this.#items === 0) findings.fail("malformed", "it holds no item of a custody record");
		if (this.#end === undefined)
			findings.note(
				"unfinished",
				"it has no end: power was cut and the camera has not started since, or its end was taken away",
			);
		if (fileBytes !== undefined && fileBytes > this.#bytes) this.#surplus(fileBytes - this.#bytes);
		if (fileBytes !== undefined && fileBytes < this.#bytes && this.#compared === 0)
			findings.fail("short", `the age file lacks ${this.#bytes - fileBytes} of ${this.#bytes} bytes`);
		if (this.#compared < this.#segments)
			findings.note(
				"unread",
				`${this.#segments - this.#compared} segments were not compared with the age file`,
			);
		return {
			verdict: this.#verdict(),
			header: this.#header,
			agency: this.#agency,
			begun: this.#begun,
			hash: this.#endHash ?? this.#hash,
			reason: this.#reason,
			items: this.#items,
			segments: this.#segments,
			verified: this.#verified,
			bytes: this.#bytes,
			findings: findings.all,
			more: findings.more,
		};
	}

	#surplus(bytes: number): void {
		const message = `${bytes} bytes at the end of the age file are not vouched for`;
		if (this.#end === undefined) this.#findings.note("surplus", message);
		else this.#findings.fail("surplus", message);
	}

	#verdict(): CustodyVerdict {
		if (this.#findings.failures > 0) return "broken";
		if (this.#end === "final") return "complete";
		return this.#end === "recovery" ? "interrupted" : "incomplete";
	}

	#item(piece: CustodyItem): void {
		const { entry, signed } = piece;
		const number = this.#items++;
		const { crypto } = this.#options;
		if (entry.item !== number)
			this.#findings.fail("order", `item ${entry.item} stands in the place of item ${number}`, number);
		const behindEnd = this.#end !== undefined;
		if (behindEnd && !mayFollowEnd(entry))
			this.#findings.fail("order", `item ${number} stands behind the end of the recording`, number);
		if ((entry.type === "header") !== (number === 0))
			this.#findings.fail(
				"order",
				number === 0 ? "it does not begin with a header" : "it has a second header",
				number,
			);
		if (this.#hash !== undefined && !sameBytes(entry.before, this.#hash))
			this.#findings.fail(
				"chain",
				`the hash before item ${number} is not that of item ${number - 1}: something was changed, left out or put in`,
				number,
			);
		if (entry.type === "header" && this.#header === undefined) this.#begin(entry);
		this.#signature(piece, number);
		this.#hash = custodyHash(signed.payload, crypto);
		if (entry.type === "header") this.#begun ??= this.#hash;
		this.#time(behindEnd || entry.type === "recovery", entry.monotonicMs, number);
		if (entry.type === "checkpoint") this.#checkpoint(entry);
		if (entry.type === "event" && entry.happening.type === "reason-given")
			this.#reason = entry.happening.code;
		if (entry.type === "final" || entry.type === "recovery") this.#close(entry);
	}

	#begin(header: CustodyEntryOf<"header">): void {
		const { crypto } = this.#options;
		this.#header = header;
		this.#kid = keyIdentifier(header.key, crypto);
		this.#agency = checkSigner(header, this.#options, crypto, this.#findings);
		const { recipients, recording, before, device, seeded } = header;
		if (recipients.length === 0) this.#findings.fail("recipients", "it is encrypted to nobody", 0);
		if (recipients.some((key, index) => recipients.slice(0, index).some((other) => sameBytes(key, other))))
			this.#findings.fail("recipients", "a recipient is named twice", 0);
		if (recording === 1 && !sameBytes(before, custodyGenesis(device, crypto)))
			this.#findings.fail("neighbour", "it is the camera's first recording, and names one before it", 0);
		if (seeded) this.#findings.note("seeded", "its randomness came from a seed: this is test material", 0);
	}

	#signature({ signed }: CustodyItem, number: number): void {
		if (this.#header === undefined || this.#kid === undefined) return;
		if (!sameBytes(signed.kid, this.#kid))
			this.#findings.fail(
				"signer",
				`item ${number} is signed with another key than the header names`,
				number,
			);
		else if (!this.#options.crypto.verify(this.#header.key, signed.toBeSigned, signed.signature))
			this.#findings.fail("signature", `the signature of item ${number} is not valid`, number);
	}

	/** A recovery, and what stands behind the end, may be signed after another start, whose time begins anew. */
	#time(anew: boolean, monotonicMs: number, number: number): void {
		if (!anew && monotonicMs < this.#monotonicMs)
			this.#findings.fail("time", `item ${number} is older than the one before it`, number);
		this.#monotonicMs = monotonicMs;
	}

	#checkpoint({ segment, offset, bytes, firstMs, lastMs, item }: CustodyEntryOf<"checkpoint">): void {
		this.#segments++;
		if (segment !== this.#segments)
			this.#findings.fail(
				"segment",
				`segment ${segment} stands in the place of segment ${this.#segments}`,
				item,
			);
		if (offset !== this.#bytes)
			this.#findings.fail(
				"segment",
				`segment ${segment} begins at byte ${offset} and the one before it ends at byte ${this.#bytes}`,
				item,
			);
		if (lastMs < firstMs) this.#findings.fail("time", `segment ${segment} ends before it begins`, item);
		this.#bytes = offset + bytes;
	}

	#close(end: CustodyEntryOf<"final"> | CustodyEntryOf<"recovery">): void {
		this.#end ??= end.type;
		this.#endHash ??= this.#hash;
		if (end.segments !== this.#segments || end.bytes !== this.#bytes)
			this.#findings.fail(
				"totals",
				`its end tells of ${end.segments} segments and ${end.bytes} bytes, and there are ${this.#segments} and ${this.#bytes}`,
				end.item,
			);
		if (end.type === "recovery")
			this.#findings.note(
				"interrupted",
				`it was cut off (${end.reason}): at most ${end.lostMs} ms of it are lost`,
				end.item,
			);
	}
}
