import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import { readRecordingInfo } from "../client/camera.ts";
import type { SmpClient } from "../client/smp-client.ts";
import { RefusedError } from "../errors.ts";
import { isThere } from "./pull/existing-file.ts";
import type { PullEvent } from "./pull/pull-event.ts";
import { checkHash, pullPart } from "./pull/pull-part.ts";
import type { ResumeKey } from "./pull/resume-record.ts";

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
 * Pulls the age file of a recording into a file: as many requests under way as the camera holds, resumed where an earlier pull of
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
	const arrived = yield* pullPart(client, { metadata, part: "age", key, file, signal });
	try {
		await checkHash(arrived, key, signal);
		await arrived.keep();
		yield { ...summary(metadata, file, key, arrived.transferred, performance.now() - started) };
	} finally {
		arrived.release();
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

/** Which recording it is. @throws {RefusedError} while it is still being made */
export function resumeKey(metadata: RecordingMetadata): ResumeKey {
	if (metadata.state === "recording" || metadata.sha256 === undefined)
		throw new RefusedError(`recording ${metadata.number} is still being made`, {
			hint: "Stop the recording, then pull it.",
		});
	const { device, number, bytes, sha256 } = metadata;
	return { device, number, bytes, sha256: Buffer.from(sha256).toString("hex") };
}
