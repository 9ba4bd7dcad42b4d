import { createHash } from "node:crypto";
import { type CameraEvent, eventsRead } from "@bodycam/protocol/camera/events";
import { type LogLine, logHistory, logRead, type StoredLogLine } from "@bodycam/protocol/camera/log";
import { provisioningRead } from "@bodycam/protocol/camera/provisioning";
import {
	type RecordingMetadata,
	RecordingsError,
	recordingsErase,
	recordingsInfo,
	recordingsList,
	recordingsRead,
} from "@bodycam/protocol/camera/recordings";
import { statusRead } from "@bodycam/protocol/camera/status";
import { peekReceipt } from "@bodycam/protocol/custody/receipt";
import { GroupError } from "@bodycam/protocol/smp/errors";
import {
	OsError,
	osDatetimeRead,
	osDatetimeWrite,
	osEcho,
	osParameters,
	osReset,
} from "@bodycam/protocol/smp/os";
import { formatDatetime, parseDatetime } from "@bodycam/protocol/smp/os-answers";
import { OPEN_SESSION } from "@bodycam/protocol/smp/role";
import { SmpServer } from "@bodycam/protocol/smp/server";
import type { Device } from "./memory-transport.ts";
import { SAMPLE_STATUS } from "./sample-status.ts";

/** A camera's side of the protocol with data the test can change, built on the server the firmware uses. */
export class FakeCamera {
	readonly recordings = new Map<
		number,
		{ metadata: RecordingMetadata; bytes: Uint8Array; record: Uint8Array }
	>();
	events: CameraEvent[] = [];
	lines: LogLine[] = [];
	history: StoredLogLine[] = [];
	/** Sequence of the oldest event still kept. */
	oldest = 1;
	boot = 1;
	wallMs: number | undefined;
	resets = 0;
	/** Offsets of the recording bytes asked for. */
	readonly reads: number[] = [];
	/** Of the bytes of custody records. */
	readonly recordReads: number[] = [];
	/** Bytes a read gives at most. */
	readLimit = Number.POSITIVE_INFINITY;
	/** Receipts of the recordings that were erased. */
	readonly receipts = new Map<number, Uint8Array>();
	/** Number of the newest recording, when it is not on the card. */
	newest: number | undefined;
	/** Answers reads itself, or leaves them to the camera when undefined. */
	onRead: ((off: number, data: Uint8Array) => { off: number; data: Uint8Array }) | undefined;
	readonly #server: SmpServer;

	/** Sizes as the os group tells them. */
	constructor(sizes: { bufferSize?: number; bufferCount?: number } = {}) {
		const { bufferSize = 512, bufferCount = 8 } = sizes;
		const server = new SmpServer({ bufferSize, bufferCount });
		this.#server = server;
		server.register(osEcho, ({ d }) => ({ r: d ?? "" }));
		server.register(osParameters, () => ({ buf_size: bufferSize, buf_count: bufferCount }));
		server.register(osReset, () => {
			this.resets += 1;
			return {};
		});
		server.register(osDatetimeRead, () => {
			if (this.wallMs === undefined) throw new GroupError(OsError.clockNotSet);
			return { datetime: formatDatetime(this.wallMs) };
		});
		server.register(osDatetimeWrite, ({ datetime }) => {
			this.wallMs = parseDatetime(datetime);
			return {};
		});
		server.register(eventsRead, ({ after = 0, max = 2 }) => {
			const events = this.events
				.filter((event) => event.sequence > Math.max(after, this.oldest - 1))
				.slice(0, max);
			return { events, ...this.#cursor(after, events) };
		});
		server.register(logRead, ({ after = 0, max = 2 }) => {
			const lines = this.lines.filter((line) => line.sequence > after).slice(0, max);
			return { lines, next: lines.at(-1)?.sequence ?? after, lost: 0, boot: this.boot };
		});
		server.register(logHistory, ({ after = 0, max = 2 }) => {
			const lines = this.history.filter(({ number }) => number > after).slice(0, max);
			return { lines, next: lines.at(-1)?.number ?? after, lost: 0, boot: this.boot };
		});
		this.#serveRecordings(server);
	}

	/** The device a transport leads to. */
	readonly device: Device = (packet, respond) => this.#server.handle(packet, OPEN_SESSION, respond);

	/** Puts a complete recording on the card. @param record - its custody record */
	addRecording(
		number: number,
		bytes: Uint8Array,
		changes: Partial<RecordingMetadata> = {},
		record: Uint8Array = new Uint8Array(),
	): RecordingMetadata {
		const metadata: RecordingMetadata = {
			number,
			state: "complete",
			device: "0badcafe",
			build: "b",
			engine: "e",
			seeded: true,
			trigger: { monotonicMs: 1, source: "button", framesBefore: 0, framesAfter: 1 },
			preRecord: { configuredMs: 0, deliveredMs: 0, audioMs: 0, capacityMs: 0, reason: "off" },
			video: { width: 640, height: 360, frames: 1, firstMs: 1, lastMs: 41, bitRate: 500_000 },
			drainMs: 0,
			bytes: bytes.length,
			sha256: new Uint8Array(createHash("sha256").update(bytes).digest()),
			interrupted: false,
			...changes,
		};
		this.recordings.set(number, { metadata, bytes, record });
		return metadata;
	}

	#serveRecordings(server: SmpServer): void {
		server.register(recordingsList, ({ from = 1, max = 2 }) => {
			const numbers = [...this.recordings.keys()].filter((number) => number >= from);
			const recordings = numbers.slice(0, max).map((number) => {
				const { state, bytes } = this.#find(number).metadata;
				return { number, state, bytes, durationMs: 40, preRecordMs: 0 };
			});
			return { recordings, next: numbers[max] };
		});
		server.register(recordingsInfo, ({ number }) => {
			const { metadata: recording } = this.#find(number);
			const receipt = this.receipts.get(number);
			return receipt === undefined ? { recording } : { recording, receipt };
		});
		server.register(recordingsErase, ({ receipt }) => {
			const { bytes, recording: number } = peekReceipt(receipt);
			const found = this.#find(number);
			if (bytes !== found.bytes.length) throw new GroupError(RecordingsError.receiptMismatch);
			found.metadata = { ...found.metadata, state: "erased" };
			this.receipts.set(number, receipt);
			return { number };
		});
		server.register(provisioningRead, () => ({ state: "provisioned" as const, serial: "0badcafe" }));
		server.register(statusRead, () => {
			const last = Math.max(0, this.newest ?? 0, ...this.recordings.keys());
			const count = this.recordings.size - this.receipts.size;
			return { status: { ...SAMPLE_STATUS, recordings: last === 0 ? { count } : { count, last } } };
		});
		server.register(recordingsRead, ({ number, part, off, len }) => {
			const recording = this.#find(number);
			const bytes = part === "custody" ? recording.record : recording.bytes;
			(part === "custody" ? this.recordReads : this.reads).push(off);
			const data = bytes.subarray(off, off + Math.min(len ?? 64, this.readLimit));
			return { total: bytes.length, ...(this.onRead?.(off, data) ?? { off, data }) };
		});
	}

	#find(number: number) {
		const recording = this.recordings.get(number);
		if (recording === undefined) throw new GroupError(RecordingsError.noSuchRecording);
		return recording;
	}

	#cursor(after: number, items: readonly { sequence: number }[]) {
		return {
			next: items.at(-1)?.sequence ?? after,
			lost: items.length > 0 ? Math.max(0, this.oldest - 1 - after) : 0,
			boot: this.boot,
		};
	}
}
