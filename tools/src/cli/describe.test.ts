import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { Status } from "@bodycam/protocol/camera/status";
import { expect, test } from "vitest";
import { SAMPLE_STATUS as status } from "../testing/sample-status.ts";
import { describeEvent } from "./describe-event.ts";
import { describeRecording, describeRecordings } from "./describe-recording.ts";
import { describeStatus } from "./describe-status.ts";
import { formatTable } from "./table.ts";

const recording: RecordingMetadata = {
	number: 1,
	state: "complete",
	device: "0011",
	build: "abcdef0123456789",
	engine: "XS 13.3.0",
	seeded: true,
	trigger: { monotonicMs: 31_000, source: "button", framesBefore: 240, framesAfter: 125 },
	preRecord: {
		configuredMs: 10_000,
		deliveredMs: 9_600,
		audioMs: 10_000,
		capacityMs: 10_000,
		reason: "complete",
	},
	announcement: { startMs: 31_200, endMs: 37_200, languages: ["de", "en"] },
	video: { width: 640, height: 360, frames: 365, firstMs: 21_400, lastMs: 35_960, bitRate: 500_000 },
	drainMs: 300,
	bytes: 1_000_000,
	sha256: new Uint8Array(32).fill(0xab),
	interrupted: false,
};

test("an event reads as time, kind and what happened", () => {
	const line = describeEvent({
		type: "button",
		sequence: 3,
		monotonicMs: 61_234,
		button: "event",
		action: "hold",
	});
	expect(line).toBe("00:01:01.234  button                 event button: hold");
});

test("memory that cannot hold what is configured is said with the arming", () => {
	const line = describeEvent({
		type: "armed",
		sequence: 1,
		monotonicMs: 0,
		preRecordMs: 60_000,
		capacityMs: 27_000,
	});
	expect(line).toContain("memory holds at least 27.0 s");
});

test("an announcement that was cut short before a language was spoken names none", () => {
	const at = { sequence: 1, monotonicMs: 0 } as const;
	const line = describeEvent({ type: "announcement-ended", ...at, languages: [], complete: false });
	expect(line).toMatch(/cut short$/);
});

test("status says that an unprovisioned camera grants every role", () => {
	expect(describeStatus(status)).toContain(
		"not provisioned; there are no sessions: whoever connects acts as administrator",
	);
});

test("status says what limits the pre-recording before any trigger", () => {
	const limited: Status = {
		...status,
		preRecord: { ...status.preRecord, capacityMs: 12_000, limit: "arena" },
	};
	expect(describeStatus(limited)).toContain("memory is sure to hold 12.0 s");
	const none: Status = { ...limited, preRecord: { ...limited.preRecord, capacityMs: 0, heldMs: 756 } };
	expect(describeStatus(none)).toContain("756 ms held now; memory is too small for any to be sure");
});

test("status says in words what a camera out of order recorded last", () => {
	const fault: Status = { ...status, capture: { state: "fault", recording: 2, durationMs: 4030 } };
	expect(describeStatus(fault)).toContain("out of order (see faults), recording 2 began 4.03 s ago");
	const recording: Status = { ...status, capture: { state: "recording", recording: 3, durationMs: 4030 } };
	expect(describeStatus(recording)).toContain("recording 3 for 4.03 s");
});

test("of a recording that is being made only what is known already is told", () => {
	const text = describeRecording({
		...recording,
		state: "recording",
		bytes: 0,
		audio: undefined,
		sha256: undefined,
		video: { ...recording.video, frames: 0, firstMs: 0, lastMs: 0 },
	} as unknown as RecordingMetadata);
	expect(text).toContain("640×360");
	expect(text).toContain("known when it is closed");
	for (const wrong of ["0 frames", "none", "0 B"]) expect(text).not.toContain(wrong);
});

test("a recording says what was delivered, what was configured and why", () => {
	expect(describeRecording(recording)).toContain("9.60 s of 10.0 s, sound 10.0 s: all that is configured");
	expect(describeRecording(recording)).toContain("this is test material");
});

test("the reason is told where one was given", () => {
	expect(describeRecording({ ...recording, reason: "threat" })).toMatch(/^reason +threat$/m);
	expect(describeRecording(recording)).not.toMatch(/^reason/m);
});

test("the announcement is placed by the trigger", () => {
	expect(describeRecording(recording)).toContain("in de, en, from 200 ms to 6.20 s after the trigger");
});

test("an empty card says so instead of an empty table", () => {
	expect(describeRecordings([])).toBe("no recordings");
});

test("columns of quantities are aligned to the right", () => {
	expect(
		formatTable(
			["n", "name"],
			[
				["1", "a"],
				["10", "b"],
			],
		),
	).toBe(" n  name\n 1  a\n10  b");
});
