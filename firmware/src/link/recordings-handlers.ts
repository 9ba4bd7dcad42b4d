import {
	LIST_MAX,
	type RecordingMetadata,
	type RecordingSummary,
	RecordingsError,
	recordingMetadata,
	recordingsErase,
	recordingsInfo,
	recordingsList,
	recordingsRead,
} from "@bodycam/protocol/camera/recordings";
import { decodeCbor } from "@bodycam/protocol/cbor/codec";
import { parse } from "@bodycam/protocol/schema/validate";
import { GroupError, type GroupErrorDeclaration } from "@bodycam/protocol/smp/errors";
import type { SmpServer } from "@bodycam/protocol/smp/server";
import type { RecordingEraser } from "../evidence/eraser.ts";
import type { MediaMemory } from "../hal/media-memory.ts";
import {
	type ExtentStore,
	type StoredRecording,
	StoreError,
	type StoreErrorCode,
} from "../storage/store-interface.ts";
import { READ_BYTES } from "./limits.ts";
import type { ReadBuffers } from "./read-buffers.ts";

/** What the handlers of the recordings group need. */
export interface RecordingsServices {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Where recordings are kept. */
	readonly store: Pick<ExtentStore, "list" | "find" | "metadata" | "receipt" | "read" | "readRecord">;
	/** Where they are read to, `READ_BYTES` each. */
	readonly buffers: ReadBuffers;
	/** Erases them on receipts. */
	readonly eraser: Pick<RecordingEraser, "erase">;
}

/** Answers the recordings group. */
export function registerRecordingsHandlers(server: SmpServer, services: RecordingsServices): void {
	const { memory, store, buffers, eraser } = services;

	server.register(recordingsList, async ({ from = 1, max = LIST_MAX }) => {
		const lines = await answering(() => store.list(from, Math.min(max, LIST_MAX) + 1));
		const recordings: RecordingSummary[] = [];
		for (const { number, state } of lines.slice(0, Math.min(max, LIST_MAX))) {
			recordings.push(summarize(await readMetadata(store, number), state));
		}
		const next = lines[recordings.length]?.number;
		return { recordings, next };
	});

	server.register(recordingsInfo, async ({ number }) => {
		const recording = await readMetadata(store, number);
		const receipt = await answering(() => store.receipt(number));
		if (receipt === undefined) return { recording };
		return { recording: { ...recording, state: "erased" as const }, receipt };
	});

	server.register(recordingsErase, async ({ receipt }) => ({
		number: await answering(() => eraser.erase(receipt)),
	}));

	server.register(recordingsRead, async ({ number, part = "age", off, len = READ_BYTES }) => {
		const line = await answering(() => store.find(number));
		if (line === undefined) throw new GroupError(RecordingsError.noSuchRecording);
		if (line.state === "recording") throw new GroupError(RecordingsError.stillRecording);
		if (line.state === "erased") throw new GroupError(RecordingsError.erased);
		const total = part === "age" ? line.bytes : line.recordBytes;
		const wanted = Math.min(len, READ_BYTES, Math.max(0, total - off));
		if (wanted === 0) return { off, data: new Uint8Array(0), total };
		const buffer = await buffers.take();
		try {
			const read = await answering(() =>
				part === "age"
					? store.read(number, off, wanted, buffer)
					: store.readRecord(number, off, wanted, buffer),
			);
			return { off, data: new Uint8Array(memory.memory, buffer, read).slice(), total };
		} finally {
			buffers.give(buffer);
		}
	});
}

async function readMetadata(store: RecordingsServices["store"], number: number): Promise<RecordingMetadata> {
	return parse(recordingMetadata, decodeCbor(await answering(() => store.metadata(number))));
}

/** Metadata tell how a recording ended, the card whether it is still there. */
function summarize(metadata: RecordingMetadata, stored: StoredRecording["state"]): RecordingSummary {
	const { number, bytes, video, preRecord, startedAt } = metadata;
	const state = stored === "erased" ? stored : metadata.state;
	const durationMs = Math.max(0, video.lastMs - video.firstMs);
	return { number, state, bytes, durationMs, preRecordMs: preRecord.deliveredMs, startedAt };
}

const ERRORS: Partial<Readonly<Record<StoreErrorCode, GroupErrorDeclaration>>> = {
	absent: RecordingsError.noCard,
	"not-ready": RecordingsError.cardNotReady,
	"no-such-recording": RecordingsError.noSuchRecording,
	erased: RecordingsError.erased,
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
