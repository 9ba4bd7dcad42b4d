import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testEvidence } from "@bodycam/protocol/testing/policy-evidence";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DemoReport } from "../operations/demo/report.ts";
import { bodycam } from "./testing/command-line.ts";

let directory: string;

beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), "bodycam-demo-policy-"));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function demonstrate(policy: string, ...more: string[]): Promise<DemoReport> {
	const out = join(directory, policy.replaceAll("/", "_"));
	const run = await bodycam(["demo", "--policy", policy, "--record", "4", "--out", out, "--json", ...more]);
	expect(run, run.stderr).toMatchObject({ code: 0 });
	return JSON.parse(run.stdout).recording;
}

describe("the demo with a policy", () => {
	test("de-nw: the recording starts at the trigger, with its first keyframe, and says why", async () => {
		const { trigger, preRecord, video, startsBecause, policy, retention } = await demonstrate("de-nw");
		expect(trigger.framesBefore).toBe(0);
		expect(video.firstMs).toBeGreaterThanOrEqual(trigger.monotonicMs);
		// The encoder is started by the trigger: its first frame is a keyframe and comes within a few frames.
		expect(video.firstMs - trigger.monotonicMs).toBeLessThan(200);
		expect(preRecord).toMatchObject({ configuredMs: 0, deliveredMs: 0, audioMs: 0, reason: "off" });
		expect(startsBecause).toContain("off and locked");
		expect(policy?.name).toBe("de-nw");
		expect(retention).toEqual({ class: "de-nw-15c", days: 14 });
	}, 60_000);

	test("de-bpol: at most 30 s before the trigger, whatever is asked for", async () => {
		const { trigger, preRecord, video } = await demonstrate("de-bpol", "--pre-record", "90");
		expect(trigger.framesBefore).toBeGreaterThan(700);
		expect(trigger.monotonicMs - video.firstMs).toBeLessThanOrEqual(30_000);
		expect(preRecord.configuredMs).toBe(30_000);
	}, 60_000);

	test("de-bw: the wearer arms it first", async () => {
		const { preRecord } = await demonstrate("de-bw", "--pre-record", "5");
		expect(preRecord.deliveredMs).toBeGreaterThan(4_000);
	}, 60_000);

	test("a file that announces before and confirms the stop, twice the same with one seed", async () => {
		const file = join(directory, "ours.json");
		const recipients = testEvidence.recipients.flatMap((recipient) => ["--recipient", recipient]);
		const { stdout } = await bodycam([
			"policy",
			"new",
			"--from",
			"de-nw",
			"--agency",
			"Stadt",
			...recipients,
		]);
		const policy = JSON.parse(stdout);
		policy.announcement.when = "before";
		policy.stop.confirmation = true;
		writeFileSync(file, JSON.stringify(policy));
		const first = await demonstrate(file, "--seed", "5");
		const second = await demonstrate(file, "--seed", "5");
		expect(first.sha256).toBe(second.sha256);
		expect(first.announcement?.endMs).toBeLessThanOrEqual(first.trigger.monotonicMs);
		expect(first.stop?.reason).toBe("button");
	}, 60_000);

	test("that does not exist is the user's mistake, and nothing is left behind", async () => {
		const run = await bodycam(["demo", "--policy", "de-xx", "--out", join(directory, "none")]);
		expect(run.code).not.toBe(0);
		expect(run.stderr).toContain("de-xx");
		expect(run.stderr).not.toContain("    at ");
	});
});
