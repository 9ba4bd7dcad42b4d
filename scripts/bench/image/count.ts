/** One exact figure of the image. */
export interface Count {
	/** Its name in the file of budgets, e.g. `frame.besides`. */
	readonly name: string;
	/** What was counted, for people. */
	readonly what: string;
	/** The figure. */
	readonly value: number;
	/** Its unit. */
	readonly unit: "instructions" | "bytes" | "allocations" | "ms";
	/** The figure that the design asks for, where it does. */
	readonly toReach?: number;
}

/** Instructions a second of the core that milliseconds are told for: 800 MHz at one instruction a cycle. */
export const CORE_HZ = 800_000_000;

/** Time so many instructions take there, ms. */
export function milliseconds(instructions: number): number {
	return (instructions * 1000) / CORE_HZ;
}
