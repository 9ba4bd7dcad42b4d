import { array, map, table, text, uint } from "../schema/schema.ts";
import { command } from "./command.ts";
import { declareErrors } from "./errors.ts";
import { ReturnCode } from "./return-code.ts";

/** The standard group for counters (Zephyr `smp_group_2.rst`). */
export const STATISTICS_GROUP = 2;

/** Most bytes of the name of a set of counters, or of a counter. */
export const STATISTICS_NAME_MAX = 64;

const name = text(STATISTICS_NAME_MAX);

/** Reads a set of counters. */
export const statisticsShow = command({
	name: "statistics-show",
	group: STATISTICS_GROUP,
	id: 0,
	access: "read",
	role: "technician",
	doc: "Reads a set of counters.",
	request: map({ name }),
	response: map({ name, fields: table(uint(), 64, { keyMax: STATISTICS_NAME_MAX }) }),
});

/** Lists the sets of counters. */
export const statisticsList = command({
	name: "statistics-list",
	group: STATISTICS_GROUP,
	id: 1,
	access: "read",
	role: "technician",
	doc: "Lists the sets of counters.",
	request: map({}),
	response: map({ stat_list: array(name, 64) }),
});

/** Errors of the statistics group (Zephyr `stat_mgmt_err_code_t`). */
export const StatisticsError = declareErrors(STATISTICS_GROUP, {
	unknown: [1, ReturnCode.unknown, "failed for an unknown reason"],
	noSuchSet: [3, ReturnCode.noEntry, "there are no counters of that name"],
});

/** The commands of the statistics group. */
export const STATISTICS_COMMANDS = [statisticsShow, statisticsList] as const;
