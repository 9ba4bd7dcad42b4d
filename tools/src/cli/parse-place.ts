import { UsageError } from "../errors.ts";

const PLACE = /^(?:(?:(\d{1,3}):)?([0-5]?\d):)?(\d{1,6}(?:\.\d{1,3})?)$/;

/**
 * A place in a recording: `90`, `1:30`, `0:01:30.5`.
 * @returns seconds from its begin
 * @throws {UsageError} when it is not written like that
 */
export function parsePlace(text: string): number {
	const [, hours = "0", minutes, seconds = ""] = PLACE.exec(text) ?? [];
	const value = Number(hours) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds);
	if (seconds === "" || (minutes !== undefined && Number(seconds) >= 60))
		throw new UsageError(`${text} is no place in a recording`, {
			hint: "Write seconds from its begin, or minutes and seconds: 90, 1:30 or 0:01:30.",
		});
	return value;
}

/**
 * A part of a recording.
 * @param texts - where it begins and where it ends
 * @throws {UsageError} when these are not two places, the first one before the other
 */
export function parsePart(texts: readonly string[]): { readonly from: number; readonly to: number } {
	const [from = "", to = "", ...more] = texts;
	if (texts.length < 2 || more.length > 0)
		throw new UsageError(
			`--clip takes two places, and ${texts.length} ${texts.length === 1 ? "is" : "are"} given`,
			{
				hint: "Write where the clip begins and where it ends last on the line: --clip 1:30 2:15.",
			},
		);
	const part = { from: parsePlace(from), to: parsePlace(to) };
	if (part.to <= part.from) throw new UsageError(`a clip from ${from} to ${to} has nothing in it`);
	return part;
}
