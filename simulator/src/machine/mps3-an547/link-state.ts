/**
 * What the image says of itself in the shared memory before each answer (layout: `board-link.ts`).
 */
import type { MachineCounters } from "../machine.ts";
import { BoardLink, State } from "./board-link.ts";
import type { LinkMemory } from "./link-memory.ts";

/** Reads the counters as of the last answer. */
export function readCounters(memory: LinkMemory): MachineCounters {
	const bytes = new Uint8Array(State.STACK_PEAK + 4);
	memory.read(BoardLink.STATE, bytes);
	const view = new DataView(bytes.buffer);
	const counter = (index: number): number => view.getFloat64(State.COUNTERS + index * 8, true);
	return {
		instructions: counter(0),
		heapLiveBytes: counter(1),
		heapPeakBytes: counter(2),
		slotAllocations: counter(3),
		chunkAllocations: counter(4),
		chunkBytes: counter(5),
		collections: counter(6),
		processor: {
			instructions: view.getFloat64(State.RECORD_INSTRUCTIONS, true),
			bootInstructions: view.getFloat64(State.BOOT_INSTRUCTIONS, true),
			longestRecord: view.getFloat64(State.LONGEST_RECORD, true),
			stackPeakBytes: view.getUint32(State.STACK_PEAK, true),
		},
	};
}
