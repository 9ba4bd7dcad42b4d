import { ResetReason } from "@bodycam/protocol/board/records";
import type { SlotNumber } from "../update/slot-choice.ts";

/** So many starts of an image that each ended by themselves, and it is not run again. */
export const ATTEMPTS_MAX = 3;

/**
 * Reset reasons that count against what ran: defects, and restarts that it made by itself. Before one that somebody
 * asked for it has this forgotten.
 */
const COUNTED: readonly number[] = [
	ResetReason.requested,
	ResetReason.watchdog,
	ResetReason.exception,
	ResetReason.outOfMemory,
	ResetReason.stackOverflow,
];

const FORMAT = 0xb1;
const NOBODY = 0xff;

/**
 * Starts that ended in a defect or a restart nobody asked for, kept in the board's memory over resets. The application
 * forgets them once it has run long enough, and before a restart that was asked for; a power cut does as well.
 */
export interface Attempts {
	/** The image that was started last. */
	readonly last: SlotNumber | undefined;
	/** Such ends of the images, by slot. */
	readonly counts: readonly [number, number];
}

/** Nothing was started yet. */
export const NO_ATTEMPTS: Attempts = { last: undefined, counts: [0, 0] };

/** What was kept, with this reset counted. @param retained - the kept bytes @param reason - a `ResetReason` */
export function countAttempt(retained: Uint8Array | undefined, reason: number): Attempts {
	if (retained === undefined || retained.length !== 4 || !COUNTED.includes(reason)) return NO_ATTEMPTS;
	const [format = 0, last = NOBODY, first = 0, second = 0] = retained;
	if (format !== FORMAT) return NO_ATTEMPTS;
	if (last === 0) return { last, counts: [first + 1, second] };
	if (last === 1) return { last, counts: [first, second + 1] };
	return { last: undefined, counts: [first, second] };
}

/** What is to be kept when an image is started, or nobody is. */
export function encodeAttempts({ counts }: Attempts, next: SlotNumber | undefined): Uint8Array {
	const byte = (count: number) => Math.min(count, 0xff);
	return Uint8Array.of(FORMAT, next ?? NOBODY, byte(counts[0]), byte(counts[1]));
}
