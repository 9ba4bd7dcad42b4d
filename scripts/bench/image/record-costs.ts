/**
 * Counts what each record costs on an engine whose processor counts its instructions: hands records over one by one,
 * in the order in which they came, and reads the counter after each.
 */
import type { Machine, MachineCounters, ProcessorCounters } from "@bodycam/simulator/machine/machine";

/** What the records of one kind cost, in instructions. */
export interface RecordCost {
	/** How many there were. */
	readonly count: number;
	/** Instructions of all of them, and of promise jobs and collections in them. */
	readonly instructions: number;
	/** Instructions of the one that took longest. */
	readonly longest: number;
}

const NONE: RecordCost = { count: 0, instructions: 0, longest: 0 };

/** Costs of records by kind, from a point in time on. */
export class RecordCosts {
	#costs = new Map<number, RecordCost>();

	/** Forgets what was counted. */
	clear(): void {
		this.#costs = new Map();
	}

	/** The same costs, on their own from now on. */
	copy(): RecordCosts {
		const copy = new RecordCosts();
		copy.#costs = new Map(this.#costs);
		return copy;
	}

	/** Adds one record. */
	add(kind: number, instructions: number): void {
		const cost = this.of(kind);
		this.#costs.set(kind, {
			count: cost.count + 1,
			instructions: cost.instructions + instructions,
			longest: Math.max(cost.longest, instructions),
		});
	}

	/** What those of one kind cost. */
	of(kind: number): RecordCost {
		return this.#costs.get(kind) ?? NONE;
	}

	/** Instructions of one record of a kind. @throws Error when there was none */
	mean(kind: number): number {
		const { count, instructions } = this.of(kind);
		if (count === 0) throw new Error(`there was no record of kind 0x${kind.toString(16)}`);
		return instructions / count;
	}

	/** All of them together. */
	all(): RecordCost {
		return [...this.#costs.values()].reduce(
			(sum, cost) => ({
				count: sum.count + cost.count,
				instructions: sum.instructions + cost.instructions,
				longest: Math.max(sum.longest, cost.longest),
			}),
			NONE,
		);
	}

	/** Kinds with what they cost, the dearest first. */
	byKind(): readonly (readonly [kind: number, cost: RecordCost])[] {
		return [...this.#costs].sort(([, a], [, b]) => b.instructions - a.instructions);
	}
}

/** What the processor of a machine counted. @throws Error for an engine without a processor of its own */
export function processorOf(counters: MachineCounters): ProcessorCounters {
	if (counters.processor === undefined) throw new Error("this engine counts no processor instructions");
	return counters.processor;
}

/** A machine that adds what each record costs to `costs`; in everything else it is the one it is given. */
export function countingRecords(machine: Machine, costs: RecordCosts): Machine {
	/** What waits, and the kind of the record it hands over, if it does. */
	const waiting: { readonly kind: number | undefined; readonly give: () => void }[] = [];
	const counted = (): number => processorOf(machine.counters()).instructions;
	return {
		engine: machine.engine,
		media: machine.media,
		post: (kind, ...rest) => waiting.push({ kind, give: () => machine.post(kind, ...rest) }),
		serialIn: (at, bytes) => waiting.push({ kind: undefined, give: () => machine.serialIn(at, bytes) }),
		serialOut: (at, length) => machine.serialOut(at, length),
		run: (onRecord) => {
			let result = machine.run(onRecord);
			for (
				let next = waiting.shift();
				next !== undefined && result.state === "idle";
				next = waiting.shift()
			) {
				next.give();
				if (next.kind === undefined) continue;
				const before = counted();
				result = machine.run(onRecord);
				costs.add(next.kind, counted() - before);
			}
			return result;
		},
		counters: () => machine.counters(),
		collect: () => machine.collect(),
		close: () => machine.close(),
	};
}
