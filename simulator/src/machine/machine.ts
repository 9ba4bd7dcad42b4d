/**
 * The seam between the board model and an engine that runs the firmware. The wasm engine implements it in
 * this process, an emulated microcontroller over shared memory and a doorbell. Both answer at once: the whole
 * simulator is synchronous.
 */
import type { ResetReason } from "@bodycam/protocol/board/records";
import type { EngineName } from "./engine-name.ts";
import type { MediaMemory } from "./media-memory.ts";

/**
 * Takes one record: kind and unit, board time in µs, and six 32-bit arguments (see
 * `protocol/src/board/records.ts`).
 */
export type RecordSink = (
	kind: number,
	unit: number,
	timeUs: number,
	a: number,
	b: number,
	c: number,
	d: number,
	e: number,
	f: number,
) => void;

/** How a run ended: the firmware waits for records, or it died and the board must reset it. */
export type RunResult =
	| { readonly state: "idle" }
	| {
			readonly state: "dead";
			/** The reset reason of the next boot. */
			readonly reason: keyof typeof ResetReason;
			/** What went wrong, in one line. */
			readonly message: string;
			/** Where: the engine's stack, lines of the bundle (see `mapStack`). */
			readonly stack: string;
			/** True: the engine itself never came up, and another try would end alike. */
			readonly neverBooted?: boolean;
	  };

/** What a machine counted since it was created. All exact and, for one artefact and one sequence of records, the same on every run. */
export interface MachineCounters {
	/** Metered instructions. */
	readonly instructions: number;
	/** Bytes of chunks and slots in use, garbage not yet collected included. */
	readonly heapLiveBytes: number;
	/** Most bytes the heap ever took from its cap. */
	readonly heapPeakBytes: number;
	/** Slots (values, properties, objects) allocated. */
	readonly slotAllocations: number;
	/** Chunks (strings, buffers, tables) allocated or grown. */
	readonly chunkAllocations: number;
	/** Bytes of those chunks. */
	readonly chunkBytes: number;
	/** Garbage collections. */
	readonly collections: number;
	/** What only an image for a microcontroller counts. */
	readonly processor?: ProcessorCounters;
}

/** What the processor of an image counted. Instructions in grains of 32; waiting is not counted. */
export interface ProcessorCounters {
	/** Instructions that handled records. */
	readonly instructions: number;
	/** Instructions from reset to ready. */
	readonly bootInstructions: number;
	/** Instructions of the record that took longest. */
	readonly longestRecord: number;
	/** Most bytes of the C stack ever used. */
	readonly stackPeakBytes: number;
}

/** What a machine is made of, whatever runs it. */
export interface MachineOptions {
	/** The firmware artefact. */
	readonly artefact: Uint8Array;
	/** Whether it is a boot stage. */
	readonly bootStage?: boolean;
	/** Bytes of media memory. */
	readonly mediaBytes: number;
	/** Heap cap in bytes. */
	readonly heapBytes?: number;
	/** Seed of `Math.random`, 64 bit. */
	readonly seed?: bigint;
	/** Wall-clock time at power-on for `Date`, µs since 1970 UTC. */
	readonly epochUs?: number;
	/** Metered instructions one record may take. */
	readonly meterLimit?: number;
}

/** The counters of a machine that has not booted. */
export const UNCOUNTED: MachineCounters = {
	instructions: 0,
	heapLiveBytes: 0,
	heapPeakBytes: 0,
	slotAllocations: 0,
	chunkAllocations: 0,
	chunkBytes: 0,
	collections: 0,
};

/** One booted camera: engine, firmware, memory. It lives from power-on to reset. */
export interface Machine {
	/** What runs it. */
	readonly engine: EngineName;
	/** The media memory (board window and ring arena), shared with the firmware. Zeroed at creation. */
	readonly media: MediaMemory;
	/** Queues a record for the firmware. Missing arguments are 0. A dead machine ignores it. */
	post(
		kind: number,
		unit: number,
		timeUs: number,
		a?: number,
		b?: number,
		c?: number,
		d?: number,
		e?: number,
		f?: number,
	): void;
	/**
	 * Lets the firmware handle all queued records, including those posted meanwhile. After each of them the
	 * records it posted are handed to `onRecord`, oldest first.
	 */
	run(onRecord: RecordSink): RunResult;
	/**
	 * Bytes that arrive at serial port 0, before the RECEIVED record that tells the firmware that they lie `at`.
	 * Where the machine has a serial port of its own they go through it.
	 */
	serialIn(at: number, bytes: Uint8Array): void;
	/** The bytes of a WRITE record of serial port 0, as the port gave them; valid until the next `run` only. */
	serialOut(at: number, length: number): Uint8Array;
	/** The counters as of now. */
	counters(): MachineCounters;
	/** Collects garbage; the live bytes left. 0 when the machine is dead. */
	collect(): number;
	/** Frees the machine; it must not be used afterwards. Idempotent. */
	close(): void;
}
