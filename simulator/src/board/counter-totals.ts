import type { MachineCounters } from "../machine/machine.ts";

const NONE: MachineCounters = {
	instructions: 0,
	heapLiveBytes: 0,
	heapPeakBytes: 0,
	slotAllocations: 0,
	chunkAllocations: 0,
	chunkBytes: 0,
	collections: 0,
};

/** Adds up what the engines of one board counted, boot after boot. */
export class CounterTotals {
	#before: MachineCounters = NONE;

	/** An engine has ended. */
	add(ended: MachineCounters): void {
		this.#before = { ...this.with(ended), heapLiveBytes: 0 };
	}

	/** The totals, with the engine that runs now. */
	with(running: MachineCounters = NONE): MachineCounters {
		const before = this.#before;
		return {
			instructions: before.instructions + running.instructions,
			heapLiveBytes: running.heapLiveBytes,
			heapPeakBytes: Math.max(before.heapPeakBytes, running.heapPeakBytes),
			slotAllocations: before.slotAllocations + running.slotAllocations,
			chunkAllocations: before.chunkAllocations + running.chunkAllocations,
			chunkBytes: before.chunkBytes + running.chunkBytes,
			collections: before.collections + running.collections,
		};
	}
}
