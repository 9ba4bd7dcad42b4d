import { Status } from "@bodycam/protocol/board/records";
import type { MemoryCard, MemoryCardOptions } from "../hal/block-device.ts";
import type { NodeMediaMemory } from "./node-media-memory.ts";
import type { VirtualTimers } from "./virtual-timers.ts";

const SECTOR = 512;

/** How a fake card behaves. */
export interface FakeCardOptions {
	/** Sectors. */
	readonly sectors: number;
	/** Time of a request besides its bytes, µs. */
	readonly latency?: number;
	/** Bytes a second. */
	readonly rate?: number;
	/** What it holds; zeros otherwise. */
	readonly image?: Uint8Array;
	/** Whether it refuses writes. */
	readonly readOnly?: boolean;
}

interface Request {
	readonly kind: "read" | "write" | "flush";
	readonly sector: number;
	readonly count: number;
	readonly at: number;
	readonly tag: number;
	/** What was to be written when the request was made: it must not change before it is done. */
	readonly data?: Uint8Array;
}

interface Unsafe {
	readonly sector: number;
	readonly data: Uint8Array;
}

/** A card on virtual time with faults that a test orders. What was written is safe once a later flush is done. */
export interface FakeCard {
	/** For `openCard`. */
	open(options: MemoryCardOptions): MemoryCard;
	/** Puts the card in. */
	insert(): void;
	/** Takes it out: requests under way fail. */
	remove(): void;
	/** Answers nothing before that time on the clock, µs. */
	stallUntil(time: number): void;
	/** The next `count` requests of a kind fail with a status. */
	fail(kind: "read" | "write" | "flush", count: number, status?: number): void;
	/** Writes of these sectors fail. */
	bad: ((sector: number, count: number) => boolean) | undefined;
	/** Sectors that cannot be read. */
	unreadable: ((sector: number) => boolean) | undefined;
	/** What is there, safe or not. */
	readonly image: Uint8Array;
	/** Requests done so far. */
	readonly done: number;
	/** Writes done so far. */
	readonly writes: number;
	/** Sectors read so far. */
	readonly sectorsRead: number;
	/** Called before a write is done: `false` cuts the power in the middle of it. */
	onWrite: ((index: number, sector: number, count: number) => boolean) | undefined;
	/**
	 * What a power cut leaves: each write that was not flushed is there, missing or torn, as `random` (0 to 1) decides.
	 */
	afterPowerCut(random: () => number): Uint8Array;
}

/** Makes a card. It is not in yet. */
export function createFakeCard(
	memory: NodeMediaMemory,
	timers: VirtualTimers,
	options: FakeCardOptions,
): FakeCard {
	const { sectors, latency = 500, rate = 40_000_000 } = options;
	const image = options.image?.slice() ?? new Uint8Array(sectors * SECTOR);
	const safe = image.slice();
	let unsafe: Unsafe[] = [];
	let callbacks: MemoryCardOptions | undefined;
	let present = false;
	let stalledUntil = 0;
	let freeAt = 0;
	let waiting: Request[] = [];
	let done = 0;
	let writes = 0;
	let sectorsRead = 0;
	const failing = { read: 0, write: 0, flush: 0 };
	const statuses = { read: 0, write: 0, flush: 0 };

	function start(): void {
		const request = waiting[0];
		if (!request) return;
		const time = latency + (request.count * SECTOR * 1e6) / rate;
		freeAt = Math.max(freeAt, timers.now(), stalledUntil) + time;
		timers.at(freeAt, () => {
			if (waiting[0] !== request) return;
			if (timers.now() < stalledUntil) {
				start();
				return;
			}
			const status = execute(request);
			if (status === undefined) return;
			waiting.shift();
			done++;
			callbacks?.onComplete(request.tag, status);
			start();
		});
	}

	function execute(request: Request): number | undefined {
		const { kind, sector, count, at } = request;
		if (failing[kind] > 0) {
			failing[kind]--;
			return statuses[kind];
		}
		if (kind === "flush") {
			for (const { sector: to, data } of unsafe) safe.set(data, to * SECTOR);
			unsafe = [];
			return Status.ok;
		}
		if (sector + count > sectors) return Status.outOfRange;
		if (kind === "read") {
			sectorsRead += count;
			for (let i = 0; i < count; i++) if (fake.unreadable?.(sector + i)) return Status.ioError;
			memory.bytes.set(image.subarray(sector * SECTOR, (sector + count) * SECTOR), at);
			return Status.ok;
		}
		if (options.readOnly) return Status.readOnly;
		if (fake.bad?.(sector, count)) return Status.ioError;
		const data = request.data as Uint8Array;
		if (Buffer.compare(data, memory.bytes.subarray(at, at + data.length)) !== 0)
			throw new Error("bytes changed while they were being written");
		unsafe.push({ sector, data });
		if (fake.onWrite?.(writes, sector, count) === false) return undefined;
		image.set(data, sector * SECTOR);
		writes++;
		return Status.ok;
	}

	function add(request: Request): void {
		if (!present) {
			timers.at(timers.now(), () => callbacks?.onComplete(request.tag, Status.noMedium));
			return;
		}
		waiting.push(request);
		if (waiting.length === 1) start();
	}

	const fake: FakeCard = {
		open(given) {
			callbacks = given;
			return {
				get sectors() {
					return present ? sectors : 0;
				},
				read: (sector, count, at, tag) => add({ kind: "read", sector, count, at, tag }),
				write(sector, count, at, tag) {
					const data = memory.bytes.slice(at, at + count * SECTOR);
					add({ kind: "write", sector, count, at, tag, data });
				},
				flush: (tag) => add({ kind: "flush", sector: 0, count: 0, at: 0, tag }),
				close() {
					callbacks = undefined;
				},
			};
		},
		insert() {
			present = true;
			timers.at(timers.now(), () => callbacks?.onInserted?.(sectors, options.readOnly ?? false));
		},
		remove() {
			present = false;
			const lost = waiting;
			waiting = [];
			timers.at(timers.now(), () => {
				for (const { tag } of lost) callbacks?.onComplete(tag, Status.noMedium);
				callbacks?.onRemoved?.();
			});
		},
		stallUntil(time) {
			stalledUntil = time;
		},
		fail(kind, count, status = Status.ioError) {
			failing[kind] = count;
			statuses[kind] = status;
		},
		image,
		get done() {
			return done;
		},
		get writes() {
			return writes;
		},
		get sectorsRead() {
			return sectorsRead;
		},
		bad: undefined,
		unreadable: undefined,
		onWrite: undefined,
		afterPowerCut(random) {
			const left = safe.slice();
			for (const { sector, data } of unsafe) {
				const fate = random();
				if (fate < 0.3) continue;
				if (fate < 0.6) {
					left.set(data, sector * SECTOR);
					continue;
				}
				for (let at = 0; at < data.length; at += SECTOR) {
					const torn = random();
					const part = torn < 0.4 ? SECTOR : torn < 0.7 ? 0 : Math.floor(random() * SECTOR);
					left.set(data.subarray(at, at + part), sector * SECTOR + at);
				}
			}
			return left;
		},
	};
	return fake;
}

/** A repeatable source of numbers from 0 to 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b_79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
	};
}
