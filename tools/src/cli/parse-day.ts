import { UsageError } from "../errors.ts";
import { parseTime } from "./parse-time.ts";

/**
 * A day or a moment given on the command line, ms since 1970 UTC.
 * @param text - a day like 2027-03-01, in this computer's time zone, or a moment as `parseTime` takes it
 * @param edge - which moment of a day is meant
 * @throws {UsageError} when it is neither
 */
export function parseDay(text: string, edge: "begin" | "end"): number {
	const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
	if (year === undefined && text.includes("T")) return parseTime(text);
	const begin = new Date(Number(year), Number(month) - 1, Number(day));
	// A 31st of February is no day, and not the 3rd of March either.
	if (year === undefined || begin.getMonth() !== Number(month) - 1) {
		throw new UsageError(`${text} is not a day`, {
			hint: "Write a day like 2027-03-01, or a moment with its zone like 2027-03-01T14:05:09Z.",
		});
	}
	if (edge === "begin") return begin.getTime();
	begin.setDate(begin.getDate() + 1);
	return begin.getTime() - 1;
}

/** When today began in this computer's time zone, ms since 1970 UTC. */
export function startOfToday(): number {
	return new Date().setHours(0, 0, 0, 0);
}
