/** One line of the benchmark table. */
export interface Row {
	/** What was measured. */
	readonly what: string;
	/** The figure. */
	readonly value: number;
	/** Its unit. */
	readonly unit: string;
	/** `exact`: the same on every machine and run; `timed`: depends on the machine. */
	readonly kind: "exact" | "timed";
	/** What it is to be compared with, or under which conditions. */
	readonly note: string;
}

/** A benchmark: measures and says what it found. */
export type Bench = () => Promise<Row[]>;

/** The middle of some figures. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
