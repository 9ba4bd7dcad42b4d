import { UsageError } from "../errors.ts";

/** The number of a recording. @throws {UsageError} when it is none */
export function parseRecordingNumber(text: string): number {
	const number = Number(text);
	if (!/^\d{1,10}$/.test(text) || number < 1 || number > 0xffff_ffff) {
		throw new UsageError(`${text} is not the number of a recording`, {
			hint: "Recordings are numbered from 1; `bodycam recordings list` shows them.",
		});
	}
	return number;
}
