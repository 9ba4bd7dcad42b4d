import type { CustodyFinding } from "@bodycam/protocol/custody/finding";
import { checkNeighbours, isSameRecording } from "@bodycam/protocol/custody/neighbours";
import type { SignerExpectation } from "@bodycam/protocol/custody/signer-check";
import type { CustodyReport } from "@bodycam/protocol/custody/verifier";
import { AgeFile } from "../../evidence/age-file.ts";
import { EvidenceCheck, withFindings } from "../../evidence/evidence-check.ts";
import { EvidenceFileError } from "../../evidence/evidence-error.ts";
import type { EvidencePair } from "../../evidence/evidence-pair.ts";
import { readRecordFile } from "../../evidence/record-file.ts";
import { type FileProgress, ProgressMeter } from "./progress-meter.ts";

/** What recordings are verified against. */
export interface VerifyEvidenceOptions extends SignerExpectation {
	/** Only the records: the recordings are not here any more. */
	readonly recordOnly?: boolean;
	/** The recordings are a selection: numbers between them that are missing are noted, and no failure. */
	readonly selection?: boolean;
	readonly signal?: AbortSignal | undefined;
}

/** A recording that was verified. */
export interface VerifiedEvidence {
	/** Its files. */
	readonly files: EvidencePair;
	/** What was found about it alone. */
	readonly report: CustodyReport;
}

/** What was found about how recordings follow one another. */
export interface VerifiedContinuity {
	/** Serial number of the camera. */
	readonly device: string;
	/** Numbers of the two recordings. */
	readonly between: readonly [earlier: number, later: number];
	/** What was found; empty when one follows the other. */
	readonly findings: readonly CustodyFinding[];
}

/** A recording that is given twice: two copies of the same, and nothing is wrong with either. */
export interface RepeatedEvidence {
	/** Serial number of the camera. */
	readonly device: string;
	/** Number of the recording. */
	readonly recording: number;
	/** Files of the two copies; the first one is compared with its neighbours. */
	readonly copies: readonly [EvidencePair, EvidencePair];
	/** The copy whose custody record goes on further, with a reason that was given afterwards; undefined when they are alike. */
	readonly longer: EvidencePair | undefined;
}

/** What verifying recordings yields. */
export type VerifyEvidenceEvent =
	| ({ readonly type: "progress"; readonly files: EvidencePair } & FileProgress)
	| ({ readonly type: "recording" } & VerifiedEvidence)
	| ({ readonly type: "repeated" } & RepeatedEvidence)
	| ({ readonly type: "continuity" } & VerifiedContinuity);

/**
 * Verifies recordings one after the other, then how those of each camera follow one another.
 * @throws the system's error when a file cannot be read
 */
export async function* verifyEvidence(
	pairs: readonly EvidencePair[],
	options: VerifyEvidenceOptions,
): AsyncGenerator<VerifyEvidenceEvent, void, undefined> {
	const verified: VerifiedEvidence[] = [];
	for (const files of pairs) {
		const report = yield* verifyOne(files, options);
		verified.push({ files, report });
		yield { type: "recording", files, report };
	}
	yield* verifyContinuity(verified, options.selection === true);
}

async function* verifyOne(
	files: EvidencePair,
	options: VerifyEvidenceOptions,
): AsyncGenerator<VerifyEvidenceEvent, CustodyReport, undefined> {
	const record = await unlessNoEvidence(readRecordFile(files.record));
	if (record instanceof EvidenceFileError) return unreadable(record, options);
	if (options.recordOnly === true) return new EvidenceCheck(record, undefined, options).report();
	const age = await unlessNoEvidence(AgeFile.openAny(files.age));
	if (age instanceof EvidenceFileError) {
		const alone = await new EvidenceCheck(record, undefined, options).report();
		return withFindings(alone, [{ severity: "failure", code: "ciphertext", message: age.message }]);
	}
	try {
		const check = new EvidenceCheck(record, age, options);
		if (age.problem !== undefined)
			check.add([{ severity: "failure", code: "ciphertext", message: age.problem.message }]);
		const meter = new ProgressMeter(age.bytes);
		for await (const block of age.sealed()) {
			options.signal?.throwIfAborted();
			await check.take(block);
			const progress = meter.reached(block.at + block.bytes.length);
			if (progress !== undefined) yield { type: "progress", files, ...progress };
		}
		return await check.report();
	} finally {
		await age.close();
	}
}

async function unlessNoEvidence<T>(opening: Promise<T>): Promise<T | EvidenceFileError> {
	try {
		return await opening;
	} catch (error) {
		if (error instanceof EvidenceFileError) return error;
		throw error;
	}
}

/** The report on a record that could not be read at all. */
async function unreadable(
	{ message }: EvidenceFileError,
	options: VerifyEvidenceOptions,
): Promise<CustodyReport> {
	const empty = await new EvidenceCheck(new Uint8Array(0), undefined, options).report();
	return { ...empty, findings: [{ severity: "failure", code: "malformed", message }] };
}

/** Compares each recording of a camera with the next one that is there. */
function* verifyContinuity(
	verified: readonly VerifiedEvidence[],
	selection: boolean,
): Generator<VerifyEvidenceEvent, void, undefined> {
	const byDevice = new Map<string, VerifiedEvidence[]>();
	for (const one of verified) {
		const { header } = one.report;
		if (header === undefined) continue;
		const { device, recording } = header;
		const others = byDevice.get(device) ?? [];
		const copy = others.find((other) => isCopy(one.report, other.report));
		if (copy !== undefined) {
			yield {
				type: "repeated",
				device,
				recording,
				copies: [copy.files, one.files],
				longer: longerOf(copy, one),
			};
			continue;
		}
		byDevice.set(device, [...others, one]);
	}
	for (const [device, recordings] of byDevice) {
		const number = ({ report }: VerifiedEvidence) => report.header?.recording ?? 0;
		recordings.sort((a, b) => number(a) - number(b));
		for (const [index, later] of recordings.entries()) {
			const earlier = recordings[index - 1];
			if (earlier === undefined) continue;
			const findings = checkNeighbours(earlier.report, later.report).map((found) =>
				selection && found.code === "missing" ? { ...found, severity: "note" as const } : found,
			);
			yield { type: "continuity", device, between: [number(earlier), number(later)], findings };
		}
	}
}

/** The copy with more items: behind the end of a record reasons can be added. */
function longerOf(one: VerifiedEvidence, other: VerifiedEvidence): EvidencePair | undefined {
	const [items, others] = [one.report.items, other.report.items];
	if (items === others) return undefined;
	return (items > others ? one : other).files;
}

/** Whether two recordings are the same up to their ends: where a copy is broken they are not. */
function isCopy(one: CustodyReport, other: CustodyReport): boolean {
	return one.verdict !== "broken" && other.verdict !== "broken" && isSameRecording(one, other);
}
