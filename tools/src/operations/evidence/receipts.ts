import { existsSync } from "node:fs";
import { dirname } from "node:path";
import {
	openReceipt,
	type Receipt,
	ReceiptMismatch,
	requireSubject,
	signReceipt,
} from "@bodycam/protocol/custody/receipt";
import type { CustodyReport } from "@bodycam/protocol/custody/verifier";
import type { Signer } from "@bodycam/protocol/trust/signed-document";
import { TrustError } from "@bodycam/protocol/trust/trust-error";
import { hostCrypto } from "../../agency/host-crypto.ts";
import { BodycamError } from "../../errors.ts";
import type { EvidencePair } from "../../evidence/evidence-pair.ts";
import { makeDurable, readReceipts, receiptPath, writeReceipt } from "../../evidence/receipt-file.ts";
import { type VerifyEvidenceEvent, verifyEvidence } from "./verify.ts";

/** How receipts are made. */
export interface ReceiptOptions {
	/** Root public key of the agency whose cameras the recordings have to be from. */
	readonly anchor: Uint8Array;
	/** The archive's key. */
	readonly archive: Signer;
	/** The time, ms since 1970 UTC. */
	readonly now: () => number;
	readonly signal?: AbortSignal | undefined;
}

/** What making receipts yields. */
export type ReceiptEvent =
	| Extract<VerifyEvidenceEvent, { readonly type: "progress" }>
	| {
			/** The recording is whole and has its receipt; `made`: since now. */
			readonly type: "receipt";
			readonly files: EvidencePair;
			readonly receipt: string;
			readonly content: Omit<Receipt, "format">;
			readonly made: boolean;
	  }
	| {
			/** The recording is not whole: nothing is signed for it. */
			readonly type: "refused";
			readonly files: EvidencePair;
			readonly report: CustodyReport;
	  };

/**
 * Signs for recordings that the archive has: both files of each are put on the disk, read back whole and verified, and
 * only then is the receipt written beside them.
 * @throws {BodycamError} when there is a receipt beside a recording that is not for it
 * @throws the system's error when a file cannot be read or written
 */
export async function* makeReceipts(
	pairs: readonly EvidencePair[],
	options: ReceiptOptions,
): AsyncGenerator<ReceiptEvent, void, undefined> {
	for (const { age, record } of pairs)
		for (const path of [age, record]) if (existsSync(path)) makeDurable(path);
	for (const directory of new Set(pairs.map(({ age }) => dirname(age)))) makeDurable(directory);
	const { anchor, signal } = options;
	for (const files of pairs)
		for await (const event of verifyEvidence([files], { anchor, signal })) {
			if (event.type === "progress") yield event;
			else if (event.type === "recording") yield signFor(files, event.report, options);
		}
}

function signFor(files: EvidencePair, report: CustodyReport, { archive, now }: ReceiptOptions): ReceiptEvent {
	const { verdict, header, hash: finalHash, bytes } = report;
	const whole = verdict === "complete" || verdict === "interrupted";
	if (!whole || header === undefined || finalHash === undefined) return { type: "refused", files, report };
	const { device, recording } = header;
	const content = { device, recording, bytes, finalHash, readBackMs: now() };
	const receipt = receiptPath(files.base);
	const there = existing(receipt, content, archive);
	if (there !== undefined) return { type: "receipt", files, receipt, content: there, made: false };
	writeReceipt(receipt, signReceipt(content, archive, hostCrypto));
	return { type: "receipt", files, receipt, content, made: true };
}

/** The receipt that is there already; undefined without one. @throws {BodycamError} when it is not for this recording */
function existing(path: string, content: Omit<Receipt, "format">, archive: Signer): Receipt | undefined {
	if (!existsSync(path)) return undefined;
	const [file] = readReceipts([path]);
	try {
		const opened = openReceipt(file?.signed ?? new Uint8Array(), [archive.publicKey], hostCrypto);
		requireSubject(opened, content);
		return opened;
	} catch (error) {
		if (!(error instanceof TrustError) && !(error instanceof ReceiptMismatch)) throw error;
		throw new BodycamError(`${path} is there and is not this archive's receipt: ${error.message}`, {
			hint: "Look where it comes from and move it away; nothing is overwritten.",
			cause: error,
		});
	}
}
