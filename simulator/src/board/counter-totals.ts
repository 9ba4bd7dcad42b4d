import { type MachineCounters, type ProcessorCounters, UNCOUNTED } from "../machine/machine.ts";

/** Adds up what the engines of one board counted, boot after boot. */
export class CounterTotals {
	#before: MachineCounters = UNCOUNTED;

	/** An engine has ended. */
	add(ended: MachineCounters): void {
		this.#before = { ...this.with(ended), heapLiveBytes: 0 };
	}

	/** The totals (of the instructions of a boot, those of the last one), with the engine that runs now. */
	with(running: MachineCounters = UNCOUNTED): MachineCounters {
		const before = this.#before;
		return {
			instructions: before.instructions + running.instructions,
			heapLiveBytes: running.heapLiveBytes,
			heapPeakBytes: Math.max(before.heapPeakBytes, running.heapPeakBytes),
			slotAllocations: before.slotAllocations + running.slotAllocations,
			chunkAllocations: before.chunkAllocations + running.chunkAllocations,
			chunkBytes: before.chunkBytes + running.chunkBytes,
			collections: before.collections + running.collections,
			...processorTotals(before.processor, running.processor),
		};
	}
}

function processorTotals(
	before: ProcessorCounters | undefined,
	running: ProcessorCounters | undefined,
): { readonly processor?: ProcessorCounters } {
	if (before === undefined || running === undefined) {
		const processor = before ?? running;
		return processor === undefined ? {} : { processor };
	}
	return {
		processor: {
			instructions: before.instructions + running.instructions,
			bootInstructions: running.bootInstructions,
			longestRecord: Math.max(before.longestRecord, running.longestRecord),
			stackPeakBytes: Math.max(before.stackPeakBytes, running.stackPeakBytes),
		},
	};
}
