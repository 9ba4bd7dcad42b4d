import { type FileHandle, open } from "node:fs/promises";
import type { RecordingMetadata, RecordingPart } from "@bodycam/protocol/camera/recordings";
import type { SmpClient } from "../../client/smp-client.ts";
import { DiskFullError } from "../../errors.ts";
import type { ArrivalEvent } from "./pull-event.ts";
import { RateMeter } from "./rate-meter.ts";
import { type ResumeKey, writeResumeRecord } from "./resume-record.ts";
import { Transfer } from "./transfer.ts";

/** Time between progress events, ms. */
const PROGRESS_MS = 100;

/** Time between resume records, ms. */
const RECORD_MS = 500;

/** Time the rate is averaged over, ms. */
const RATE_WINDOW_MS = 3000;

/** Time the rate for the estimate is measured, ms; a slow line takes as long as its first window. */
const SAMPLE_MS = 250;

/** A recording to be received into a file. */
export interface Reception {
	readonly metadata: RecordingMetadata;
	/** Which of its files. */
	readonly which: RecordingPart;
	/** What it is, for the resume record. */
	readonly key: ResumeKey;
	/** The file. */
	readonly part: string;
	/** Bytes of it that are there already. */
	readonly resumedAt: number;
	readonly signal: AbortSignal | undefined;
}

/**
 * Receives a recording into its `.part` file, from where an earlier pull stopped. Whatever ends it, what arrived is
 * kept on the disk with a record of how much that is.
 */
export async function* receive(
	client: SmpClient,
	reception: Reception,
): AsyncGenerator<ArrivalEvent, void, undefined> {
	const { metadata, which, key, part, resumedAt, signal } = reception;
	const handle = await open(part, resumedAt > 0 ? "r+" : "w");
	const transfer = new Transfer(client, {
		number: key.number,
		part: which,
		total: key.bytes,
		from: resumedAt,
		write: (offset, data) => writeAll(handle, offset, data),
		signal,
	});
	const save = () => writeResumeRecord(part, { ...key, received: transfer.received.whole });
	let whole = false;
	try {
		await save();
		transfer.start();
		const rate = await measureRate(transfer, resumedAt + transfer.pieceBytes * client.window);
		const seconds = rate > 0 ? (key.bytes - transfer.received.bytes) / rate : 0;
		yield { type: "estimate", metadata, total: key.bytes, resumedAt, rate, seconds };
		const meter = new RateMeter(RATE_WINDOW_MS);
		meter.note(performance.now(), transfer.received.bytes);
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

/**
 * What the line carries, bytes a second, from the first answers; they are part of the transfer. The very first are
 * left out where there are enough others: camera and program are slow to start.
 */
async function measureRate(transfer: Transfer, firstWindow: number): Promise<number> {
	const started = performance.now();
	const before = transfer.received.bytes;
	while (!transfer.done && transfer.received.bytes < firstWindow) await transfer.progress(PROGRESS_MS);
	const warm = performance.now();
	const warmBytes = transfer.received.bytes;
	while (!transfer.done && performance.now() - started < SAMPLE_MS) await transfer.progress(PROGRESS_MS);
	const end = performance.now();
	const bytes = transfer.received.bytes;
	const [since, from] = end - warm > SAMPLE_MS / 2 ? [warm, warmBytes] : [started, before];
	return end > since ? ((bytes - from) * 1000) / (end - since) : 0;
}

function progress(bytes: number, total: number, rate: number): ArrivalEvent {
	return {
		type: "progress",
		bytes,
		total,
		rate,
		remainingMs: rate > 0 ? ((total - bytes) * 1000) / rate : 0,
	};
}

async function writeAll(handle: FileHandle, offset: number, data: Uint8Array): Promise<void> {
	try {
		for (let at = 0; at < data.length; ) {
			const { bytesWritten } = await handle.write(data, at, data.length - at, offset + at);
			at += bytesWritten;
		}
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
		throw new DiskFullError("the disk is full", {
			hint: "Make room, then pull again: it goes on where it stopped.",
			cause: error,
		});
	}
}
