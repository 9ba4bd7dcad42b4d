import type { CustodyEntry, CustodyEntryOf } from "@bodycam/protocol/custody/entry";
import type { CustodyHappening } from "@bodycam/protocol/custody/happenings";
import type { CustodyState } from "@bodycam/protocol/custody/terms";

/** What the camera did for some time, ms on the recording's own timeline. */
export interface Span {
	/** Where it begins. */
	readonly fromMs: number;
	/** Where it ends. */
	readonly toMs: number;
	/** What the camera did; `pre-recording`: before the trigger. */
	readonly state: "pre-recording" | CustodyState;
	/** Whether there is sound. */
	readonly sound: boolean;
}

/** Something that happened, as the camera has signed it. */
export interface Happening {
	/** When it was, ms on the recording's own timeline: for a pause its begin. */
	readonly atMs: number;
	/** The same by the camera's clock, ms since 1970 UTC; undefined while that was unset. */
	readonly wallMs: number | undefined;
	/** What it was. */
	readonly happening: CustodyHappening;
	/** Whether it was after the recording: behind the end of its record. Its place is the end of the recording then. */
	readonly afterwards: boolean;
}

/** What a custody record tells about the course of a recording. */
export interface Timeline {
	/** Length in ms, from the first picture or sound to the last. */
	readonly durationMs: number;
	/** The trigger, ms on the recording's own timeline. */
	readonly triggerMs: number;
	/** What the camera did, in order and without overlap. */
	readonly spans: readonly Span[];
	/** What happened, in the order of its time. */
	readonly happenings: readonly Happening[];
	/** The begin by the camera's clock, ms since 1970 UTC; undefined where that was never set. */
	readonly startedAt: number | undefined;
	/** How far the clock may be off, ms; undefined with it. */
	readonly uncertaintyMs: number | undefined;
}

/**
 * The course of a recording. The camera's times are those since its power-on; what a player shows begins at 0 with the
 * first picture or sound.
 * @param entries - the items of a record that was verified
 */
export function timelineOf(entries: readonly CustodyEntry[]): Timeline {
	const end = entries.findIndex(({ type }) => type === "final" || type === "recovery");
	if (end < 0) return courseOf(entries);
	const course = courseOf(entries.slice(0, end + 1));
	const { durationMs, happenings } = course;
	const lastMs = Math.max(durationMs, happenings.at(-1)?.atMs ?? 0);
	return { ...course, happenings: [...happenings, ...afterwardsOf(entries.slice(end + 1), lastMs)] };
}

/** What was signed behind the end, maybe after other starts of the camera: each has its own clock. */
function afterwardsOf(entries: readonly CustodyEntry[], atMs: number): Happening[] {
	return entries
		.filter((entry) => entry.type === "event")
		.map(({ wallMs, happening }) => ({ atMs, wallMs, happening, afterwards: true }));
}

/** @param entries - up to the end of the record */
function courseOf(entries: readonly CustodyEntry[]): Timeline {
	const segments = entries.filter((entry) => entry.type === "checkpoint");
	const checkpoints = segments.filter(hasMedia);
	const start = entries[0]?.monotonicMs ?? 0;
	const origin = checkpoints.reduce(
		(first, { firstMs }) => Math.min(first, firstMs),
		checkpoints[0]?.firstMs ?? start,
	);
	const end = checkpoints.reduce((last, { lastMs }) => Math.max(last, lastMs), origin);
	const clock = clockOf(entries);
	const pauses = pausesOf(entries, origin, end);
	// A segment that was signed in a pause says so, but what it holds is from before it: nothing of a pause is stored.
	const stored = checkpoints.map((segment) =>
		segment.state === "pausing" && pauses.length > 0 ? { ...segment, state: "recording" as const } : segment,
	);
	const triggerMs = Math.max(0, triggerOf(segments, checkpoints, end) - origin);
	return {
		durationMs: end - origin,
		triggerMs,
		spans: withPauses(withTrigger(spansOf(stored, origin), triggerMs), pauses),
		happenings: entries
			.filter((entry) => entry.type === "event")
			.map((entry) => happeningOf(entry, origin, clock))
			.sort((a, b) => a.atMs - b.atMs),
		startedAt: clock && origin + clock.offsetMs,
		uncertaintyMs: clock?.uncertaintyMs,
	};
}

/** The segment that begins the file and the one that closes it hold no media. */
function hasMedia({ segment, state }: CustodyEntryOf<"checkpoint">): boolean {
	return segment > 1 && state !== "closing";
}

/**
 * The trigger, ms since power-on: the time of the segment that begins the file, where it lies within the first segment
 * that is not all from before the trigger; else the begin of that.
 */
function triggerOf(
	[begin]: readonly CustodyEntryOf<"checkpoint">[],
	media: readonly CustodyEntryOf<"checkpoint">[],
	end: number,
): number {
	const own = media.find(({ preRecord }) => !preRecord);
	if (own === undefined) return end;
	const told = begin?.segment === 1 ? begin.firstMs : own.firstMs;
	return told >= own.firstMs && told <= own.lastMs ? told : own.firstMs;
}

interface Clock {
	/** What makes the time of day of a time since power-on, ms. */
	readonly offsetMs: number;
	readonly uncertaintyMs: number | undefined;
}

/** The clock as it was at last: where it was set during the recording, what was said before it was worse. */
function clockOf(entries: readonly CustodyEntry[]): Clock | undefined {
	// A recovery is signed after another start: its time since power-on is another one.
	const last = entries.findLast((entry) => entry.type !== "recovery" && entry.wallMs !== undefined);
	if (last?.wallMs === undefined) return undefined;
	return { offsetMs: last.wallMs - last.monotonicMs, uncertaintyMs: last.wallUncertaintyMs };
}

function spansOf(checkpoints: readonly CustodyEntryOf<"checkpoint">[], origin: number): Span[] {
	const segments = checkpoints.map(
		({ firstMs, lastMs, state, preRecord, sound }): Span => ({
			fromMs: firstMs - origin,
			toMs: lastMs - origin,
			state: preRecord ? "pre-recording" : state,
			sound,
		}),
	);
	const spans = joined(segments);
	return spans.map((span, index) => closed(span, spans[index + 1]));
}

/** A segment's last time is the begin of its last picture or sound: the span lasts until the next one begins. */
function closed(span: Span, next: Span | undefined): Span {
	return next === undefined ? span : { ...span, toMs: Math.max(span.fromMs, next.fromMs) };
}

/** A segment has one state, and the trigger may lie within it: what it holds from before it is pre-recorded too. */
function withTrigger(spans: readonly Span[], triggerMs: number): Span[] {
	return joined(
		spans.flatMap((span) =>
			span.state === "pre-recording" || span.fromMs >= triggerMs || span.toMs <= triggerMs
				? [span]
				: [
						{ ...span, toMs: triggerMs, state: "pre-recording" as const },
						{ ...span, fromMs: triggerMs },
					],
		),
	);
}

/** One span instead of two that follow one another and are alike. */
function joined(spans: readonly Span[]): Span[] {
	const all: Span[] = [];
	for (const span of spans) {
		const before = all.at(-1);
		if (before?.state === span.state && before.sound === span.sound)
			all[all.length - 1] = { ...before, toMs: span.toMs };
		else all.push(span);
	}
	return all;
}

interface Pause {
	readonly fromMs: number;
	readonly toMs: number;
}

/** The pauses by what the camera has signed of their begin and end; one that was not ended lasts to the end. */
function pausesOf(entries: readonly CustodyEntry[], origin: number, end: number): Pause[] {
	const pauses: Pause[] = [];
	let open: number | undefined;
	for (const entry of entries) {
		if (entry.type !== "event") continue;
		const { happening } = entry;
		if (happening.type === "recording-paused") open = happening.fromMs;
		if (happening.type !== "recording-resumed") continue;
		pauses.push({ fromMs: happening.fromMs - origin, toMs: happening.toMs - origin });
		open = undefined;
	}
	if (open !== undefined && open < end) pauses.push({ fromMs: open - origin, toMs: end - origin });
	return pauses;
}

/** Puts the pauses between the spans. */
function withPauses(spans: readonly Span[], pauses: readonly Pause[]): Span[] {
	let all = spans;
	for (const pause of pauses)
		all = [
			...all.flatMap((span) => outside(span, pause)),
			{ ...pause, state: "pausing" as const, sound: false },
		];
	return all.toSorted((a, b) => a.fromMs - b.fromMs);
}

/** What of a span lies before a pause, and what behind it. */
function outside(span: Span, { fromMs, toMs }: Pause): Span[] {
	if (span.toMs <= fromMs || span.fromMs >= toMs) return [span];
	return [
		{ ...span, toMs: fromMs },
		{ ...span, fromMs: toMs },
	].filter((part) => part.fromMs < part.toMs);
}

function happeningOf(
	{ happening, monotonicMs }: CustodyEntryOf<"event">,
	origin: number,
	clock: Clock | undefined,
): Happening {
	const at = whenOf(happening) ?? monotonicMs;
	return {
		atMs: Math.max(0, at - origin),
		wallMs: clock && at + clock.offsetMs,
		happening,
		afterwards: false,
	};
}

/** The time a happening names itself; it can be signed later than that. */
function whenOf(happening: CustodyHappening): number | undefined {
	switch (happening.type) {
		case "marker":
			return happening.atMs;
		case "recording-paused":
		case "sound-muted":
			return happening.fromMs;
		case "recording-resumed":
		case "sound-restored":
			return happening.toMs;
		default:
			return undefined;
	}
}
