import type { CustodyBody, CustodyEntry } from "@bodycam/protocol/custody/entry";
import { expect, test } from "vitest";
import { timelineOf } from "./timeline.ts";

const hash = new Uint8Array(32);

function entries(...bodies: readonly CustodyBody[]): CustodyEntry[] {
	return bodies.map((body, item) => ({ item, before: hash, ...body }) as CustodyEntry);
}

function checkpoint(
	firstMs: number,
	lastMs: number,
	changes: Partial<Extract<CustodyBody, { type: "checkpoint" }>> = {},
): CustodyBody {
	return {
		type: "checkpoint",
		monotonicMs: lastMs + 10,
		segment: 2,
		offset: 0,
		bytes: 1,
		sha256: hash,
		firstMs,
		lastMs,
		state: "recording",
		preRecord: false,
		sound: true,
		...changes,
	};
}

test("times count from the first picture or sound, whatever segments without media say", () => {
	const timeline = timelineOf(
		entries(
			checkpoint(9000, 9000, { segment: 1 }),
			checkpoint(5000, 5760),
			checkpoint(5800, 6560),
			checkpoint(6560, 6560, { state: "closing" }),
		),
	);
	expect(timeline.durationMs).toBe(1560);
	expect(timeline.spans).toEqual([{ fromMs: 0, toMs: 1560, state: "recording", sound: true }]);
});

test("what the camera did changes with its state, its sound and at the trigger", () => {
	const { spans, triggerMs } = timelineOf(
		entries(
			checkpoint(1000, 1960, { preRecord: true }),
			checkpoint(2000, 2960, { state: "announcing" }),
			checkpoint(3000, 3960, { sound: false }),
			checkpoint(4000, 4960, { sound: false }),
		),
	);
	expect(triggerMs).toBe(1000);
	expect(spans).toEqual([
		{ fromMs: 0, toMs: 1000, state: "pre-recording", sound: true },
		{ fromMs: 1000, toMs: 2000, state: "announcing", sound: true },
		{ fromMs: 2000, toMs: 3960, state: "recording", sound: false },
	]);
});

test("what a segment holds from before the trigger within it is pre-recorded", () => {
	const { spans, triggerMs } = timelineOf(
		entries(
			checkpoint(2500, 2500, { segment: 1 }),
			checkpoint(1000, 1960, { preRecord: true }),
			checkpoint(2000, 2960, { state: "announcing" }),
			checkpoint(3000, 3960),
		),
	);
	expect(triggerMs).toBe(1500);
	expect(spans).toEqual([
		{ fromMs: 0, toMs: 1500, state: "pre-recording", sound: true },
		{ fromMs: 1500, toMs: 2000, state: "announcing", sound: true },
		{ fromMs: 2000, toMs: 2960, state: "recording", sound: true },
	]);
});

test("a pause lasts from where it begins to where it ends, and has no sound, whatever its segments hold", () => {
	const { spans } = timelineOf(
		entries(
			checkpoint(1000, 1960),
			// Made before the pause, signed in it.
			checkpoint(2000, 2960, { state: "pausing" }),
			{ type: "event", monotonicMs: 3000, happening: { type: "recording-paused", fromMs: 3000 } },
			{
				type: "event",
				monotonicMs: 8000,
				happening: { type: "recording-resumed", fromMs: 3000, toMs: 8000 },
			},
			checkpoint(8000, 8960),
		),
	);
	expect(spans).toEqual([
		{ fromMs: 0, toMs: 2000, state: "recording", sound: true },
		{ fromMs: 2000, toMs: 7000, state: "pausing", sound: false },
		{ fromMs: 7000, toMs: 7960, state: "recording", sound: true },
	]);
});

test("a pause in which the recording ends lasts to the end", () => {
	const { spans } = timelineOf(
		entries(checkpoint(1000, 2960, { state: "pausing" }), {
			type: "event",
			monotonicMs: 2500,
			happening: { type: "recording-paused", fromMs: 2500 },
		}),
	);
	expect(spans).toEqual([
		{ fromMs: 0, toMs: 1500, state: "recording", sound: true },
		{ fromMs: 1500, toMs: 1960, state: "pausing", sound: false },
	]);
});

test("the trigger is told by the segment that begins the file, where it fits", () => {
	const media = [checkpoint(1000, 1960, { preRecord: true }), checkpoint(2000, 2960)];
	const triggered = (at: number) =>
		timelineOf(entries(checkpoint(at, at, { segment: 1 }), ...media)).triggerMs;
	expect(triggered(2400)).toBe(1400);
	expect(triggered(500)).toBe(1000);
	expect(triggered(5000)).toBe(1000);
});

test("something that happened stands where it says it was, not where it was signed", () => {
	const { happenings } = timelineOf(
		entries(
			checkpoint(1000, 1960),
			{ type: "event", monotonicMs: 2600, happening: { type: "marker", atMs: 1500 } },
			{ type: "event", monotonicMs: 1200, happening: { type: "consent", mark: "given" } },
		),
	);
	expect(happenings.map(({ atMs, happening }) => [atMs, happening.type])).toEqual([
		[200, "consent"],
		[500, "marker"],
	]);
});

test("the time of day is that of the clock at last, and not of another start", () => {
	const { startedAt, uncertaintyMs, happenings } = timelineOf(
		entries(
			{ ...checkpoint(1000, 1960), wallMs: 50_000, wallUncertaintyMs: 9000 } as CustodyBody,
			{
				type: "event",
				monotonicMs: 2000,
				wallMs: 1_002_000,
				wallUncertaintyMs: 20,
				happening: { type: "clock-set", uncertaintyMs: 20 },
			},
			{
				type: "recovery",
				monotonicMs: 10,
				wallMs: 9_000_000,
				wallUncertaintyMs: 1,
				segments: 1,
				bytes: 1,
				cutBytes: 0,
				cutRecordBytes: 0,
				lostMs: 900,
				reason: "power-on",
			},
		),
	);
	expect(startedAt).toBe(1_001_000);
	expect(uncertaintyMs).toBe(20);
	expect(happenings[0]?.wallMs).toBe(1_002_000);
});

test("a reason given afterwards stands at the end with its own time of day, and changes no other time", () => {
	const during: CustodyBody[] = [
		{ ...checkpoint(5000, 5960), wallMs: 1_005_970, wallUncertaintyMs: 20 } as CustodyBody,
		{ type: "event", monotonicMs: 5980, happening: { type: "consent", mark: "given" } },
		{
			type: "final",
			monotonicMs: 6100,
			wallMs: 1_006_100,
			wallUncertaintyMs: 20,
			segments: 1,
			bytes: 1,
			durationMs: 960,
			preRecordMs: 0,
			reason: "button",
		},
	];
	const reason = (code: string) => ({ type: "reason-given", code, source: "link" }) as const;
	const { happenings, ...course } = timelineOf(
		entries(
			...during,
			{
				type: "event",
				monotonicMs: 10,
				wallMs: 9_000_000,
				wallUncertaintyMs: 1,
				happening: reason("threat"),
			},
			{ type: "event", monotonicMs: 20, happening: reason("exercise") },
		),
	);
	const { happenings: before, ...alone } = timelineOf(entries(...during));
	expect(course).toEqual(alone);
	expect(course).toMatchObject({ durationMs: 960, startedAt: 1_005_000 });
	expect(happenings).toEqual([
		...before,
		{ atMs: 980, wallMs: 9_000_000, happening: reason("threat"), afterwards: true },
		{ atMs: 980, wallMs: undefined, happening: reason("exercise"), afterwards: true },
	]);
	expect(before.map(({ afterwards }) => afterwards)).toEqual([false]);
});

test("a record without media has no length and no time", () => {
	expect(timelineOf([])).toMatchObject({ durationMs: 0, triggerMs: 0, spans: [], startedAt: undefined });
});
