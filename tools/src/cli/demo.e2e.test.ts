import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasTools } from "@bodycam/protocol/testing/public-tools";
import { decodePrompt } from "@bodycam/simulator/sound/prompt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPrivateMetadata } from "../export/private-metadata.ts";
import { DEMO_FILES } from "../operations/demo/hand-over.ts";
import type { DemoReport } from "../operations/demo/report.ts";
import { copyCheckout, launcherOf } from "./testing/checkout.ts";
import { bodycam, type Outcome } from "./testing/command-line.ts";
import { findSound } from "./testing/correlate.ts";
import { decodeSound, decodingComplaints, findRun, frameHashes, haveFfmpeg } from "./testing/ffmpeg.ts";

const REPOSITORY = join(import.meta.dirname, "..", "..", "..");
const CLIP = join(REPOSITORY, "simulator", "assets", "clip.mp4");

/** A group of pictures of the clip: 20 frames at 25 a second, ms. */
const GROUP_MS = 800;
const FRAME_MS = 40;

/** Samples a millisecond of decoded sound. */
const SAMPLES_MS = 16;

let directory: string;
let recordingFile: string;
let outcome: Outcome;
let report: DemoReport;
/** A run for people, without a seed, long enough for both announcements. */
let spoken: Outcome;

beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), "bodycam-demo-"));
	const out = join(directory, "first");
	[outcome, spoken] = await Promise.all([
		bodycam(["demo", "--pre-record", "10", "--record", "5", "--out", out, "--seed", "7", "--json"]),
		bodycam(["demo", "--pre-record", "2", "--record", "8", "--out", join(directory, "spoken")]),
	]);
	recordingFile = join(out, "recording.mp4");
	if (outcome.code === 0) report = readReport("first");
}, 60_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A file of the first run. */
function file(name: keyof typeof DEMO_FILES): string {
	return join(directory, "first", DEMO_FILES[name]);
}

function readReport(run: string): DemoReport {
	return JSON.parse(readFileSync(join(directory, run, "recording.json"), "utf8"));
}

test("the demo succeeds and leaves the recording, encrypted and not, its key and what is known, nothing else", () => {
	expect(outcome, outcome.stderr).toMatchObject({ code: 0, stderr: "" });
	expect(readdirSync(join(directory, "first")).sort()).toEqual(Object.values(DEMO_FILES).sort());
});

test("its JSON says where the files are, what was recorded and how fast it came", () => {
	expect(JSON.parse(outcome.stdout)).toMatchObject({
		files: { recording: recordingFile },
		recording: report,
		transfer: { bytes: report.bytes + readFileSync(file("record")).length },
		timeline: expect.arrayContaining([expect.objectContaining({ type: "trigger" })]),
	});
});

test("what was delivered from before the trigger is within one group of pictures of 10 s and never above", () => {
	const { audioMs, configuredMs, deliveredMs, reason } = report.preRecord;
	expect(configuredMs).toBe(10_000);
	expect(deliveredMs).toBeLessThanOrEqual(10_000);
	expect(deliveredMs).toBeGreaterThan(10_000 - GROUP_MS);
	expect(audioMs).toBeLessThanOrEqual(10_000);
	expect(audioMs).toBeGreaterThan(10_000 - 2 * FRAME_MS);
	expect(reason).toBe("complete");
});

test("the picture reaches from the pre-recording to the stop, 5 s after the trigger, without a frame missing", () => {
	const { trigger, video } = report;
	// Both ends are rounded to a millisecond.
	expect(Math.abs(trigger.monotonicMs - video.firstMs - report.preRecord.deliveredMs)).toBeLessThanOrEqual(1);
	expect(video.lastMs - trigger.monotonicMs).toBeGreaterThan(5000 - 2 * FRAME_MS);
	expect(video.lastMs - trigger.monotonicMs).toBeLessThanOrEqual(5000);
	expect(trigger.framesBefore + trigger.framesAfter).toBe(video.frames);
	expect(video.frames).toBe(Math.round((video.lastMs - video.firstMs) / FRAME_MS) + 1);
});

test("the report says how it came about", () => {
	expect(report).toMatchObject({
		seed: 7,
		seeded: true,
		interrupted: false,
		state: "complete",
		stop: { reason: "button" },
		sha256: createHash("sha256")
			.update(readFileSync(file("age")))
			.digest("hex"),
	});
	expect(report.engine.name).toContain("xs");
	expect(report.engine.instructions).toBeGreaterThan(1_000_000);
	expect(report.engine.heapPeakBytes).toBeGreaterThan(100_000);
});

test("the announcement begins with the trigger, in both languages", () => {
	const { announcement, trigger } = readReport("spoken");
	expect(announcement?.startMs).toBeGreaterThanOrEqual(trigger.monotonicMs);
	expect(announcement?.startMs).toBeLessThan(trigger.monotonicMs + 500);
	expect(announcement?.languages).toEqual(["de", "en"]);
});

test("without a seed it has the time of day, with one nothing depends on when it ran", () => {
	expect(Math.abs((readReport("spoken").startedAt ?? 0) - Date.now())).toBeLessThan(120_000);
	expect(report.startedAt).toBeUndefined();
});

test("a second run with the same seed gives the same bytes, in all files", async () => {
	const out = join(directory, "second");
	const again = await bodycam(["demo", "--pre-record", "10", "--record", "5", "--out", out, "--seed", "7"]);
	expect(again.code, again.stderr).toBe(0);
	for (const name of Object.values(DEMO_FILES))
		expect(readFileSync(join(out, name)).equals(readFileSync(join(directory, "first", name))), name).toBe(
			true,
		);
}, 60_000);

test.skipIf(!hasTools("age"))(
	"the public age decrypts what the camera has encrypted, with the identity, to the recording",
	() => {
		const decrypted = execFileSync("age", ["-d", "-i", file("identity"), file("age")], {
			maxBuffer: 64 << 20,
		});
		expect(decrypted.equals(readFileSync(recordingFile))).toBe(true);
		expect(readFileSync(file("identity"), "utf8")).toMatch(/^# THROW-AWAY /);
	},
);

test.skipIf(!hasTools("age", "ffmpeg"))(
	"what the public age decrypts goes through ffmpeg without a word",
	() => {
		const command = 'age -d -i "$1" "$2" | ffmpeg -v error -i - -f null -';
		const run = spawnSync("bash", ["-o", "pipefail", "-c", command, "bash", file("identity"), file("age")], {
			encoding: "utf8",
		});
		expect(run).toMatchObject({ status: 0, stdout: "", stderr: "" });
	},
);

test("the recording bears what only those may know who can decrypt it", async () => {
	const bytes = readFileSync(recordingFile);
	const plaintext = {
		bytes: bytes.length,
		read: async (offset: number, length: number) => bytes.subarray(offset, offset + length),
	};
	expect(await readPrivateMetadata(plaintext)).toEqual({ device: report.device, number: report.number });
});

test("the recording is verified against the agency it names, and exported", async () => {
	const root = ["--root", report.rootKey];
	const verified = await bodycam(["evidence", "verify", file("age"), ...root, "--json"]);
	expect(verified.code, verified.stderr).toBe(0);
	const [recording] = JSON.parse(verified.stdout).recordings;
	expect(recording.report).toMatchObject({ verdict: "complete", hash: report.finalHash });
	const to = join(directory, "case");
	const args = ["evidence", "export", file("age"), "--to", to, "-i", file("identity"), ...root, "--json"];
	const exported = await bodycam(args);
	expect(exported.code, exported.stderr).toBe(0);
	expect(JSON.parse(exported.stdout)).toMatchObject({
		verdict: "complete",
		video: { pictures: report.video.frames, packets: report.audio?.packets },
	});
	const page = readFileSync(join(to, "report.html"), "utf8");
	const place = (report.trigger.monotonicMs - (report.audio?.firstMs ?? 0)) / 1000;
	expect(page).toContain(`data-seconds="${(Math.floor(place * 10) / 10).toFixed(1)}"`);
	for (const text of [
		"The wearer starts the recording",
		"Announcement begins: de, en",
		"announcing the recording",
	])
		expect(page).toContain(text);
});

test("for people it prints a timeline with what matters", () => {
	expect(spoken.code, spoken.stderr).toBe(0);
	for (const fact of [
		"armed",
		"double-press",
		"announcement started",
		"first frame",
		"last frame",
		"pre-recorded",
		"SHA-256, signatures and chain verified",
		"instructions",
	])
		expect(spoken.stdout).toContain(fact);
});

test("an exception in the firmware fails the demo with its TypeScript line, and the earlier recording stays", async () => {
	const checkout = copyCheckout();
	try {
		const source = join(checkout, "firmware", "src", "gestures", "button-pair.ts");
		const text = readFileSync(source, "utf8");
		const broken = text.replace(
			'\tedge(button: "event" | "function", pressed: boolean, time: number): void {\n',
			"$&\t\tthrow new TypeError(String(time));\n",
		);
		expect(broken).not.toBe(text);
		const line = broken.split("\n").findIndex((one) => one.includes("throw new TypeError")) + 1;
		writeFileSync(source, broken);
		const out = join(directory, "kept");
		await bodycam(["demo", "--pre-record", "0", "--record", "4", "--out", out]);
		const before = readFileSync(join(out, "recording.mp4"));
		const run = await bodycam(["demo", "--pre-record", "0", "--record", "4", "--out", out], {
			launcher: launcherOf(checkout),
		});
		expect(run.code).toBe(1);
		expect(run.stderr).toContain(`firmware/src/gestures/button-pair.ts:${line}`);
		expect(readFileSync(join(out, "recording.mp4")).equals(before)).toBe(true);
	} finally {
		rmSync(checkout, { recursive: true, force: true });
	}
}, 60_000);

describe.skipIf(!haveFfmpeg())("as ffmpeg sees it", () => {
	test("an export shows the very pictures of the recording", async () => {
		const exported = await frameHashes(join(directory, "case", "recording.mp4"));
		expect(exported).toEqual(await frameHashes(recordingFile));
	});

	test("the recording decodes without a complaint", async () => {
		expect(await decodingComplaints(recordingFile)).toBe("");
	});

	test("its frames are an unbroken run of the source's, across the trigger", async () => {
		const frames = await frameHashes(recordingFile);
		expect(frames).toHaveLength(report.video.frames);
		expect(findRun(await frameHashes(CLIP), frames)).toBeDefined();
	});

	test("both announcements are heard in it, one after the other, when the report says", async () => {
		const { announcement, audio } = readReport("spoken");
		const sound = await decodeSound(join(directory, "spoken", "recording.mp4"));
		const origin = audio?.firstMs ?? 0;
		const { startMs = 0, endMs = 0 } = announcement ?? {};
		let from = (startMs - origin - 100) * SAMPLES_MS;
		for (const language of ["de", "en"]) {
			const file = join(REPOSITORY, "firmware", "assets", "prompts", `${language}-recording.bin`);
			const prompt = Float32Array.from(decodePrompt(readFileSync(file)).samples, (sample) => sample / 32_768);
			// Half a second of it is enough to tell it from anything else.
			const heard = findSound(sound, prompt.subarray(0, 500 * SAMPLES_MS), from, from + 1000 * SAMPLES_MS);
			expect(heard.likeness, language).toBeGreaterThan(0.5);
			from = heard.at + prompt.length - 100 * SAMPLES_MS;
		}
		expect(from / SAMPLES_MS + origin).toBeLessThanOrEqual(endMs);
	}, 60_000);
});
