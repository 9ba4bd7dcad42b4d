import type { EventLog } from "../event-log/event-log.ts";
import type { MediaMemory } from "../hal/media-memory.ts";
import { type ExtentStore, StoreError } from "../storage/store-interface.ts";
import { FileError, type Folder, type OpenFile } from "./file-tree.ts";
import type { LentBuffers } from "./lent-buffers.ts";

/** Name of the event log's file. */
const EVENT_LOG_FILE = "events.log";

/** Most files that are listed. */
const LISTED_MAX = 64;

const METADATA_FILE = /^([1-9]\d{0,9})\.cbor$/;

/** The event log on the card, as `bodycam events export` writes it. */
export class EventLogFolder implements Folder {
	private readonly eventLog: Pick<EventLog, "card" | "safeBytes" | "read">;
	private readonly memory: MediaMemory;
	private readonly buffers: LentBuffers;

	/** @param options - the event log, and buffers in media memory through which it is read */
	constructor(options: {
		readonly eventLog: Pick<EventLog, "card" | "safeBytes" | "read">;
		readonly memory: MediaMemory;
		readonly buffers: LentBuffers;
	}) {
		this.eventLog = options.eventLog;
		this.memory = options.memory;
		this.buffers = options.buffers;
	}

	list(): readonly string[] {
		return this.eventLog.card === undefined ? [] : [EVENT_LOG_FILE];
	}

	open(name: string): OpenFile | undefined {
		if (name !== EVENT_LOG_FILE || this.eventLog.card === undefined) return undefined;
		const length = this.eventLog.safeBytes;
		return {
			length,
			read: (offset, wanted) => this.read(offset, Math.min(wanted, Math.max(0, length - offset))),
		};
	}

	private async read(offset: number, wanted: number): Promise<Uint8Array> {
		const { eventLog, memory, buffers } = this;
		if (wanted === 0) return new Uint8Array(0);
		const buffer = await buffers.take();
		try {
			const read = await fromCard(() => eventLog.read(offset, Math.min(wanted, buffers.size), buffer));
			return new Uint8Array(memory.memory, buffer, read).slice();
		} finally {
			buffers.give(buffer);
		}
	}
}

/** Metadata of the recordings, a CBOR map each: `1.cbor`. The recordings themselves are no files here. */
export class MetadataFolder implements Folder {
	private readonly store: Pick<ExtentStore, "list" | "find" | "metadata" | "status">;

	/** @param store - the recordings */
	constructor(store: Pick<ExtentStore, "list" | "find" | "metadata" | "status">) {
		this.store = store;
	}

	list(): readonly string[] {
		try {
			const first = Math.max(1, this.store.status().next - LISTED_MAX);
			return this.store.list(first, LISTED_MAX).map(({ number }) => `${number}.cbor`);
		} catch (error) {
			if (error instanceof StoreError) return [];
			throw error;
		}
	}

	async open(name: string): Promise<OpenFile | undefined> {
		const number = Number(METADATA_FILE.exec(name)?.[1] ?? 0);
		if (number === 0) return undefined;
		const found = await fromCard(() => this.store.find(number));
		if (found === undefined) return undefined;
		const bytes = await fromCard(() => this.store.metadata(number));
		return { length: bytes.length, read: (offset, length) => bytes.slice(offset, offset + length) };
	}
}

/** What the card answers, its errors as those of a file. */
async function fromCard<T>(request: () => T | Promise<T>): Promise<T> {
	try {
		return await request();
	} catch (error) {
		if (error instanceof StoreError) throw new FileError("read-failed", error.message);
		throw error;
	}
}
