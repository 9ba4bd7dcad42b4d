import { measureImage } from "./image/measure.ts";
import type { Row } from "./row.ts";

/** Names of the figures that only the file of budgets lists. */
const IN_FILE_ONLY = /^(section|flash|ram)\./;

/** What the Cortex-M55 image takes and costs; the figures that have a budget. */
export async function benchImage(): Promise<Row[]> {
	return (await measureImage())
		.filter(({ name }) => !IN_FILE_ONLY.test(name))
		.map(({ what, value, unit, toReach }) => ({
			what: `image: ${what}`,
			value,
			unit,
			kind: "exact",
			note: toReach === undefined ? "" : `to reach: ${toReach.toLocaleString("en")}`,
		}));
}
