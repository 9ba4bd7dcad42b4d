import { ResetReason } from "@bodycam/protocol/board/records";

/** Reset reasons that count as a crash. */
const CRASHES: readonly string[] = ["watchdog", "exception", "outOfMemory", "stackOverflow"];

/** The name of a reset reason that a firmware may ask for; `requested` for any other. @param code - a `ResetReason` */
export function reasonName(code: number): keyof typeof ResetReason {
	const found = Object.entries(ResetReason).find(([, value]) => value === code);
	const name = (found?.[0] ?? "requested") as keyof typeof ResetReason;
	return CRASHES.includes(name) || name === "requested" ? name : "requested";
}
