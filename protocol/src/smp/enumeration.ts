import { array, boolean, map, optional, text, uint } from "../schema/schema.ts";
import { command } from "./command.ts";
import { declareErrors } from "./errors.ts";
import { ReturnCode } from "./return-code.ts";

/** The standard group that tells which groups there are (Zephyr `smp_group_10.rst`). */
export const ENUMERATION_GROUP = 10;

/** Most groups in one answer or question. */
const GROUPS_MAX = 64;

const group = uint({ max: 0xffff });
const common = { group: ENUMERATION_GROUP, access: "read", role: "anyone" } as const;

/** Counts the groups. */
export const enumerationCount = command({
	...common,
	name: "enumeration-count",
	id: 0,
	doc: "Counts the groups.",
	request: map({}),
	response: map({ count: uint({ max: 0xffff }) }),
});

/** Lists the groups. */
export const enumerationList = command({
	...common,
	name: "enumeration-list",
	id: 1,
	doc: "Lists the groups.",
	request: map({}),
	response: map({ groups: array(group, GROUPS_MAX) }),
});

/** Tells one group. */
export const enumerationSingle = command({
	...common,
	name: "enumeration-single",
	id: 2,
	doc: "Tells one group by its place in the list.",
	request: map({ index: optional(uint({ max: 0xffff, doc: "0 without it" })) }),
	response: map({ group, end: optional(boolean({ doc: "true: it is the last one" })) }),
});

/** Describes groups. */
export const enumerationDetails = command({
	...common,
	name: "enumeration-details",
	id: 3,
	doc: "Describes groups: those asked for, or all.",
	request: map({ groups: optional(array(group, GROUPS_MAX)) }),
	response: map({
		groups: array(
			map({
				group,
				name: text(32),
				handlers: uint({ max: 0x100, doc: "highest number of a command, and one" }),
			}),
			GROUPS_MAX,
		),
	}),
});

/** Errors of the enumeration group (Zephyr `enum_mgmt_err_code_t`). */
export const EnumerationError = declareErrors(ENUMERATION_GROUP, {
	unknown: [1, ReturnCode.unknown, "failed for an unknown reason"],
	indexTooLarge: [4, ReturnCode.unknown, "there are fewer groups"],
});

/** The commands of the enumeration group. */
export const ENUMERATION_COMMANDS = [
	enumerationCount,
	enumerationList,
	enumerationSingle,
	enumerationDetails,
] as const;

/** Names of the standard groups, as Zephyr gives them. */
export const STANDARD_GROUP_NAMES: Readonly<Record<number, string>> = {
	0: "os mgmt",
	1: "img mgmt",
	2: "stat mgmt",
	3: "settings mgmt",
	8: "fs mgmt",
	9: "shell mgmt",
	10: "enum mgmt",
};
