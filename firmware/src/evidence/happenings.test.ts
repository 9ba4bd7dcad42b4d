import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import { expect, test } from "vitest";
import { happeningOf, recordingOf } from "./happenings.ts";
import { createStateTimeline } from "./state-timeline.ts";

test("of an event the record takes what names neither people nor places, and not the number it has itself", () => {
	const event: CameraEventBody = { type: "consent", recording: 3, mark: "given" };
	expect(happeningOf(event)).toEqual({ type: "consent", mark: "given" });
	expect(recordingOf(event)).toBe(3);
});

test("a fault is an alarm, without its text", () => {
	const event: CameraEventBody = {
		type: "fault",
		fault: "card-full",
		active: true,
		detail: "at the town hall",
	};
	expect(happeningOf(event)).toEqual({ type: "alarm", fault: "card-full", active: true });
	expect(recordingOf(event)).toBeUndefined();
});

test("who authorised a recording, and what is about no recording, is not taken", () => {
	expect(
		happeningOf({ type: "home", recording: 1, state: "authorised", authorisedBy: "Rat" }),
	).toBeUndefined();
	expect(happeningOf({ type: "battery", percent: 5, charging: false })).toBeUndefined();
});

test("the timeline says what the camera did when pictures were taken, not when it was asked", () => {
	const timeline = createStateTimeline();
	timeline.begin();
	expect(timeline.at(0)).toBe(1);
	timeline.happened({ type: "announcement-started", languages: [] }, 1000);
	timeline.happened({ type: "announcement-ended", languages: [], complete: true }, 5000);
	timeline.happened({ type: "recording-paused", fromMs: 8000 }, 8001);
	timeline.happened({ type: "recording-resumed", fromMs: 8000, toMs: 20_000 }, 20_100);
	timeline.happened({ type: "marker", atMs: 1 }, 21_000);
	const states = [999, 1000, 4999, 5000, 7000, 7900, 8000, 20_000].map((ms) => timeline.at(ms));
	expect(states).toEqual([1, 0, 0, 1, 1, 2, 2, 1]);
	timeline.begin();
	expect(timeline.at(1000)).toBe(1);
});

test("the timeline says that a recording which goes on after a pause is announced again", () => {
	const timeline = createStateTimeline();
	timeline.begin();
	timeline.happened({ type: "recording-paused", fromMs: 8000 }, 8001);
	timeline.happened({ type: "announcement-started", languages: [] }, 19_900);
	timeline.happened({ type: "recording-resumed", fromMs: 8000, toMs: 20_000 }, 20_100);
	timeline.happened({ type: "announcement-ended", languages: [], complete: true }, 24_000);
	expect([7000, 8000, 20_500, 23_999, 24_000].map((ms) => timeline.at(ms))).toEqual([1, 2, 0, 0, 1]);
	timeline.happened({ type: "announcement-started", languages: [] }, 30_000);
	timeline.begin();
	timeline.happened({ type: "recording-resumed", fromMs: 1000, toMs: 2000 }, 2000);
	expect(timeline.at(2500)).toBe(1);
});

test("the timeline keeps the newest changes when there are many", () => {
	const timeline = createStateTimeline();
	for (let index = 0; index < 100; index++) {
		timeline.happened({ type: "announcement-started", languages: [] }, index * 10);
		timeline.happened({ type: "announcement-ended", languages: [], complete: true }, index * 10 + 5);
	}
	expect([timeline.at(992), timeline.at(997)]).toEqual([0, 1]);
});
