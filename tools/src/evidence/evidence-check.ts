import type { AgeHeader } from "@bodycam/protocol/age/read-header";
import type { CustodyEntryOf } from "@bodycam/protocol/custody/entry";
import { type CustodyFinding, CustodyFindings } from "@bodycam/protocol/custody/finding";
import { readCustody } from "@bodycam/protocol/custody/reader";
import type { SignerExpectation } from "@bodycam/protocol/custody/signer-check";
import { type CustodyReport, CustodyVerifier } from "@bodycam/protocol/custody/verifier";
import { hostCrypto } from "../agency/host-crypto.ts";
import type { SealedBlock } from "./age-file.ts";
import { SegmentDigests } from "./segment-digests.ts";

/** Checkpoints whose digests may be under way at a time. */
const UNDER_WAY_MAX = 256;

/** The age file that a record is checked with. */
export interface CheckedFile {
	/** Its length. */
	readonly bytes: number;
	/** Its header; undefined when it has none that can be read. */
	readonly header: AgeHeader | undefined;
}

/**
 * Checks a custody record and the age file it is about in one pass over both: signatures are verified while segments are
 * hashed. The bytes that are checked are the bytes that were given, so that what is decrypted from them is what was
 * checked.
 */
export class EvidenceCheck {
	readonly #pieces: ReturnType<typeof readCustody>;
	readonly #verifier: CustodyVerifier;
	readonly #digests = new SegmentDigests();
	readonly #underWay: { readonly checkpoint: CustodyEntryOf<"checkpoint">; digest: Promise<Uint8Array> }[] =
		[];
	readonly #file: CheckedFile | undefined;
	#own: readonly CustodyFinding[] = [];
	/** First byte behind the segments that were asked for. */
	#end = 0;

	/** @param record - hostile bytes @param file - undefined to check the record alone @param against - whose it is to be */
	constructor(record: Uint8Array, file: CheckedFile | undefined, against: SignerExpectation) {
		this.#pieces = readCustody(record);
		this.#file = file;
		this.#verifier = new CustodyVerifier({ ...against, crypto: hostCrypto });
	}

	/** Takes the next bytes of the age file, every one once and in its order. */
	async take(block: SealedBlock): Promise<void> {
		const end = block.at + block.bytes.length;
		while (this.#end < end && this.#nextPiece());
		await this.#digests.take(block);
		while (this.#underWay.length > UNDER_WAY_MAX) await this.#compareFirst();
	}

	/** The result, after the last byte. */
	async report(): Promise<CustodyReport> {
		while (this.#nextPiece());
		while (this.#underWay.length > 0) await this.#compareFirst();
		const report = this.#verifier.report(this.#file?.bytes);
		return withFindings(report, [...this.#own, ...compareRecipients(report, this.#file?.header)]);
	}

	/** Adds what another check has found. */
	add(findings: readonly CustodyFinding[]): void {
		this.#own = [...this.#own, ...findings];
	}

	/** Verifies a piece of the record; whether there was one. */
	#nextPiece(): boolean {
		const { done, value: piece } = this.#pieces.next();
		if (done === true) return false;
		this.#verifier.piece(piece);
		if (this.#file === undefined || piece.kind !== "item" || piece.entry.type !== "checkpoint") return true;
		const { offset, bytes } = piece.entry;
		// No byte is hashed twice: a record made to cost time must not cost more than the file is long.
		if (offset < this.#end) return true;
		this.#end = offset + bytes;
		if (this.#end > this.#file.bytes) this.#verifier.segment(piece.entry, undefined);
		else this.#underWay.push({ checkpoint: piece.entry, digest: this.#digests.expect({ offset, bytes }) });
		return true;
	}

	async #compareFirst(): Promise<void> {
		const first = this.#underWay.shift();
		if (first !== undefined) this.#verifier.segment(first.checkpoint, await first.digest);
	}
}

/** A report with more findings, and the verdict they give. */
export function withFindings(report: CustodyReport, more: readonly CustodyFinding[]): CustodyReport {
	if (more.length === 0) return report;
	const broken = more.some(({ severity }) => severity === "failure");
	return {
		...report,
		findings: [...more, ...report.findings],
		verdict: broken ? "broken" : report.verdict,
	};
}

/** Whether the age file is encrypted to as many keys as the record names, and in no other way. */
function compareRecipients({ header }: CustodyReport, age: AgeHeader | undefined): readonly CustodyFinding[] {
	if (header === undefined || age === undefined) return [];
	const findings = new CustodyFindings();
	const kinds = age.stanzas.map(({ arguments: [kind = ""] }) => kind);
	const others = kinds.filter((kind) => kind !== "X25519");
	if (others.length > 0)
		findings.fail("recipients", `the age file can be opened in another way too: ${others.join(", ")}`);
	if (kinds.length !== header.recipients.length)
		findings.fail(
			"recipients",
			`the age file is encrypted to ${kinds.length} ${kinds.length === 1 ? "key" : "keys"}, and the record names ${header.recipients.length}`,
		);
	return findings.all;
}
