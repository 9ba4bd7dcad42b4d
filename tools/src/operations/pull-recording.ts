import { rename, rm } from "node:fs/promises";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import { readRecordingInfo } from "../client/camera.ts";
import type { SmpClient } from "../client/smp-client.ts";
import { RefusedError, VerificationError } from "../errors.ts";
import { isThere } from "./pull/existing-file.ts";
import { fileBytes, hashFile } from "./pull/file-hash.ts";
import { lockPart } from "./pull/part-lock.ts";
import type { PullEvent } from "./pull/pull-event.ts";
import { receive } from "./pull/receive.ts";
import { type ResumeKey, readResumePoint, removeResumeRecord } from "./pull/resume-record.ts";

export type { PullEvent } from "./pull/pull-event.ts";

/** What to pull and where to. */
export interface PullOptions {
	/** Number of the recording. */
	readonly number: number;
	/** Where it goes. Until it is whole and verified the bytes are in `FILE.part`. */
	readonly file: string;
	/** Replaces a file of that name that is something else, once the new one is verified. */
	readonly overwrite?: boolean;
	/** Stops; what was received is kept for the next pull. */
	readonly signal?: AbortSignal | undefined;
}

/**
 * Pulls a recording into a file: as many requests under way as the camera holds, resumed where an earlier pull of
 * the same recording stopped, verified by length and SHA-256, and renamed to its name only then.
 * @throws {RefusedError} when there is no such recording, it is still being made, or another pull writes the file
 * @throws {UsageError} when the file is there and is something else
 * @throws {ConnectionError} when the line breaks; the next pull goes on from there
 * @throws {VerificationError} when the bytes are not those the camera hashed
 */
export async function* pullRecording(
	client: SmpClient,
	options: PullOptions,
): AsyncGenerator<PullEvent, void, undefined> {
	const { file, number, signal } = options;
	const started = performance.now();
	const metadata = await readRecordingInfo(client, number, { signal });
	const key = resumeKey(metadata);
	if (await isThere(file, key, options)) {
		yield { type: "estimate", metadata, total: key.bytes, resumedAt: key.bytes, rate: 0, seconds: 0 };
		yield { ...summary(metadata, file, key, 0, performance.now() - started) };
		return;
	}
	const part = `${file}.part`;
	const lock = lockPart(part);
	try {
		const resumedAt = await readResumePoint(part, key, (await fileBytes(part)) ?? 0);
		yield* receive(client, { metadata, key, part, resumedAt, signal });
		yield { type: "verifying", total: key.bytes };
		await verify(part, key, signal);
		await rename(part, file);
		await removeResumeRecord(part);
		yield { ...summary(metadata, file, key, key.bytes - resumedAt, performance.now() - started) };
	} finally {
		lock.release();
	}
}

function summary(
	metadata: RecordingMetadata,
	file: string,
	key: ResumeKey,
	transferred: number,
	elapsedMs: number,
): PullEvent {
	const rate = elapsedMs > 0 ? (transferred * 1000) / elapsedMs : 0;
	return { type: "done", metadata, file, total: key.bytes, transferred, elapsedMs, rate, sha256: key.sha256 };
}

function resumeKey(metadata: RecordingMetadata): ResumeKey {
	if (metadata.state === "recording" || metadata.sha256 === undefined)
		throw new RefusedError(`recording ${metadata.number} is still being made`, {
			hint: "Stop the recording, then pull it.",
		});
	const { device, number, bytes, sha256 } = metadata;
	return { device, number, bytes, sha256: Buffer.from(sha256).toString("hex") };
}

async function verify(part: string, key: ResumeKey, signal: AbortSignal | undefined): Promise<void> {
	const bytes = await fileBytes(part);
	const sha256 = await hashFile(part, signal);
	if (bytes === key.bytes && sha256 === key.sha256) return;
	// Nobody knows which bytes are wrong: the next pull begins anew.
	await rm(part, { force: true });
	await removeResumeRecord(part);
	const what =
		bytes === key.bytes
			? `its SHA-256 is ${sha256}, not ${key.sha256}`
			: `it has ${bytes} bytes, not ${key.bytes}`;
	throw new VerificationError(`recording ${key.number} arrived damaged: ${what}`, {
		hint: "Pull it again; if that fails too, take the card out and use `bodycam card extract`.",
	});
}
