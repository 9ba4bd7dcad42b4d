import { constants, copyFile } from "node:fs/promises";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { SignerExpectation } from "@bodycam/protocol/custody/signer-check";
import type { CustodyReport } from "@bodycam/protocol/custody/verifier";
import { sameBytes } from "@bodycam/protocol/trust/signed-document";
import { readRecordingBytes, readRecordingInfo } from "../client/camera.ts";
import type { SmpClient } from "../client/smp-client.ts";
import { type EvidencePair, evidenceFiles } from "../evidence/evidence-pair.ts";
import { verifyEvidence } from "./evidence/verify.ts";
import { goesOn, isThere } from "./pull/existing-file.ts";
import { fileBytes, hashFile } from "./pull/file-hash.ts";
import type { ArrivalEvent } from "./pull/pull-event.ts";
import { type Arrived, checkHash, damaged, pullPart } from "./pull/pull-part.ts";
import { resumeKey } from "./pull-recording.ts";

/** What to pull and where to. */
export interface PullEvidenceOptions extends SignerExpectation {
	/** Number of the recording. */
	readonly number: number;
	/** What the names of its two files have in common. */
	readonly base: string;
	/** Replaces files of these names that are something else, once the new ones are verified. */
	readonly overwrite?: boolean;
	/** Stops; what was received is kept for the next pull. */
	readonly signal?: AbortSignal | undefined;
}

/** What pulling both files of a recording yields. */
export type PullEvidenceEvent =
	/** Of the custody record, then of the age file. */
	| ({ readonly part: "custody" | "age" } & ArrivalEvent)
	| {
			readonly type: "done";
			readonly metadata: RecordingMetadata;
			/** The two files; of a broken recording their names say so. */
			readonly files: EvidencePair;
			/** Bytes of both. */
			readonly total: number;
			/** Bytes this pull transferred; 0 when both were there already. */
			readonly transferred: number;
			/** Whether the age file was there already, and its custody record alone was fetched. */
			readonly recordOnly: boolean;
			readonly elapsedMs: number;
			/** SHA-256 of the age file, hexadecimal, as verified. */
			readonly sha256: string;
			/** What verifying the two files found. */
			readonly report: CustodyReport;
	  };

/**
 * Pulls a recording: its custody record, then the age file, each resumed where an earlier pull stopped. They get their
 * names together, once the hash of the age file is the camera's, and both have been verified against each other. A custody
 * record goes on when a reason is given after the recording: then it alone is fetched again.
 * @throws {RefusedError} when there is no such recording, it is still being made, or another pull writes a file
 * @throws {UsageError} when a file is there and is something else
 * @throws {ConnectionError} when the line breaks; the next pull goes on from there
 * @throws {VerificationError} when the bytes are not those the camera hashed
 */
export async function* pullEvidence(
	client: SmpClient,
	options: PullEvidenceOptions,
): AsyncGenerator<PullEvidenceEvent, void, undefined> {
	const { number, base, signal } = options;
	const started = performance.now();
	const metadata = await readRecordingInfo(client, number, { signal });
	const key = resumeKey(metadata);
	const recordBytes = await recordLength(client, number, signal);
	const files = evidenceFiles(base);
	const done = { type: "done", metadata, total: key.bytes + recordBytes, sha256: key.sha256 } as const;
	const recordOnly = await isThere(files.age, key, options);
	if (recordOnly && (await fileBytes(files.record)) === recordBytes) {
		const report = await verifyPair(files, options);
		const elapsedMs = performance.now() - started;
		yield { ...done, files, transferred: 0, recordOnly: false, elapsedMs, report };
		return;
	}
	const arrived: Arrived[] = [];
	try {
		const what = { part: "custody", key: { ...key, bytes: recordBytes }, file: files.record } as const;
		const record = yield* labelled("custody", pullPart(client, { metadata, ...what, signal }));
		arrived.push(record);
		// Before the age file, which takes long.
		await replaceable(files.record, record, options);
		let age: Arrived | undefined;
		if (!recordOnly) {
			const part = { part: "age", key, file: files.age } as const;
			age = yield* labelled("age", pullPart(client, { metadata, ...part, signal }));
			arrived.push(age);
			await checkHash(age, key, signal);
		}
		const pair = { base, age: age?.path ?? files.age, record: record.path };
		const report = await verifyPair(pair, options);
		if (
			metadata.finalHash !== undefined &&
			!sameBytes(report.hash ?? new Uint8Array(0), metadata.finalHash)
		) {
			await record.discard();
			throw damaged(key, "its custody record does not end with the hash the camera tells");
		}
		const named = report.verdict === "broken" ? evidenceFiles(`${base}.unverified`) : files;
		await record.keep(named.record);
		await age?.keep(named.age);
		// What is here already is good and keeps its name.
		if (age === undefined && named !== files)
			await copyFile(files.age, named.age, constants.COPYFILE_FICLONE);
		const transferred = record.transferred + (age?.transferred ?? 0);
		const elapsedMs = performance.now() - started;
		yield { ...done, files: named, transferred, recordOnly, elapsedMs, report };
	} finally {
		for (const one of arrived) one.release();
	}
}

/** Tells which file the events are about. */
async function* labelled(
	part: "custody" | "age",
	pull: AsyncGenerator<ArrivalEvent, Arrived, undefined>,
): AsyncGenerator<PullEvidenceEvent, Arrived, undefined> {
	try {
		for (let next = await pull.next(); ; next = await pull.next()) {
			if (next.done === true) return next.value;
			yield { part, ...next.value };
		}
	} finally {
		// Also when the reader stops.
		await pull.return(undefined as never);
	}
}

/** The length of a recording's custody record, which an answer with none of its bytes tells. */
async function recordLength(
	client: SmpClient,
	number: number,
	signal: AbortSignal | undefined,
): Promise<number> {
	const answer = await readRecordingBytes(client, { number, part: "custody", off: 0, len: 1 }, { signal });
	return answer.total;
}

/**
 * Checks that a custody record which has its name already is the one that has arrived, as after a pull that was stopped
 * between the names of the two, or what that begins with.
 * @throws {UsageError} when it is another that may not be replaced
 */
async function replaceable(file: string, arrived: Arrived, options: PullEvidenceOptions): Promise<void> {
	const { number, overwrite, signal } = options;
	if (await goesOn(file, arrived.path, signal)) return;
	const expected = {
		number,
		bytes: (await fileBytes(arrived.path)) ?? 0,
		sha256: await hashFile(arrived.path, signal),
	};
	try {
		await isThere(file, expected, { overwrite: overwrite === true, signal });
	} catch (error) {
		await arrived.discard();
		throw error;
	}
}

async function verifyPair(files: EvidencePair, options: PullEvidenceOptions): Promise<CustodyReport> {
	for await (const event of verifyEvidence([files], options))
		if (event.type === "recording") return event.report;
	throw new Error("verifying a recording has no result");
}
