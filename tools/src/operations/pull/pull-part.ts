import { rename, rm } from "node:fs/promises";
import type { RecordingMetadata, RecordingPart } from "@bodycam/protocol/camera/recordings";
import type { SmpClient } from "../../client/smp-client.ts";
import { VerificationError } from "../../errors.ts";
import { fileBytes, hashFile } from "./file-hash.ts";
import { lockPart } from "./part-lock.ts";
import type { ArrivalEvent } from "./pull-event.ts";
import { receive } from "./receive.ts";
import { type ResumeKey, readResumePoint, removeResumeRecord } from "./resume-record.ts";

/** One of the two files of a recording, to be pulled. */
export interface PartToPull {
	/** What is known about the recording. */
	readonly metadata: RecordingMetadata;
	/** Which of its files. */
	readonly part: RecordingPart;
	/** Which recording it is, and the length of this file. */
	readonly key: ResumeKey;
	/** Where it goes. */
	readonly file: string;
	readonly signal: AbortSignal | undefined;
}

/** A file that has arrived, and does not have its name yet. */
export interface Arrived {
	/** Where it is. */
	readonly path: string;
	/** Bytes this pull transferred. */
	readonly transferred: number;
	/** Gives it a name: that it was pulled to, or another. */
	keep(name?: string): Promise<void>;
	/** Removes it: nobody knows which bytes are wrong, the next pull begins anew. */
	discard(): Promise<void>;
	/** Lets other pulls write it; to be called in any case. What is neither kept nor discarded, the next pull goes on with. */
	release(): void;
}

/**
 * Receives one file of a recording into `FILE.part`, from where an earlier pull of the same recording stopped, and checks
 * its length. The caller checks what is in it.
 * @throws {RefusedError} when another pull writes it
 * @throws {ConnectionError} when the line breaks; the next pull goes on from there
 * @throws {VerificationError} when its length is another
 */
export async function* pullPart(
	client: SmpClient,
	{ metadata, part: which, key, file, signal }: PartToPull,
): AsyncGenerator<ArrivalEvent, Arrived, undefined> {
	const path = `${file}.part`;
	const lock = lockPart(path);
	let arrived = false;
	try {
		const resumedAt = await readResumePoint(path, key, (await fileBytes(path)) ?? 0);
		yield* receive(client, { metadata, which, key, part: path, resumedAt, signal });
		const result: Arrived = {
			path,
			transferred: key.bytes - resumedAt,
			async keep(name = file) {
				await rename(path, name);
				await removeResumeRecord(path);
			},
			async discard() {
				await rm(path, { force: true });
				await removeResumeRecord(path);
			},
			release: () => lock.release(),
		};
		yield { type: "verifying", total: key.bytes };
		const bytes = await fileBytes(path);
		if (bytes !== key.bytes) {
			await result.discard();
			throw damaged(key, `it has ${bytes} bytes, not ${key.bytes}`);
		}
		arrived = true;
		return result;
	} finally {
		if (!arrived) lock.release();
	}
}

/** Checks the hash of the age file that has arrived. @throws {VerificationError} when it is another; then it is gone */
export async function checkHash(
	arrived: Arrived,
	key: ResumeKey,
	signal: AbortSignal | undefined,
): Promise<void> {
	const sha256 = await hashFile(arrived.path, signal);
	if (sha256 === key.sha256) return;
	await arrived.discard();
	throw damaged(key, `its SHA-256 is ${sha256}, not ${key.sha256}`);
}

/** What is wrong with a recording that is not what the camera says it is. */
export function damaged({ number }: Pick<ResumeKey, "number">, what: string): VerificationError {
	return new VerificationError(`recording ${number} arrived damaged: ${what}`, {
		hint: "Pull it again; if that fails too, take the card out and use `bodycam card extract`.",
	});
}
