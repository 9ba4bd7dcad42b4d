import { bytes, choice, map, optional, uint } from "../schema/schema.ts";
import { command } from "../smp/command.ts";
import { declareErrors } from "../smp/errors.ts";
import { ReturnCode } from "../smp/return-code.ts";
import { CameraGroup } from "./groups.ts";
import { READ_MAX } from "./recordings.ts";

/**
 * Whether events reach the card:
 * - `ready`: they do
 * - `absent`: there is no card, or it is being read in
 * - `read-only`: the card refuses writes
 * - `full`: there is no room left; what was there is kept
 * - `error`: the card fails there; it is tried again
 */
export const LOG_STATES = ["ready", "absent", "read-only", "full", "error"] as const;

/** One of `LOG_STATES`. */
export type LogState = (typeof LOG_STATES)[number];

/** Tells how much there is of the event log on the card. */
export const eventLogInfo = command({
	name: "event-log-info",
	group: CameraGroup.events,
	id: 1,
	access: "read",
	role: "technician",
	doc: "Tells how much there is of the event log on the card.",
	request: map({}),
	response: map({
		state: choice(LOG_STATES),
		bytes: uint({ doc: "bytes that are safe on the card; whole sectors" }),
		capacity: uint({ doc: "bytes there is room for" }),
		entries: uint({ doc: "entries in these bytes" }),
		card: optional(bytes(16, { min: 16, doc: "identity of the card; absent without one" })),
		head: optional(bytes(32, { min: 32, doc: "the chain's hash behind the last entry" })),
		boot: uint({ max: 0xffff_ffff, doc: "this boot, as in the entries" }),
		stored: uint({ doc: "sequence of the last event of this boot that is in these bytes; 0: none" }),
	}),
});

/** Reads bytes of the event log as they are on the card. */
export const eventLogRead = command({
	name: "event-log-read",
	group: CameraGroup.events,
	id: 2,
	access: "read",
	role: "technician",
	doc: "Reads bytes of the event log as they are on the card; several requests may be under way. Fewer bytes than asked for are no error.",
	request: map({
		off: uint({ doc: "offset of the first byte" }),
		len: optional(
			uint({ min: 1, max: READ_MAX, doc: "bytes wanted at most; without it, what fits the buffer" }),
		),
	}),
	response: map({
		off: uint(),
		data: bytes(READ_MAX, { doc: "empty at or past the end" }),
		total: uint({ doc: "bytes that are safe on the card now" }),
	}),
});

/** Errors of the events group. */
export const EventLogError = declareErrors(CameraGroup.events, {
	noLog: [2, ReturnCode.badState, "there is no event log: the camera has no memory card it can read"],
	cardFailed: [3, ReturnCode.unknown, "the memory card could not be read"],
});

/** The commands that read the event log. */
export const EVENT_LOG_COMMANDS = [eventLogInfo, eventLogRead] as const;
