import { createHash } from "node:crypto";
import { parseIdentity } from "@bodycam/protocol/age/keys";
import { readAgeHeader } from "@bodycam/protocol/age/read-header";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { CustodyEntryOf } from "@bodycam/protocol/custody/entry";
import { checkNeighbours } from "@bodycam/protocol/custody/neighbours";
import { readCustody } from "@bodycam/protocol/custody/reader";
import { openAgeFile } from "@bodycam/protocol/testing/open-age-file";
import { describe, expect, it } from "vitest";
import { THROWAWAY_AGENCY } from "../agency/throwaway-agency.ts";
import type { Clip } from "../camera/clip.ts";
import { defaultClip } from "../root.ts";
import { loadScene } from "../scene/load-scene.ts";
import { type BootedCamera, bootCamera } from "../testing/boot-camera.ts";
import { breaks, framesOfClip, playBack } from "../testing/playback.ts";
import { record } from "../testing/record.ts";
import { verifyRecording } from "../testing/verify-recording.ts";

const clip = (await loadScene(defaultClip(), undefined)).video as Clip;
const NOON = Date.UTC(2027, 0, 1, 12);

function items(camera: BootedCamera, number: number) {
	return [...readCustody(camera.pullPart(number, "custody"))].map((piece) => {
		if (piece.kind === "rest") throw new Error(piece.message);
		return piece.entry;
	});
}

function closed(camera: BootedCamera, number: number, state: RecordingMetadata["state"]): RecordingMetadata {
	camera.advanceUntil(
		() => camera.recordings().find((line) => line.number === number)?.state === state,
		10_000,
	);
	return camera.recording(number);
}

describe("evidence", () => {
	it("leaves the camera as an age file for each recipient of the policy, with a record that verifies", async () => {
		const camera = await bootCamera({ preRecordSeconds: 5, clockMs: NOON });
		camera.advance(8_000);
		const metadata = record(camera, 3);
		const age = camera.pullPart(1, "age");
		expect(createHash("sha256").update(age).digest()).toEqual(Buffer.from(metadata.sha256 ?? []));
		expect(age.length).toBe(metadata.bytes);
		const { daily = "", escrow = "" } = camera.agency?.identities ?? {};
		for (const identity of [daily, escrow])
			expect(openAgeFile(age, parseIdentity(identity)).whole).toBe(true);
		expect(readAgeHeader(age).stanzas.length).toBe(camera.agency?.evidence.recipients.length);
		const report = await verifyRecording(camera, 1);
		expect(report.findings.filter(({ severity }) => severity === "failure")).toEqual([]);
		expect(report).toMatchObject({ verdict: "complete", agency: THROWAWAY_AGENCY });
		expect(report.verified).toBe(report.segments);
		expect(report.hash).toEqual(metadata.finalHash);
		const { pictures } = await playBack(camera.pull(1));
		expect(breaks(clip, framesOfClip(clip, pictures))).toEqual([]);
		expect(pictures.length).toBe(metadata.video.frames);
	});

	it("shows nothing of what was taken to who has no key", async () => {
		const camera = await bootCamera({ preRecordSeconds: 3 });
		camera.advance(5_000);
		record(camera, 2);
		const age = Buffer.from(camera.pullPart(1, "age"));
		const { pictures } = await playBack(camera.pull(1));
		const unit = Buffer.from(pictures[3]?.data ?? []).subarray(0, 64);
		expect(unit.length).toBe(64);
		expect(Buffer.from(camera.pull(1)).includes(unit)).toBe(true);
		expect(age.includes(unit)).toBe(false);
		expect(age.includes("moov")).toBe(false);
	});

	it("has a checkpoint for each second at least, with what the camera did", async () => {
		const camera = await bootCamera({ preRecordSeconds: 5, clockMs: NOON });
		camera.advance(8_000);
		const metadata = record(camera, 6);
		const checkpoints = items(camera, 1).filter(
			(entry): entry is CustodyEntryOf<"checkpoint"> => entry.type === "checkpoint",
		);
		for (const { firstMs, lastMs } of checkpoints) expect(lastMs - firstMs).toBeLessThanOrEqual(1000);
		const { monotonicMs } = metadata.trigger;
		for (const { lastMs, preRecord, state } of checkpoints)
			if (state !== "closing") expect(preRecord).toBe(lastMs < monotonicMs);
		const states = checkpoints.map(({ state }) => state);
		expect(states).toContain("announcing");
		expect(states).toContain("recording");
		expect(states.at(-1)).toBe("closing");
		expect(checkpoints.filter(({ sound }) => sound).length).toBeGreaterThan(5);
	});

	it("says in its record what happened, and in what order", async () => {
		const camera = await bootCamera({ preRecordSeconds: 2 });
		camera.advance(4_000);
		record(camera, 6);
		const happenings = items(camera, 1).flatMap((entry) =>
			entry.type === "event" ? [entry.happening.type] : [],
		);
		expect(happenings.slice(0, 2)).toEqual(["announcement-started", "announcement-ended"]);
	});

	it("follows the recording before, across restarts", async () => {
		const camera = await bootCamera({ preRecordSeconds: 2, clockMs: NOON });
		camera.advance(4_000);
		record(camera, 1);
		camera.powerCut("lose", 500);
		camera.advance(4_000);
		record(camera, 1);
		const reports = [await verifyRecording(camera, 1), await verifyRecording(camera, 2)] as const;
		expect(checkNeighbours(...reports)).toEqual([]);
	});

	it("ends its record with a signed statement after a power cut, and the next recording follows it", async () => {
		const camera = await bootCamera({ preRecordSeconds: 2, clockMs: NOON });
		camera.advance(4_000);
		camera.press("start");
		camera.advance(4_300);
		camera.powerCut("tear", 500);
		camera.advance(2_000);
		const metadata = closed(camera, 1, "interrupted");
		camera.advance(2_000);
		record(camera, 1);
		const first = await verifyRecording(camera, 1);
		expect(first.verdict).toBe("interrupted");
		expect(first.hash).toEqual(metadata.finalHash);
		expect(checkNeighbours(first, await verifyRecording(camera, 2))).toEqual([]);
		const { plaintext, whole } = camera.decrypt(camera.pullPart(1, "age"));
		expect(whole).toBe(false);
		const { pictures } = await playBack(plaintext);
		expect(pictures.length).toBe(metadata.video.frames);
		expect(items(camera, 1).at(-1)).toMatchObject({ type: "recovery", reason: "power-cut" });
	});
});
