import type { ResetReason } from "@bodycam/protocol/board/records";
import { CRASH_MESSAGE_MAX, CRASH_STACK_MAX, type CrashRecord } from "@bodycam/protocol/camera/log";

const REASONS: Partial<Readonly<Record<keyof typeof ResetReason, CrashRecord["reason"]>>> = {
	watchdog: "watchdog",
	outOfMemory: "out-of-memory",
	stackOverflow: "stack-overflow",
};

/** What a crash is like. */
export interface Crash {
	/** Build id of what died. */
	readonly build: string;
	readonly reason: keyof typeof ResetReason;
	readonly message: string;
	/** As the engine tells it: lines of the bundle. */
	readonly stack: string;
	/** How long it had run. */
	readonly uptimeMs: number;
}

/** The record of a crash, as it lies in memory that a reset leaves alone: texts have their limits there. */
export function crashRecordOf({ build, reason, message, stack, uptimeMs }: Crash): CrashRecord {
	return {
		build,
		reason: REASONS[reason] ?? "exception",
		message: cut(message, CRASH_MESSAGE_MAX),
		stack: cut(stack, CRASH_STACK_MAX),
		uptimeMs,
	};
}

/** The beginning of a text in so many bytes of UTF-8, whole characters only. */
function cut(text: string, bytes: number): string {
	const encoded = new TextEncoder().encode(text);
	if (encoded.length <= bytes) return text;
	let end = bytes;
	while (((encoded[end] ?? 0) & 0xc0) === 0x80) end -= 1;
	return new TextDecoder().decode(encoded.subarray(0, end));
}
