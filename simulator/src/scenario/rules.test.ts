import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { captureAnswer, captureStart } from "@bodycam/protocol/camera/capture";
import { CAMERA_COMMANDS } from "@bodycam/protocol/camera/commands";
import { checkPolicy } from "@bodycam/protocol/policy/check";
import { issueProfile } from "@bodycam/protocol/policy/profile";
import { deBpol } from "@bodycam/protocol/policy/profiles/de-bpol";
import { deBw } from "@bodycam/protocol/policy/profiles/de-bw";
import { deNw } from "@bodycam/protocol/policy/profiles/de-nw";
import { demo } from "@bodycam/protocol/policy/profiles/demo";
import { PROFILES } from "@bodycam/protocol/policy/profiles/index";
import { testEvidence } from "@bodycam/protocol/testing/policy-evidence";
import { describe, expect, it } from "vitest";
import { decodingComplaints, hasFfmpeg, ScratchDirectory } from "../testing/ffmpeg.ts";
import { playBack } from "../testing/playback.ts";
import { camera, eventsOf, NOON, press } from "../testing/ready-camera.ts";
import { record } from "../testing/record.ts";
import { verifyRecording } from "../testing/verify-recording.ts";

describe("the rules, on the engine", () => {
	it("row 1: the wearer decides, the reason is demanded and logged, and nothing starts a recording over the link without policy", async () => {
		const booted = await camera();
		expect(() => booted.client.request(captureStart, {})).toThrow(/"group":71,"code":2/);
		record(booted, 2);
		expect(eventsOf(booted, "trigger")).toMatchObject([{ recording: 1, source: "button" }]);
		expect(booted.status().demands).toEqual([{ recording: 1, what: "reason" }]);
		booted.client.request(captureAnswer, { recording: 1, reason: "threat" });
		expect(eventsOf(booted, "reason-given")).toMatchObject([
			{ recording: 1, code: "threat", source: "link" },
		]);
		expect(booted.status().demands).toBeUndefined();
		booted.advance(1_000);
		const said = { verdict: "complete", reason: "threat", hash: booted.recording(1).finalHash };
		expect(booted.recording(1).reason).toBe("threat");
		expect(await verifyRecording(booted, 1)).toMatchObject(said);
		booted.powerCut();
		booted.advance(5_000);
		expect(await verifyRecording(booted, 1)).toMatchObject(said);
	});

	it("row 2: a recording in a home is confirmed, and who authorised it is demanded and logged", async () => {
		const booted = await camera();
		booted.press("start");
		booted.advance(2_000);
		press(booted, "home");
		expect(eventsOf(booted, "confirmation-asked")).toMatchObject([{ what: "home" }]);
		press(booted, "home");
		booted.client.request(captureAnswer, { recording: 1, authorisedBy: "Einsatzleiterin" });
		booted.press("stop");
		booted.advance(3_000);
		expect(eventsOf(booted, "home").map(({ state }) => state)).toEqual(["marked", "confirmed", "authorised"]);
		expect(booted.recording(1).home).toEqual({ confirmed: true });
		const named = (bytes: Uint8Array) => Buffer.from(bytes).includes("Einsatzleiterin");
		expect(named(booted.pull(1))).toBe(true);
		expect(named(booted.pullPart(1, "custody"))).toBe(false);
	});

	it("row 3: persons are told and see it; in imminent danger the notice is skipped and a reason is logged", async () => {
		const booted = await camera();
		record(booted, 7);
		expect(eventsOf(booted, "announcement-ended")).toMatchObject([
			{ recording: 1, languages: ["de", "en"], complete: true, heard: "heard" },
		]);
		press(booted, "danger");
		expect(booted.board.peripherals.indicators.state(0)).toMatchObject({ colour: 0xff0000 });
		expect(booted.board.peripherals.display.text).toContain("AUFNAHME");
		expect(eventsOf(booted, "announcement-skipped")).toMatchObject([
			{ recording: 2, why: "imminent-danger" },
		]);
		booted.press("stop");
		booted.advance(3_000);
		expect(eventsOf(booted, "announcement-started")).toHaveLength(1);
		const wrong = () => booted.client.request(captureAnswer, { recording: 2, reason: "requested" });
		expect(wrong).toThrow(/"group":71,"code":6/);
		booted.client.request(captureAnswer, { recording: 2, reason: "assault" });
		expect(eventsOf(booted, "reason-given")).toMatchObject([{ recording: 2, code: "assault" }]);
	});

	it("row 4: the camera reminds of places of professional secrecy, and a pause is at hand", async () => {
		const booted = await camera();
		booted.press("start");
		booted.advance(1_000);
		expect(eventsOf(booted, "reminded")).toMatchObject([{ what: "secrecy" }]);
		booted.press("pause");
		expect(booted.status().capture.state).toBe("paused");
	});

	it("row 5: a recording that is changed afterwards no longer has the digest that the log names", async () => {
		const booted = await camera();
		record(booted, 2);
		const [closed] = eventsOf(booted, "recording-closed");
		const named = Buffer.from(closed?.sha256 ?? []).toString("hex");
		const bytes = booted.pullPart(1, "age");
		const digest = () => createHash("sha256").update(bytes).digest("hex");
		expect(digest()).toBe(named);
		bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
		expect(digest()).not.toBe(named);
	});

	it("row 6: a recording carries the retention class and days of its policy", async () => {
		for (const profile of [deNw, deBpol]) {
			const booted = await camera(profile);
			record(booted, 1);
			expect(booted.recording(1).retention).toEqual(profile.retention);
		}
	});

	it("row 7: no command of the camera deletes or changes a recording, but the one that takes the archive's receipt", () => {
		const commands = CAMERA_COMMANDS.filter(({ group }) => group === 66);
		const erase = commands.find(({ name }) => name === "recordings-erase");
		expect(Object.keys(erase?.request.fields ?? {})).toEqual(["receipt"]);
		const others = commands.filter((command) => command !== erase);
		expect(others.length).toBeGreaterThan(0);
		expect(others.map(({ access }) => access)).toEqual(others.map(() => "read"));
		const names = CAMERA_COMMANDS.map(({ name }) => name).filter((name) => name !== erase?.name);
		expect(names.join(" ")).not.toMatch(/(delete|erase|remove)-recording|recordings?-(delete|erase|remove)/);
	});

	it("row 8: nothing of the core area is recorded, and the recording and the log carry the gap", async () => {
		const booted = await camera();
		booted.press("start");
		booted.advance(5_000);
		booted.press("pause");
		expect(booted.status().capture.state).toBe("paused");
		booted.advance(8_000);
		press(booted, "resume");
		booted.advance(4_000);
		booted.press("stop");
		booted.advance(3_000);
		const { gaps = [], video, audio } = booted.recording(1);
		const [gap] = gaps;
		if (gap === undefined) throw new Error("there is no gap");
		expect(gap.toMs - gap.fromMs).toBeGreaterThan(8_000);
		expect(eventsOf(booted, "recording-resumed")).toMatchObject([gap]);
		const { pictures, packets } = await playBack(booted.pull(1));
		const origin = Math.min(video.firstMs, audio?.firstMs ?? video.firstMs);
		for (const track of [pictures, packets]) {
			const times = track.map(({ timestamp }) => origin + timestamp * 1000);
			// A player skips the first 6.5 ms of an Opus stream (RFC 7845 section 4.2).
			const inside = times.filter((ms) => ms > gap.fromMs + 1 && ms < gap.toMs - 8);
			expect(inside).toEqual([]);
			expect(times.some((ms) => ms <= gap.fromMs)).toBe(true);
			expect(times.some((ms) => ms >= gap.toMs - 8)).toBe(true);
		}
		const first = pictures.find(({ timestamp }) => origin + timestamp * 1000 >= gap.toMs - 1);
		expect(first?.type).toBe("key");
	});

	it.skipIf(!hasFfmpeg)("a recording with a pause plays without a complaint", async () => {
		const booted = await camera();
		booted.press("start");
		booted.advance(3_000);
		booted.press("pause");
		booted.advance(20_000);
		press(booted, "resume");
		booted.advance(3_000);
		booted.press("stop");
		booted.advance(3_000);
		const scratch = new ScratchDirectory();
		writeFileSync(scratch.file("paused.mp4"), booted.pull(1));
		expect(decodingComplaints(scratch.file("paused.mp4"))).toBe("");
		scratch.remove();
	});

	it("row 9: every step of a recording is an event with monotonic time, wall time and uncertainty", async () => {
		const booted = await camera();
		record(booted, 2);
		const events = booted.events();
		const types = events.map(({ type }) => type);
		for (const type of [
			"button",
			"trigger",
			"announcement-started",
			"recording-stopped",
			"recording-closed",
		] as const)
			expect(types).toContain(type);
		expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
		const last = events.at(-1);
		expect(last?.wallMs).toBeGreaterThan(NOON);
		expect(last?.wallUncertaintyMs).toBeDefined();
	});

	it("row 10: pre-recording is off and locked in the NRW profile, whatever is chosen on the camera", async () => {
		const booted = await camera(deNw, { preRecordSeconds: 60 });
		booted.advance(10_000);
		expect(booted.status().preRecord).toMatchObject({ configuredMs: 0, heldMs: 0 });
		expect(booted.status().capture.state).toBe("ready");
		const { trigger, video, preRecord } = record(booted, 3);
		expect(trigger.framesBefore).toBe(0);
		expect(video.firstMs).toBeGreaterThanOrEqual(trigger.monotonicMs);
		expect(preRecord.reason).toBe("off");
		const { pictures } = await playBack(booted.pull(1));
		expect(pictures[0]?.type).toBe("key");
	});

	it("row 11: where it is allowed its maximum is hard, and what is older erases itself", async () => {
		for (const [profile, seconds] of [
			[deBpol, 30],
			[deBw, 60],
		] as const) {
			const booted = await camera(profile, { preRecordSeconds: 120 });
			if (profile.preRecording.mode === "manual") press(booted, "arm");
			booted.advance(90_000);
			expect(booted.status().preRecord.heldMs).toBeLessThanOrEqual(seconds * 1000);
			const { preRecord, trigger, video } = record(booted, 1);
			expect(preRecord.deliveredMs).toBeGreaterThan((seconds - 1) * 1000);
			expect(trigger.monotonicMs - video.firstMs).toBeLessThanOrEqual(seconds * 1000);
		}
	});

	it("row 12: pre-recording that is armed by hand runs from the button on, for one recording", async () => {
		const booted = await camera(deBw);
		booted.advance(10_000);
		expect(booted.status()).toMatchObject({ capture: { state: "ready" }, preRecord: { heldMs: 0 } });
		press(booted, "announce");
		press(booted, "arm");
		booted.advance(10_000);
		expect(booted.status().preRecord.heldMs).toBeGreaterThan(8_000);
		expect(record(booted, 1).preRecord.deliveredMs).toBeGreaterThan(8_000);
		booted.advance(5_000);
		expect(booted.status().preRecord.heldMs).toBe(0);
		// The reason that is owed has the function button until it is given or put off.
		press(booted, "later");
		press(booted, "arm");
		press(booted, "disarm");
		expect(eventsOf(booted, "disarmed").at(-1)).toMatchObject({ reason: "button" });
	});

	it("row 13: a press announces and shows the camera and records nothing", async () => {
		const booted = await camera();
		press(booted, "announce");
		expect(booted.status().capture.state).toBe("warning");
		booted.advance(2_000);
		expect(booted.board.peripherals.display.text).toContain("Not recording");
		expect(booted.board.peripherals.indicators.state(0).colour).not.toBe(0);
		booted.advance(10_000);
		expect(booted.recordings()).toEqual([]);
		expect(eventsOf(booted, "warning-started")).toHaveLength(1);
		expect(eventsOf(booted, "announcement-ended")).toMatchObject([{ languages: ["de", "en"] }]);
		press(booted, "stop");
		expect(eventsOf(booted, "warning-ended")).toMatchObject([{ reason: "wearer" }]);
	});

	it("row 14: the log tells the ladder of a situation: worn, displayed, announced, armed, recorded", async () => {
		const booted = await camera(deBw);
		press(booted, "announce");
		press(booted, "arm");
		booted.advance(5_000);
		record(booted, 2);
		const ladder = [
			"policy",
			"warning-started",
			"announcement-started",
			"armed",
			"trigger",
			"recording-closed",
		];
		const steps = booted.events().flatMap(({ type }) => (ladder.includes(type) ? [type] : []));
		expect([...new Set(steps)]).toEqual(ladder);
	});

	it("row 15: there is no playback on the camera: no gesture and no command shows a recording on it", async () => {
		expect(CAMERA_COMMANDS.map(({ name }) => name).join(" ")).not.toMatch(/play|show-recording/);
		const booted = await camera();
		record(booted, 2);
		const played = booted.speakerLog.length;
		for (const gesture of ["mark", "home", "consent-given", "consent-refused", "pause"] as const)
			press(booted, gesture);
		expect(booted.speakerLog.length).toBe(played);
		expect(booted.recordings()).toHaveLength(1);
	});

	it("row 16: a power cut costs at most a second, and picture and sound carry the time", async () => {
		const booted = await camera();
		booted.press("start");
		booted.advance(10_000);
		const cut = booted.now;
		booted.powerCut("tear", 500);
		booted.advanceUntil(() => booted.status().card.state === "ready", 5_000);
		booted.advanceUntil(() => booted.recordings()[0]?.state === "interrupted", 5_000);
		const { video, startedAt } = booted.recording(1);
		expect(cut - video.lastMs).toBeLessThanOrEqual(1000);
		expect(startedAt).toBeGreaterThan(NOON);
		expect((await playBack(booted.pull(1))).pictures.length).toBe(video.frames);
	});

	it("row 17: battery and card warn in minutes of recording, once per threshold", async () => {
		const booted = await camera();
		for (const percent of [3, 2, 1]) {
			booted.board.peripherals.battery.set(percent, false);
			booted.advance(500);
		}
		const low = eventsOf(booted, "fault").filter(({ fault }) => fault === "battery-low");
		expect(low).toHaveLength(1);
		expect(low[0]?.detail).toContain("minutes");
		expect(booted.status().reserve.state).toBe("low-battery");
		const small = await camera(deNw, { card: 96 * 1024 ** 2 });
		record(small, 2);
		small.advance(11_000);
		const full = eventsOf(small, "fault").filter(({ fault }) => fault === "card-low");
		expect(full).toMatchObject([{ active: true }]);
		expect(small.status().reserve.state).toBe("low-card");
	});

	it("row 18: no profile and no policy has a covert mode", async () => {
		for (const { covert, announcement } of PROFILES) {
			expect(covert).toBe(false);
			expect(announcement.light || announcement.display || announcement.spoken).toBe(true);
		}
		const issue = { agency: "Test", version: 1, notBefore: 0, expires: NOON, evidence: testEvidence };
		const covert = { ...issueProfile(demo, issue), covert: true };
		expect(JSON.stringify(checkPolicy(covert))).toContain("covert");
	});
});

describe("reminders and questions, on the engine", () => {
	it("come at the policy's times: the announcement again, the reminder, and whether it is still needed", async () => {
		const { announcement, stop } = demo;
		const booted = await camera({
			...demo,
			announcement: { ...announcement, repeatMs: 10_000 },
			stop: { ...stop, stillNeededMs: 20_000, reminderMs: 15_000, reminderCues: ["haptic"] },
		});
		booted.press("start");
		booted.advance(12_000);
		expect(eventsOf(booted, "announcement-started").map(({ repetition }) => repetition)).toEqual([
			undefined,
			1,
		]);
		const felt = booted.haptics.length;
		booted.advance(4_000);
		expect(booted.haptics.length).toBeGreaterThan(felt);
		booted.advance(5_000);
		expect(eventsOf(booted, "still-needed-asked")).toHaveLength(1);
		press(booted, "announce");
		expect(eventsOf(booted, "still-needed-answered").map(({ answer }) => answer)).toEqual(["yes"]);
		booted.advance(55_000);
		expect(eventsOf(booted, "still-needed-answered").map(({ answer }) => answer)).toEqual(["yes", "none"]);
		expect(booted.status().capture.state).toBe("recording");
	});
});
