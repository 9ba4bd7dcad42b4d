import {
	LIST_MAX,
	type RecordingMetadata,
	type RecordingSummary,
	RecordingsError,
	recordingMetadata,
	recordingsInfo,
	recordingsList,
	recordingsRead,
} from "@bodycam/protocol/camera/recordings";
import { decodeCbor } from "@bodycam/protocol/cbor/codec";
import { parse } from "@bodycam/protocol/schema/validate";
import { GroupError, type GroupErrorDeclaration } from "@bodycam/protocol/smp/errors";
import type { SmpServer } from "@bodycam/protocol/smp/server";
import type { MediaMemory } from "../hal/media-memory.ts";
import { type ExtentStore, StoreError, type StoreErrorCode } from "../storage/store-interface.ts";
import { READ_BYTES } from "./limits.ts";
import type { ReadBuffers } from "./read-buffers.ts";

/** What the handlers of the recordings group need. */
export interface RecordingsServices {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Where recordings are kept. */
	readonly store: Pick<ExtentStore, "list" | "find" | "metadata" | "read">;
	/** Where they are read to, `READ_BYTES` each. */
	readonly buffers: ReadBuffers;
}

/** Answers the recordings group. */
export function registerRecordingsHandlers(server: SmpServer, services: RecordingsServices): void {
	const { memory, store, buffers } = services;

	server.register(recordingsList, async ({ from = 1, max = LIST_MAX }) => {
		const lines = await answering(() => store.list(from, Math.min(max, LIST_MAX) + 1));
		const recordings: RecordingSummary[] = [];
		for (const { number } of lines.slice(0, Math.min(max, LIST_MAX))) {
			recordings.push(summarize(await readMetadata(store, number)));
		}
		const next = lines[recordings.length]?.number;
		return { recordings, next };
	});

	server.register(recordingsInfo, async ({ number }) => ({ recording: await readMetadata(store, number) }));

	server.register(recordingsRead, async ({ number, off, len = READ_BYTES }) => {
		const line = await answering(() => store.find(number));
		if (line === undefined) throw new GroupError(RecordingsError.noSuchRecording);
		if (line.state === "recording") throw new GroupError(RecordingsError.stillRecording);
		const total = line.bytes;
		const wanted = Math.min(len, READ_BYTES, Math.max(0, total - off));
		if (wanted === 0) return { off, data: new Uint8Array(0), total };
		const buffer = await buffers.take();
		try {
			const read = await answering(() => store.read(number, off, wanted, buffer));
			return { off, data: new Uint8Array(memory.memory, buffer, read).slice(), total };
		} finally {
			buffers.give(buffer);
		}
	});
}

async function readMetadata(store: RecordingsServices["store"], number: number): Promise<RecordingMetadata> {
	return parse(recordingMetadata, decodeCbor(await answering(() => store.metadata(number))));
}

function summarize(metadata: RecordingMetadata): RecordingSummary {
	const { number, state, bytes, video, preRecord, startedAt } = metadata;
	const durationMs = Math.max(0, video.lastMs - video.firstMs);
	return { number, state, bytes, durationMs, preRecordMs: preRecord.deliveredMs, startedAt };
}

const ERRORS: Partial<Readonly<Record<StoreErrorCode, GroupErrorDeclaration>>> = {
	absent: RecordingsError.noCard,
	"not-ready": RecordingsError.cardNotReady,
	"no-such-recording": RecordingsError.noSuchRecording,
};

/** What the store answers, its errors as those of the group. */
async function answering<T>(request: () => T | Promise<T>): Promise<T> {
	try {
		return await request();
	} catch (error) {
		if (!(error instanceof StoreError)) throw error;
		throw new GroupError(ERRORS[error.code] ?? RecordingsError.cardFailed);
	}
}
