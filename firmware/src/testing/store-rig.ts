import { createExtentStore } from "../storage/extent-store.ts";
import {
	CATALOG_BYTES,
	type CardFault,
	type Closing,
	type ExtentStore,
	type InterruptedRecording,
	type LogArea,
	type RecordingWriter,
	STAGING_BYTES,
	STORE_WORK_BYTES,
	type StoreStatus,
} from "../storage/store-interface.ts";
import { createFakeCard, type FakeCard, type FakeCardOptions } from "./fake-card.ts";
import { createNodeMediaMemory, type NodeMediaMemory } from "./node-media-memory.ts";
import { createVirtualTimers, type VirtualTimers } from "./virtual-timers.ts";

/** Media memory that is free for the test, from 0. */
export const FREE_BYTES = 256 * 1024;

const NOTES_AT = FREE_BYTES - 48;

/** A store over a fake card, on virtual time. */
export interface StoreRig {
	readonly memory: NodeMediaMemory;
	readonly timers: VirtualTimers;
	readonly card: FakeCard;
	readonly store: ExtentStore;
	/** Conditions told so far. */
	readonly told: StoreStatus[];
	/** Recordings recovered so far. */
	readonly recovered: number[];
	/** Lets time pass until the card is read in and recovered. */
	settle(): Promise<void>;
	/** Bytes of a recording's age file, read through the store. */
	read(number: number): Promise<Uint8Array>;
	/** Bytes of its custody record. */
	readRecord(number: number): Promise<Uint8Array>;
}

/** The metadata the rig's store makes of an interrupted recording: opening, bytes and notes as text. */
export function interruptedText(opening: Uint8Array, bytes: number, notes: Uint32Array): string {
	return `${new TextDecoder().decode(opening)} interrupted ${bytes} ${[...notes].join(",")}`;
}

/** What the rig's store ends the record of an interrupted recording with. */
export const RECOVERY = new TextEncoder().encode("recovery");

/** What the rig's recordings end their record with. */
export const FINAL = new TextEncoder().encode("final");

/** Lets time pass until a promise is settled. */
export async function settled<T>(timers: VirtualTimers, pending: Promise<T>): Promise<T> {
	let done = false;
	pending
		.finally(() => {
			done = true;
		})
		.catch(() => undefined);
	while (!done) await timers.advance(1000);
	return pending;
}

/** Boots a store; media memory beyond `FREE_BYTES` is the store's, then `extra` bytes at `extraAt`. */
export function bootStore(
	options: FakeCardOptions & {
		readonly extra?: number;
		readonly insert?: boolean;
		/** Closes an interrupted recording in place of the rig, which would have kept `metadata`. */
		describe?(interrupted: InterruptedRecording, metadata: Uint8Array): Promise<Closing | undefined>;
		newestNumber?(): number;
		onDamaged?(number: number): void;
		onLogArea?(area: LogArea | undefined): void;
		onStatus?(status: StoreStatus): void;
	},
): StoreRig {
	const stagingAt = FREE_BYTES;
	const catalogAt = stagingAt + STAGING_BYTES;
	const workAt = catalogAt + CATALOG_BYTES;
	const memory = createNodeMediaMemory(workAt + STORE_WORK_BYTES + (options.extra ?? 0));
	const timers = createVirtualTimers(1_000_000);
	const card = createFakeCard(memory, timers, options);
	const told: StoreStatus[] = [];
	const recovered: number[] = [];
	let identities = options.image ? 100 : 0; // another boot, other identities
	const store = createExtentStore({
		memory,
		timers,
		staging: { at: stagingAt, bytes: STAGING_BYTES },
		catalog: { at: catalogAt, bytes: CATALOG_BYTES },
		work: { at: workAt, bytes: STORE_WORK_BYTES },
		openCard: (given) => card.open(given),
		createIdentity() {
			identities++;
			return Uint8Array.from({ length: 16 }, (_, i) => identities * 16 + i);
		},
		async describeInterrupted(interrupted) {
			const { opening, bytes, notes } = interrupted;
			const metadata = new TextEncoder().encode(interruptedText(opening, bytes, notes));
			return options.describe ? options.describe(interrupted, metadata) : { metadata, record: RECOVERY };
		},
		...(options.newestNumber === undefined ? {} : { newestNumber: options.newestNumber }),
		onStatus: (status) => {
			told.push(status);
			options.onStatus?.(status);
		},
		onRecovered: (number) => recovered.push(number),
		onDamaged: (number) => options.onDamaged?.(number),
		onLogArea: (area) => options.onLogArea?.(area),
	});
	if (options.insert !== false) card.insert();

	async function readAll(read: (offset: number, length: number) => Promise<number>): Promise<Uint8Array> {
		const parts: Uint8Array[] = [];
		let offset = 0;
		for (;;) {
			const taken = await settled(timers, read(offset, 65_536));
			if (taken === 0) break;
			parts.push(memory.bytes.slice(0, taken));
			offset += taken;
		}
		return Buffer.concat(parts);
	}

	return {
		memory,
		timers,
		card,
		store,
		told,
		recovered,
		async settle() {
			for (let i = 0; i < 200; i++) {
				await timers.advance(50_000);
				const { state, recovering } = store.status();
				if (state !== "mounting" && !recovering) return;
			}
		},
		read: (number) => readAll((offset, length) => store.read(number, offset, length, 0)),
		readRecord: (number) => readAll((offset, length) => store.readRecord(number, offset, length, 0)),
	};
}

/** Where extra memory of a rig begins. */
export const EXTRA_AT = FREE_BYTES + STAGING_BYTES + CATALOG_BYTES + STORE_WORK_BYTES;

/** A writer with what it told. */
export interface OpenedRecording {
	readonly writer: RecordingWriter;
	readonly faults: CardFault[];
	readonly safe: () => number;
	/**
	 * Writes one segment of bytes made from `seed`, waiting for room, and seals it.
	 * @returns the bytes of the age file; behind them lies `record(seed, recordLength)`
	 */
	segment(length: number, seed: number, recordLength?: number, last?: boolean): Promise<Uint8Array>;
	/** Closes it with metadata `final`. */
	close(): Promise<{ closed: boolean; bytes: number; sha256: Uint8Array }>;
}

/** Bytes that a seed makes. */
export function content(length: number, seed: number): Uint8Array {
	const bytes = new Uint8Array(length);
	for (let i = 0; i < length; i++) bytes[i] = seed * 101 + i * 13 + (i >> 8);
	return bytes;
}

/** Bytes that a seed makes for the custody record. */
export function record(length: number, seed: number): Uint8Array {
	return content(length, seed + 77).map((byte) => byte ^ 0x5a);
}

/** Opens a recording. */
export function openRecording({ store, memory, timers }: StoreRig, metadata = "opening"): OpenedRecording {
	const faults: CardFault[] = [];
	let safe = 0;
	let room: (() => void) | undefined;
	const writer = store.open(new TextEncoder().encode(metadata), {
		onRoom: () => room?.(),
		onSafe: (bytes) => {
			safe = bytes;
		},
		onFault: (fault) => faults.push(fault),
	});
	return {
		writer,
		faults,
		safe: () => safe,
		async segment(payload, seed, recordLength = 0, last = false) {
			const bytes = Buffer.concat([content(payload, seed), record(recordLength, seed)]);
			const { length } = bytes;
			memory.store32(NOTES_AT, seed, 1, 2, 3, 4, 5, 6, 7);
			memory.store32(NOTES_AT + 32, 8, 9, 10, 11);
			const begun = last
				? writer.beginLastSegment(payload, recordLength, NOTES_AT)
				: writer.beginSegment(payload, recordLength, NOTES_AT);
			if (!begun) return new Uint8Array();
			let done = 0;
			while (done < length && writer.live) {
				const part = Math.min(length - done, 65_536);
				memory.bytes.set(bytes.subarray(done, done + part), 0);
				let taken = 0;
				while (taken < part && writer.live) {
					taken += writer.write(taken, part - taken);
					if (taken === part) break;
					let free = false;
					room = () => {
						free = true;
					};
					while (!free && writer.live) await timers.advance(10_000);
				}
				done += taken;
			}
			writer.seal();
			return bytes.subarray(0, payload);
		},
		async close() {
			let result: { closed: boolean; bytes: number; sha256: Uint8Array } | undefined;
			let described = { bytes: -1, sha256: new Uint8Array() };
			writer.close(
				(bytes, sha256) => {
					described = { bytes, sha256: sha256.slice() };
					return { metadata: new TextEncoder().encode(`final ${bytes}`), record: FINAL };
				},
				(closed) => {
					result = { closed, ...described };
				},
			);
			while (!result) await timers.advance(10_000);
			return result;
		},
	};
}
