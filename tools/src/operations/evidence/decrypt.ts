import { CHUNK_BYTES, PAYLOAD_NONCE_BYTES, SEALED_CHUNK_BYTES } from "@bodycam/protocol/age/stream";
import type { CustodyFinding } from "@bodycam/protocol/custody/finding";
import type { SignerExpectation } from "@bodycam/protocol/custody/signer-check";
import type { CustodyReport } from "@bodycam/protocol/custody/verifier";
import { AgeFile } from "../../evidence/age-file.ts";
import { EvidenceCheck, withFindings } from "../../evidence/evidence-check.ts";
import type { EvidenceFileError } from "../../evidence/evidence-error.ts";
import type { EvidencePair } from "../../evidence/evidence-pair.ts";
import { readRecordFile } from "../../evidence/record-file.ts";
import { compareUnlocked, type Unlocked, unlock } from "../../evidence/unlock.ts";
import { type FileProgress, ProgressMeter } from "./progress-meter.ts";

/** What is decrypted, how and where to. */
export interface DecryptOptions extends SignerExpectation {
	/** X25519 private keys, 32 bytes each. */
	readonly identities: readonly Uint8Array[];
	/** Takes authenticated plaintext. */
	readonly sink: PlaintextSink;
	/** There is no custody record: nothing but the encryption is checked. */
	readonly withoutRecord?: boolean;
	readonly signal?: AbortSignal | undefined;
}

/** Where plaintext goes. */
export interface PlaintextSink {
	/** Takes the next pieces, which stay as they are until it has taken those behind them. */
	append(pieces: readonly Uint8Array[]): Promise<void>;
}

/** What was decrypted. */
export interface Decrypted {
	/** What the custody record says about it; undefined without one. */
	readonly report: CustodyReport | undefined;
	/** Whether the age file ends with its final chunk. */
	readonly ending: "final" | "cut";
	/** Bytes of plaintext that are whole fragments: those the record vouches for, or all without a record. */
	readonly bytes: number;
	/** Whether it is not what a camera has recorded, or was changed. */
	readonly broken: boolean;
}

/** What decrypting yields. */
export type DecryptEvent =
	| ({ readonly type: "progress" } & FileProgress)
	| ({ readonly type: "decrypted" } & Decrypted);

/**
 * Decrypts a recording and verifies it against its custody record in the same pass, so that what was verified is what
 * was decrypted. Plaintext is given out chunk by chunk, authenticated; the verdict comes at the end.
 * @throws {UsageError} when no identity fits
 * @throws {EvidenceFileError} when a file is missing or is no evidence
 */
export async function* decryptEvidence(
	files: EvidencePair,
	options: DecryptOptions,
): AsyncGenerator<DecryptEvent, void, undefined> {
	const record = options.withoutRecord === true ? undefined : await readRecordFile(files.record);
	const age = await AgeFile.open(files.age);
	let unlocked: Unlocked | undefined;
	try {
		unlocked = await unlock(age, options.identities);
		const { payload } = unlocked;
		const check = record === undefined ? undefined : new EvidenceCheck(record, age, options);
		const begin = (age.header?.bytes ?? 0) + PAYLOAD_NONCE_BYTES;
		const meter = new ProgressMeter(age.bytes);
		let changed: number | undefined;
		let given = 0;
		for await (const block of age.sealed()) {
			options.signal?.throwIfAborted();
			const opening =
				block.at >= begin && changed === undefined ? payload.decryptAside(block.at, block.bytes) : undefined;
			// It is awaited once the check is done with the block; until then its failure is nobody's.
			opening?.catch(() => {});
			await check?.take(block);
			const plaintext = await opening;
			if (plaintext !== undefined) {
				changed = plaintext.changed;
				given += plaintext.bytes;
				await options.sink.append(plaintext.pieces);
			}
			const progress = meter.reached(block.at + block.bytes.length);
			if (progress !== undefined) yield { type: "progress", ...progress };
		}
		const damage = changed === undefined ? [] : [chunkFinding(payload.changed(changed))];
		const alone = await check?.report();
		const report = alone && withFindings(alone, [...damage, ...compareUnlocked(alone, unlocked)]);
		const cut = payload.ending === "cut";
		yield {
			type: "decrypted",
			report,
			ending: payload.ending,
			bytes: cut && report !== undefined ? Math.min(given, plaintextBefore(report.bytes - begin)) : given,
			broken: report === undefined ? cut || changed !== undefined : report.verdict === "broken",
		};
	} finally {
		await unlocked?.payload.close();
		await age.close();
	}
}

function chunkFinding({ message }: EvidenceFileError): CustodyFinding {
	return { severity: "failure", code: "ciphertext", message };
}

/** Plaintext of the whole chunks in so many bytes of them. */
function plaintextBefore(sealedBytes: number): number {
	return Math.max(0, Math.floor(sealedBytes / SEALED_CHUNK_BYTES)) * CHUNK_BYTES;
}
