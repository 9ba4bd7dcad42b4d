import { type FileHandle, open, rename, rm } from "node:fs/promises";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import { readRecordingInfo } from "../client/camera.ts";
import type { SmpClient } from "../client/smp-client.ts";
import { BodycamError, RefusedError, UsageError, VerificationError } from "../errors.ts";
import { fileBytes, hashFile } from "./pull/file-hash.ts";
import { RateMeter } from "./pull/rate-meter.ts";
import {
	type ResumeKey,
	readResumePoint,
	removeResumeRecord,
	writeResumeRecord,
} from "./pull/resume-record.ts";
import { Transfer } from "./pull/transfer.ts";

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

/** What pulling a recording yields. Bytes count from the start of the recording, rates are bytes a second. */
export type PullEvent =
	/** First of all: what there is to do. `seconds` and `rate` from the first answers. */
	| {
			readonly type: "estimate";
			readonly metadata: RecordingMetadata;
			readonly total: number;
			/** Bytes an earlier pull has left. */
			readonly resumedAt: number;
			readonly rate: number;
			readonly seconds: number;
	  }
	| {
			readonly type: "progress";
			readonly bytes: number;
			readonly total: number;
			readonly rate: number;
			/** Time left, ms. */
			readonly remainingMs: number;
	  }
	/** All bytes are there; length and SHA-256 are being checked. */
	| { readonly type: "verifying"; readonly total: number }
	| {
			readonly type: "done";
			readonly metadata: RecordingMetadata;
			readonly file: string;
			readonly total: number;
			/** Bytes this pull transferred; 0 when the file was there already. */
			readonly transferred: number;
			readonly elapsedMs: number;
			/** Over the whole transfer. */
			readonly rate: number;
			/** SHA-256 of the file, hexadecimal, as verified. */
			readonly sha256: string;
	  };

/** Time between progress events, ms. */
const PROGRESS_MS = 100;

/** Time between resume records, ms. */
const RECORD_MS = 500;

const RATE_WINDOW_MS = 3000;

/**
 * Pulls a recording into a file: as many requests under way as the camera holds, resumed where an earlier pull of
 * the same recording stopped, verified by length and SHA-256, and renamed to its name only then.
 * @throws {RefusedError} when there is no such recording or it is still being made
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
	const resumedAt = await readResumePoint(part, key, (await fileBytes(part)) ?? 0);
	yield* receive(client, { metadata, key, part, resumedAt, signal });
	yield { type: "verifying", total: key.bytes };
	await verify(part, key, signal);
	await rename(part, file);
	await removeResumeRecord(part);
	yield { ...summary(metadata, file, key, key.bytes - resumedAt, performance.now() - started) };
}

interface Reception {
	readonly metadata: RecordingMetadata;
	readonly key: ResumeKey;
	readonly part: string;
	readonly resumedAt: number;
	readonly signal: AbortSignal | undefined;
}

async function* receive(client: SmpClient, reception: Reception): AsyncGenerator<PullEvent, void, undefined> {
	const { metadata, key, part, resumedAt, signal } = reception;
	const handle = await open(part, resumedAt > 0 ? "r+" : "w");
	const transfer = new Transfer(client, {
		number: key.number,
		total: key.bytes,
		from: resumedAt,
		write: (offset, data) => writeAll(handle, offset, data),
		signal,
	});
	const save = () => writeResumeRecord(part, { ...key, received: transfer.received.whole });
	let whole = false;
	try {
		await save();
		const meter = new RateMeter(RATE_WINDOW_MS);
		const started = performance.now();
		meter.note(started, resumedAt);
		transfer.start();
		// The first window of answers tells what the line carries; they are part of the transfer.
		const sample = Math.min(key.bytes, resumedAt + transfer.pieceBytes * client.window);
		while (transfer.received.bytes < sample) await transfer.progress(PROGRESS_MS);
		meter.note(performance.now(), transfer.received.bytes);
		const left = key.bytes - transfer.received.bytes;
		const seconds = meter.rate > 0 ? left / meter.rate : 0;
		yield { type: "estimate", metadata, total: key.bytes, resumedAt, rate: meter.rate, seconds };
		let saved = performance.now();
		let shown = saved;
		while (!whole) {
			await transfer.progress(PROGRESS_MS);
			whole = transfer.done;
			const now = performance.now();
			if (now - saved >= RECORD_MS) {
				await save();
				saved = now;
			}
			if (now - shown < PROGRESS_MS && !whole) continue;
			shown = now;
			meter.note(now, transfer.received.bytes);
			yield progress(transfer.received.bytes, key.bytes, meter.rate);
		}
	} finally {
		// Also when the reader stops: what is under way ends, and what arrived is kept for the next pull.
		await transfer.settle();
		const kept = save().then(() => handle.sync());
		await (whole ? kept : kept.catch(() => {}));
		await handle.close();
	}
}

function progress(bytes: number, total: number, rate: number): PullEvent {
	return {
		type: "progress",
		bytes,
		total,
		rate,
		remainingMs: rate > 0 ? ((total - bytes) * 1000) / rate : 0,
	};
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

/** Whether the file is there and is this recording already. */
async function isThere(file: string, key: ResumeKey, options: PullOptions): Promise<boolean> {
	const bytes = await fileBytes(file);
	if (bytes === undefined) return false;
	if (bytes === key.bytes && (await hashFile(file, options.signal)) === key.sha256) return true;
	if (options.overwrite === true) return false;
	throw new UsageError(`${file} is there already and is not recording ${key.number}`, {
		hint: "Name another file, or move this one away.",
	});
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

async function writeAll(handle: FileHandle, offset: number, data: Uint8Array): Promise<void> {
	try {
		for (let at = 0; at < data.length; ) {
			const { bytesWritten } = await handle.write(data, at, data.length - at, offset + at);
			at += bytesWritten;
		}
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
		throw new BodycamError("the disk is full", {
			hint: "Make room, then pull again: it goes on where it stopped.",
			cause: error,
		});
	}
}
