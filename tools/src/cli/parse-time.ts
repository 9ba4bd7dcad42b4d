import { UsageError } from "../errors.ts";

/**
 * A moment given on the command line, ms since 1970 UTC.
 * @param text - ISO 8601 with its zone
 * @throws {UsageError} when it is something else
 */
export function parseTime(text: string): number {
	const zoned = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(text);
	const ms = zoned ? Date.parse(text) : Number.NaN;
	// A 31st of February is no day, and not the 3rd of March either.
	if (
		Number.isNaN(ms) ||
		new Date(Date.parse(text.slice(0, 10))).toISOString().slice(0, 10) !== text.slice(0, 10)
	) {
		throw new UsageError(`${text} is not a time`, {
			hint: "Write it in ISO 8601 with its zone, like 2026-03-01T14:05:09Z or 2026-03-01T15:05:09+01:00.",
		});
	}
	return ms;
}
