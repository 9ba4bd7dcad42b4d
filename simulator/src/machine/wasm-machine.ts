/**
 * A machine on the wasm build of the engine, in this process.
 */
import {
	type EngineExports,
	type EngineInstance,
	instantiateEngine,
	placeBytes,
	textAt,
} from "@bodycam/firmware/engine";
import { CLOSED, type Death, reasonOf } from "./engine-status.ts";
import type { Machine, MachineCounters, MachineOptions, RecordSink, RunResult } from "./machine.ts";
import { LocalMediaMemory, type MediaMemory } from "./media-memory.ts";
import { RecordQueue } from "./record-queue.ts";

/** Heap of the microcontroller the firmware is made for: chunks, slots and JavaScript stack together. */
export const DEFAULT_HEAP_BYTES = 3 * 1024 * 1024;
/** Instructions one record may take before the watchdog ends the machine; about two seconds on the target. */
export const DEFAULT_METER_LIMIT = 50_000_000;

/** Slots of 16 bytes of the JavaScript stack. */
const STACK_SLOTS = 4096;
/** Different property names, those of the engine included (about 2,000). */
const PROPERTY_NAMES = 16_384;

/** A machine in this process, whose clock can be set while it runs. */
export interface WasmMachine extends Machine {
	/** Sets what `Date` adds to the board time, µs since 1970 UTC. */
	setEpoch(us: number): void;
}

const IDLE: RunResult = { state: "idle" };

/**
 * Creates a machine and evaluates the artefact. A firmware that dies while it is evaluated is reported by
 * the first `run`.
 * @throws RangeError when the sizes do not fit the engine.
 */
export function createWasmMachine(options: MachineOptions): WasmMachine {
	const heapBytes = options.heapBytes ?? DEFAULT_HEAP_BYTES;
	const seed = BigInt.asUintN(64, options.seed ?? 0n);
	const engine = instantiateEngine(heapBytes + options.mediaBytes + options.artefact.length);
	engine.exports.bc_set_epoch(options.epochUs ?? 0);
	engine.exports.bc_open(
		heapBytes,
		options.mediaBytes,
		STACK_SLOTS,
		PROPERTY_NAMES,
		options.meterLimit ?? DEFAULT_METER_LIMIT,
		Number(seed & 0xffffffffn),
		Number(seed >> 32n),
	);
	return new EngineMachine(engine, options.mediaBytes, options.artefact);
}

/** Posts that found the queue full, nine numbers each. */
const FIELDS = 9;

class EngineMachine implements WasmMachine {
	readonly engine = "wasm";
	readonly media: MediaMemory;
	readonly #engine: EngineInstance;
	readonly #exports: EngineExports;
	readonly #inbound: RecordQueue;
	readonly #outbound: RecordQueue;
	#waiting: number[] = [];
	#death: Death | undefined;

	constructor(engine: EngineInstance, mediaBytes: number, artefact: Uint8Array) {
		const { exports, memory } = engine;
		this.#engine = engine;
		this.#exports = exports;
		this.#inbound = new RecordQueue(memory.buffer, exports.bc_inbound());
		this.#outbound = new RecordQueue(memory.buffer, exports.bc_outbound());
		this.media = new LocalMediaMemory(new Uint8Array(memory.buffer, exports.bc_media_address(), mediaBytes));
		const address = placeBytes(engine, artefact);
		if (this.#call(() => -exports.bc_load(address, artefact.length)) < 0) this.#waiting = [];
	}

	post(kind: number, unit: number, timeUs: number, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0): void {
		if (this.#death !== undefined) return;
		if (this.#waiting.length === 0 && this.#inbound.push(kind, unit, timeUs, a, b, c, d, e, f)) return;
		this.#waiting.push(kind, unit, timeUs, a, b, c, d, e, f);
	}

	run(onRecord: RecordSink): RunResult {
		this.#outbound.drain(onRecord);
		while (this.#death === undefined) {
			const handled = this.#deliver();
			if (handled === 0) return IDLE;
			if (this.#waiting.length > 0) this.#refill();
			this.#outbound.drain(onRecord);
		}
		return this.#death;
	}

	serialIn(at: number, bytes: Uint8Array): void {
		this.media.write(at, bytes);
	}

	serialOut(at: number, length: number): Uint8Array {
		return this.media.read(at, length);
	}

	counters(): MachineCounters {
		const counter = this.#exports.bc_counter;
		return {
			instructions: counter(0),
			heapLiveBytes: counter(1),
			heapPeakBytes: counter(2),
			slotAllocations: counter(3),
			chunkAllocations: counter(4),
			chunkBytes: counter(5),
			collections: counter(6),
		};
	}

	collect(): number {
		if (this.#death !== undefined) return 0;
		return Math.max(
			0,
			this.#call(() => this.#exports.bc_collect()),
		);
	}

	setEpoch(us: number): void {
		this.#exports.bc_set_epoch(us);
	}

	close(): void {
		this.#waiting = [];
		this.#death ??= CLOSED;
	}

	/** One record: 1 handled, 0 none was there, negative dead. */
	#deliver(): number {
		try {
			const handled = this.#exports.bc_deliver();
			if (handled < 0) this.#die();
			return handled;
		} catch (error) {
			this.#dieOf(error);
			return -1;
		}
	}

	/** Calls into the engine; a negative answer or an error that crossed it ends the machine. */
	#call(enter: () => number): number {
		try {
			const result = enter();
			if (result < 0) this.#die();
			return result;
		} catch (error) {
			this.#dieOf(error);
			return -1;
		}
	}

	#die(): void {
		const { exports } = this.#engine;
		this.#death = {
			state: "dead",
			reason: reasonOf(exports.bc_status()),
			message: textAt(this.#engine, exports.bc_fault_message()),
			stack: textAt(this.#engine, exports.bc_fault_stack()),
		};
		this.#waiting = [];
	}

	/** The engine itself failed: recursion beyond the host's stack, or a trap. Its memory is not to be trusted. */
	#dieOf(error: unknown): void {
		const tooDeep = error instanceof RangeError;
		this.#death = {
			state: "dead",
			reason: tooDeep ? "stackOverflow" : "exception",
			message: tooDeep ? "stack overflow" : `engine trap: ${String(error)}`,
			stack: "",
		};
		this.#waiting = [];
	}

	#refill(): void {
		const waiting = this.#waiting;
		let at = 0;
		while (
			at < waiting.length &&
			this.#inbound.push(
				waiting[at] as number,
				waiting[at + 1] as number,
				waiting[at + 2] as number,
				waiting[at + 3] as number,
				waiting[at + 4] as number,
				waiting[at + 5] as number,
				waiting[at + 6] as number,
				waiting[at + 7] as number,
				waiting[at + 8] as number,
			)
		)
			at += FIELDS;
		if (at > 0) waiting.splice(0, at);
	}
}
