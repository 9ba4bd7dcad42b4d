import { any, integer, map, optional, text, uint } from "../schema/schema.ts";
import { command } from "./command.ts";
import { declareErrors } from "./errors.ts";
import { ReturnCode } from "./return-code.ts";

/** The standard group for what every device has (Zephyr `smp_group_0.rst`). */
export const OS_GROUP = 0;

/** Longest text in a standard message, bytes; the buffer bounds it further. */
const TEXT_MAX = 0xffff;

/** Repeats text; without `d` Zephyr answers the empty text. */
export const osEcho = command({
	name: "os-echo",
	group: OS_GROUP,
	id: 0,
	access: "either",
	role: "anyone",
	doc: "Repeats text.",
	request: map({ d: optional(text(TEXT_MAX)) }),
	response: map({ r: text(TEXT_MAX) }),
});

/** Reads the wall clock. */
export const osDatetimeRead = command({
	name: "os-datetime-read",
	group: OS_GROUP,
	id: 4,
	access: "read",
	role: "anyone",
	doc: "Reads the wall clock.",
	request: map({}),
	response: map({ datetime: text(32, { doc: "yyyy-MM-ddTHH:mm:ss.SSS in UTC" }) }),
});

/** Sets the wall clock. */
export const osDatetimeWrite = command({
	name: "os-datetime-write",
	group: OS_GROUP,
	id: 4,
	access: "write",
	role: "technician",
	doc: "Sets the wall clock.",
	request: map({
		datetime: text(64, { doc: "yyyy-MM-ddTHH:mm:ss, optional fraction, optional offset; without one, UTC" }),
	}),
	response: map({}),
});

/** Restarts the device after the response. */
export const osReset = command({
	name: "os-reset",
	group: OS_GROUP,
	id: 5,
	access: "write",
	role: "technician",
	doc: "Restarts the device after the response.",
	request: map({ force: optional(any({ doc: "true or 1: even in the middle of a recording" })) }),
	response: map({}),
});

/** Whether a reset request asks to go through with it regardless; as in Zephyr, what cannot be read means no. */
export function isForced(request: { readonly force?: unknown }): boolean {
	return request.force === true || request.force === 1;
}

/** Tells the sizes a client needs to keep the line full. */
export const osParameters = command({
	name: "os-parameters",
	group: OS_GROUP,
	id: 6,
	access: "read",
	role: "anyone",
	doc: "Tells how large a packet may be and how many may be under way.",
	request: map({}),
	response: map({
		buf_size: uint({ max: 0xffff_ffff, doc: "bytes of the largest packet, header included" }),
		buf_count: uint({ max: 0xffff_ffff, doc: "packets the device can hold" }),
	}),
});

/** Describes the system, as `uname` does. */
export const osInfo = command({
	name: "os-info",
	group: OS_GROUP,
	id: 7,
	access: "read",
	role: "anyone",
	doc: "Describes the system, as uname does.",
	request: map({ format: optional(text(TEXT_MAX, { doc: "letters of snrvbmpioa; without them: s" })) }),
	response: map({ output: text(TEXT_MAX) }),
});

/** How MCUboot runs images that lie in either slot and are gone back from (Zephyr `smp_group_0.rst`, "mode"). */
export const DIRECT_XIP_WITH_REVERT = 5;

/** Tells what starts the images; with a query, a property of it. */
export const osBootloader = command({
	name: "os-bootloader",
	group: OS_GROUP,
	id: 8,
	access: "read",
	role: "anyone",
	doc: "Tells whose rules images are started by, or how.",
	request: map({ query: optional(text(TEXT_MAX, { doc: "mode; without it: the name" })) }),
	response: map({
		bootloader: optional(text(TEXT_MAX, { doc: "MCUboot" })),
		mode: optional(integer(-1, 0x7fff_ffff, { doc: "5: images run where they lie, and are gone back from" })),
	}),
});

/** Errors of the os group (Zephyr `os_mgmt_err_code_t`). */
export const OsError = declareErrors(OS_GROUP, {
	unknown: [1, ReturnCode.unknown, "failed for an unknown reason"],
	invalidFormat: [2, ReturnCode.invalid, "the info format has a letter the device does not know"],
	noAnswer: [3, ReturnCode.noEntry, "the device has no answer to that"],
	clockNotSet: [4, ReturnCode.noEntry, "the clock of the device is not set"],
	clockFailed: [5, ReturnCode.unknown, "the clock of the device does not answer"],
	notValid: [6, ReturnCode.invalid, "the value of the query is not valid"],
});

/** The commands of the os group that a camera answers. */
export const OS_COMMANDS = [
	osEcho,
	osDatetimeRead,
	osDatetimeWrite,
	osReset,
	osParameters,
	osInfo,
	osBootloader,
] as const;
