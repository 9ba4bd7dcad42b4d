import { happeningText } from "../happening-text.ts";
import { placeInVideo, type ReportInput } from "./report-input.ts";

/** A place of the recording that a reader can jump to. */
export interface Chapter {
	/** Where it is in the recording, ms. */
	readonly atMs: number;
	/** Where it is in the file that plays, ms. */
	readonly videoMs: number;
	/** What is there. */
	readonly text: string;
	/** `minute`: nothing but time went by. */
	readonly kind: "begin" | "minute" | "trigger" | "event";
	/** The same by the camera's clock, ms since 1970; undefined while that was unset. */
	readonly wallMs: number | undefined;
}

const MINUTE_MS = 60_000;

/** Kinds in the order in which those of the same time stand. */
const ORDER = ["begin", "trigger", "event", "minute"] as const;

/** One chapter a minute and one an event, in the order of time; of a clip those that are in it. */
export function chaptersOf(input: ReportInput): readonly Chapter[] {
	const { timeline, video } = input;
	const { durationMs, triggerMs, happenings, startedAt } = timeline;
	const wall = (atMs: number): number | undefined => (startedAt === undefined ? undefined : startedAt + atMs);
	const places: Omit<Chapter, "videoMs">[] = [
		{ atMs: video.fromMs, kind: "begin", text: beginText(input), wallMs: wall(video.fromMs) },
	];
	if (triggerMs > 0)
		places.push({
			atMs: triggerMs,
			kind: "trigger",
			text: "The wearer starts the recording",
			wallMs: wall(triggerMs),
		});
	for (let atMs = MINUTE_MS; atMs <= durationMs; atMs += MINUTE_MS)
		places.push({ atMs, kind: "minute", text: `Minute ${atMs / MINUTE_MS}`, wallMs: wall(atMs) });
	for (const { atMs, wallMs, happening, afterwards } of happenings)
		places.push({ atMs, kind: "event", text: happeningText(happening, afterwards), wallMs });
	return places
		.flatMap((place) => {
			const videoMs = placeInVideo(input, place.atMs);
			return videoMs === undefined ? [] : [{ ...place, videoMs }];
		})
		.sort((a, b) => a.atMs - b.atMs || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

function beginText({ original, timeline }: ReportInput): string {
	if (original.partMs !== undefined) return "Begin of the clip";
	return timeline.triggerMs > 0 ? "Begin, before the trigger" : "Begin";
}
