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

/** The commands of the log group. */
export const LOG_COMMANDS = [logRead] as const;
