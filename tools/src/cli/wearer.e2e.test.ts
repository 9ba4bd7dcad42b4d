import type { CameraEvent } from "@bodycam/protocol/camera/events";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { Status } from "@bodycam/protocol/camera/status";
import type { WearerStatus } from "@bodycam/protocol/camera/wearer";
import { describe, expect } from "vitest";
import type { TestBench } from "./testing/bench.ts";
import { benchTest as test } from "./testing/bench-test.ts";

/** Longest time a test may take: many commands, on a computer that may be busy. */
const LIMIT_MS = 90_000;

const CAMERA = ["-d", "sim:cam1"];
const WEARER = ["--wearer", "W-17", "--trained", "2024-01-15", "--trained-until", "2099-01-15"];
const GOOD = [...WEARER, "--until", "2099-12-31"];

/** Starts a camera with the time of day; its agency's directory. */
async function start(bench: TestBench, name = "cam1"): Promise<string> {
	const state = bench.path(`state-${name}`);
	await bench.simulate("--name", name, "--state", state, "--pre-record", "2");
	await bench.ok("clock", "set", "-d", `sim:${name}`);
	return `${state}/agency`;
}

async function events(bench: TestBench): Promise<CameraEvent[]> {
	const lines = (await bench.ok("events", ...CAMERA, "--json")).trim().split("\n");
	return lines.map((line) => JSON.parse(line) as CameraEvent);
}

/** Expects that the camera refuses, in words that name what is wrong, and without a stack. */
async function expectRefusal(bench: TestBench, args: readonly string[], words: string): Promise<void> {
	const { code, stderr } = await bench.run(...args);
	expect(code, stderr).toBe(4);
	expect(stderr).toContain(words);
	expect(stderr).not.toMatch(/^\s+at /m);
}

describe.concurrent("bodycam wearer", () => {
	test(
		"assigns, checks out, checks in, and tells who wears the camera",
		async ({ bench }) => {
			const agency = await start(bench);
			const assigned = await bench.json<WearerStatus>(
				"wearer",
				"assign",
				...CAMERA,
				"--agency",
				agency,
				...GOOD,
			);
			expect(assigned).toMatchObject({ state: "assigned", lastNumber: 2, assignment: { wearer: "W-17" } });
			const out = await bench.json<WearerStatus>("wearer", "checkout", "W-17", ...CAMERA);
			expect(out.state).toBe("checked-out");
			expect(await bench.ok("wearer", "status", ...CAMERA)).toContain("W-17, checked out");
			expect(await bench.ok("status", ...CAMERA)).toContain("W-17, checked out");
			expect(await bench.ok("wearer", "checkin", ...CAMERA)).toContain("W-17, assigned");
			const types = (await events(bench)).map(({ type }) => type);
			for (const type of ["wearer-assigned", "wearer-checked-out", "wearer-checked-in"])
				expect(types).toContain(type);
		},
		LIMIT_MS,
	);

	test(
		"says why the camera does not take an assignment",
		async ({ bench }) => {
			const agency = await start(bench);
			const other = await start(bench, "cam2");
			const assign = ["wearer", "assign", ...CAMERA, "--agency"];
			const past = [...WEARER, "--from", "2024-02-01", "--until", "2024-12-31"];
			await expectRefusal(bench, [...assign, agency, ...past], "the assignment has expired");
			const consent = [...GOOD, "--from", "2024-02-01", "--consent-until", "2024-12-31"];
			await expectRefusal(bench, [...assign, agency, ...consent], "consent has expired");
			const training = [...GOOD, "--from", "2024-02-01", "--trained-until", "2024-12-31"];
			await expectRefusal(bench, [...assign, agency, ...training], "training has expired");
			await expectRefusal(bench, [...assign, other, ...GOOD], "is signed with another key");
			await expectRefusal(bench, [...assign, agency, ...GOOD, "--camera", "0011"], "is for camera 0011");
			await expectRefusal(bench, [...assign, agency, ...GOOD, "--number", "1"], "this or a higher number");
			await bench.ok("wearer", "checkout", ...CAMERA);
			await expectRefusal(bench, [...assign, agency, ...GOOD], "is checked out");
			await expectRefusal(bench, ["wearer", "checkout", "W-99", ...CAMERA], "another wearer");
			expect((await bench.json<WearerStatus>("wearer", "status", ...CAMERA)).assignment?.number).toBe(1);
			const refused = (await events(bench)).filter(({ type }) => type === "wearer-assignment-refused");
			expect(refused.map((event) => "why" in event && event.why)).toEqual([
				"expired",
				"consent-expired",
				"training-expired",
				"wrong-signer",
				"wrong-device",
				"older",
				"checked-out",
			]);
		},
		LIMIT_MS,
	);

	test(
		"signs on a computer without a camera, for one that has no keys",
		async ({ bench }) => {
			const agency = await start(bench);
			const sign = ["wearer", "assign", "--agency", agency, ...GOOD, "--out", "w-17.assignment"];
			const incomplete = await bench.run(...sign);
			expect(incomplete.code).toBe(2);
			expect(incomplete.stderr).toContain("--number is missing");
			await bench.ok(...sign, "--number", "7", "--camera", "any");
			const hand = ["wearer", "assign", ...CAMERA, "--document", "w-17.assignment"];
			expect((await bench.json<WearerStatus>(...hand)).lastNumber).toBe(7);
			expect((await bench.json<WearerStatus>(...hand)).lastNumber, "again is no mistake").toBe(7);
			await bench.ok("wearer", "withdraw", ...CAMERA);
			await expectRefusal(bench, hand, "this or a higher number");
		},
		LIMIT_MS,
	);

	test(
		"withdraws in the middle of a recording, which ends there and is kept",
		async ({ bench }) => {
			await start(bench);
			await bench.ok("sim", "wait", "--until", "armed");
			await bench.ok("sim", "press", "start");
			await bench.recordedFor("cam1", 1500);
			expect(await bench.ok("sim", "wearer", "withdraw")).toContain("the consent was withdrawn");
			await bench.ok("sim", "wait", "--until", "idle");
			const recording = await bench.json<RecordingMetadata>("recordings", "info", "1", ...CAMERA);
			expect(recording).toMatchObject({ state: "complete", wearer: "demo-wearer" });
			expect(recording.stop?.reason).toBe("wearer-withdrawn");
			expect(recording.video.lastMs - recording.trigger.monotonicMs).toBeGreaterThan(1000);

			await bench.ok("sim", "press", "start");
			const refused = (await events(bench)).findLast(({ type }) => type === "trigger-refused");
			expect(refused).toMatchObject({ why: "consent-withdrawn" });
			const { capture } = await bench.json<Status>("status", ...CAMERA);
			expect(capture).toEqual({ state: "off", reason: "consent-withdrawn" });
			await bench.ok("sim", "wearer", "assign");
			await bench.ok("sim", "wait", "--until", "armed");
		},
		LIMIT_MS,
	);

	test(
		"names what is missing or wrong in what it is asked",
		async ({ bench }) => {
			const mistakes: readonly (readonly [readonly string[], string])[] = [
				[["--agency", "nowhere", ...GOOD], "nowhere"],
				[[...GOOD], "--agency is missing"],
				[["--agency", "nowhere"], "--wearer is missing"],
				[["--agency", "nowhere", "--wearer", "x".repeat(33), ...GOOD.slice(2)], "1 to 32 bytes"],
				[["--agency", "nowhere", ...GOOD, "--until", "tomorrow"], "tomorrow is not a day"],
				[["--agency", "nowhere", ...GOOD, "--number", "0"], "0"],
				[["--document", "missing.assignment"], "missing.assignment"],
			];
			for (const [args, words] of mistakes) {
				const { code, stderr } = await bench.run("wearer", "assign", "-d", "sim:none", ...args);
				expect([1, 2], stderr).toContain(code);
				expect(stderr).toContain(words);
				expect(stderr).not.toMatch(/^\s+at /m);
			}
		},
		LIMIT_MS,
	);
});
