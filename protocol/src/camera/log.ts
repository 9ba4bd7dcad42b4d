import { array, choice, type Infer, map, optional, text, uint } from "../schema/schema.ts";
import { command } from "../smp/command.ts";
import { CameraGroup } from "./groups.ts";
import { monotonicMs } from "./terms.ts";

/** Levels of log lines, from the least to the most important; their index is the level of a board record. */
export const LOG_LEVELS = ["debug", "info", "warning", "error"] as const;

/** One of `LOG_LEVELS`. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Most bytes of a line's text. */
export const LOG_TEXT_MAX = 240;

/** Most lines in one answer. */
export const LOG_LINES_MAX = 32;

/** Schema of `LogLine`. */
export const logLine = map(
	{
		sequence: uint({ min: 1 }),
		monotonicMs,
		level: choice(LOG_LEVELS),
		text: text(LOG_TEXT_MAX),
	},
	{ name: "log-line" },
);

/** One line of the camera's log. */
export type LogLine = Infer<typeof logLine>;

/** Reads log lines from a cursor. */
export const logRead = command({
	name: "log-read",
	group: CameraGroup.log,
	id: 0,
	access: "read",
	role: "technician",
	doc: "Reads the log lines after a cursor.",
	request: map({
		after: optional(uint({ doc: "sequence of the last line seen; 0 or absent: from the oldest kept" })),
		max: optional(uint({ min: 1, max: LOG_LINES_MAX })),
		level: optional(choice(LOG_LEVELS, { doc: "the least important level wanted" })),
	}),
	response: map({
		lines: array(logLine, LOG_LINES_MAX),
		next: uint({ doc: "the cursor to ask on with" }),
		lost: uint({ doc: "lines after the cursor that are no longer kept" }),
		boot: uint({ max: 0xffff_ffff, doc: "another number after each boot: then start again from 0" }),
	}),
});

/** Schema of `StoredLogLine`. */
export const storedLogLine = map(
	{
		number: uint({ min: 1, max: 0xffff_ffff, doc: "counts up over all boots" }),
		boot: uint({ max: 0xffff_ffff, doc: "another number after each boot" }),
		monotonicMs,
		level: choice(LOG_LEVELS),
		text: text(LOG_TEXT_MAX),
	},
	{ name: "stored-log-line" },
);

/** A line of the log as it is kept across resets. */
export type StoredLogLine = Infer<typeof storedLogLine>;

/** Reads log lines of this boot and those before. */
export const logHistory = command({
	name: "log-history",
	group: CameraGroup.log,
	id: 1,
	access: "read",
	role: "technician",
	doc: "Reads the log lines after a cursor, also those of earlier boots.",
	request: map({
		after: optional(uint({ doc: "number of the last line seen; 0 or absent: from the oldest kept" })),
		max: optional(uint({ min: 1, max: LOG_LINES_MAX })),
		level: optional(choice(LOG_LEVELS, { doc: "the least important level wanted" })),
	}),
	response: map({
		lines: array(storedLogLine, LOG_LINES_MAX),
		next: uint({ doc: "the cursor to ask on with" }),
		lost: uint({ doc: "lines after the cursor that are no longer kept" }),
		boot: uint({ max: 0xffff_ffff, doc: "number of the boot that runs" }),
	}),
});

/** Why a camera restarted without having been asked to. */
export const CRASH_REASONS = ["watchdog", "exception", "out-of-memory", "stack-overflow"] as const;

/** Most bytes of a crash's message, and of its stack. */
export const CRASH_MESSAGE_MAX = 512;
/** @see CRASH_MESSAGE_MAX */
export const CRASH_STACK_MAX = 2048;

/** Schema of `CrashRecord`. */
export const crashRecord = map(
	{
		build: text(32, { doc: "build id of the firmware that died" }),
		reason: choice(CRASH_REASONS, { name: "crash-reason" }),
		message: text(CRASH_MESSAGE_MAX),
		stack: text(CRASH_STACK_MAX, { doc: "where: lines of the bundle, for the build's source map" }),
		uptimeMs: uint({ doc: "how long it had run" }),
	},
	{ name: "crash-record", doc: "what a firmware died of" },
);

/** What a firmware died of. */
export type CrashRecord = Infer<typeof crashRecord>;

/** Reads the last crash record. */
export const crashRead = command({
	name: "crash-read",
	group: CameraGroup.log,
	id: 2,
	access: "read",
	role: "technician",
	doc: "Tells what the firmware died of the last time it died.",
	request: map({}),
	response: map({
		crash: optional(crashRecord),
		bootsSince: optional(uint({ doc: "boots since then, the one that runs included" })),
	}),
});

/** The commands of the log group. */
export const LOG_COMMANDS = [logRead, logHistory, crashRead] as const;
