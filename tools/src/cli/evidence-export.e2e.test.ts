import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lateReason } from "@bodycam/protocol/testing/custody-builder";
import { hasPython, hasTools, python } from "@bodycam/protocol/testing/public-tools";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeIdentityFile } from "../evidence/identity-file.ts";
import {
	SAMPLE_ANCHOR,
	SAMPLE_IDENTITY,
	type SampleRecording,
	writeSampleRecording,
} from "../testing/sample-recording.ts";
import { bodycam, type Outcome, startBodycam } from "./testing/command-line.ts";
import { decodingComplaints, frameHashes } from "./testing/ffmpeg.ts";
import { runInProcess } from "./testing/in-process.ts";

const ROOT = Buffer.from(SAMPLE_ANCHOR).toString("hex");

/** What every export holds, sorted. */
const FILES = [
	"SHA256SUMS",
	"certificates",
	"evidence-format.md",
	"export-log.json",
	"recording.custody.cbor",
	"recording.mp4",
	"recording.mp4.age",
	"report.html",
	"verify.py",
];

let directory = "";
let identity = "";
let sample: SampleRecording;
let exported: Outcome;

const path = (name: string): string => join(directory, name);
const options = (to: string): string[] => ["--to", path(to), "-i", identity, "--root", ROOT];
const inProcess = (...args: string[]) => runInProcess("evidence", "export", ...args);

beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), "export-"));
	identity = path("identity.txt");
	writeIdentityFile(identity, SAMPLE_IDENTITY, { now: 0 });
	sample = await writeSampleRecording(path("evidence"), {
		preRecorded: 2,
		happenings: [
			{
				before: 3,
				happening: { type: "announcement-ended", languages: ["de"], complete: true, heard: "heard" },
			},
			{ before: 4, happening: { type: "marker", atMs: 6500 } },
		],
		afterwards: [lateReason("threat")],
	});
	exported = await bodycam([
		...["evidence", "export", sample.files.age, ...options("case")],
		...["--by", "Amtsgericht", "--purpose", "12 Js 3/27"],
	]);
}, 60_000);
afterAll(() => rmSync(directory, { recursive: true }));

/** What lies in the directory beside what is expected, hidden files too. */
function leftovers(): string[] {
	return readdirSync(directory).filter((name) => name.includes(".part") || name.startsWith("."));
}

describe("an export", () => {
	test("holds the video, the evidence, the report and what checks it, and says where it is", () => {
		expect(exported, exported.stderr).toMatchObject({ code: 0 });
		expect(exported.stdout).toContain(path("case"));
		expect(exported.stdout).toMatch(/recording +1 of camera 0badcafe, complete/);
		expect(readdirSync(path("case")).sort()).toEqual(FILES);
		expect(readdirSync(path("case/certificates")).sort()).toEqual([
			"device-signing.cert",
			"device.cert",
			"root-key.hex",
		]);
		expect(leftovers()).toEqual([]);
	});

	test("holds the two files of the recording as they are", () => {
		for (const [name, original] of [
			["recording.mp4.age", sample.files.age],
			["recording.custody.cbor", sample.files.record],
		] as const)
			expect(readFileSync(join(path("case"), name)).equals(readFileSync(original)), name).toBe(true);
	});

	test.skipIf(!hasTools("ffmpeg"))("has a video that shows the same pictures as the original", async () => {
		writeFileSync(path("original.mp4"), sample.plaintext);
		expect(await decodingComplaints(path("case/recording.mp4"))).toBe("");
		expect(await frameHashes(path("case/recording.mp4"))).toEqual(await frameHashes(path("original.mp4")));
	});

	test.skipIf(!hasTools("sha256sum"))("passes the check of its digests by sha256sum", () => {
		const checked = spawnSync("sha256sum", ["--strict", "-c", "SHA256SUMS"], { cwd: path("case") });
		expect(checked.stderr.toString()).toBe("");
		expect(checked.status).toBe(0);
	});

	test.skipIf(!hasPython)("is checked by the lines that its report prints", () => {
		const report = readFileSync(path("case/report.html"), "utf8");
		const line = /<pre>python3 (verify\.py [\w. ]+)<\/pre> It has to print <pre>([^<]*)</.exec(report);
		const [, args = "", expected = ""] = line ?? [];
		expect(expected).toMatch(/^complete 0badcafe 1 [\da-f]{64}$/);
		const run = spawnSync(python as string, args.split(" "), { cwd: path("case"), encoding: "utf8" });
		expect(run.stderr).toBe("");
		expect(run.stdout.trim()).toBe(expected);
	});

	test.skipIf(!hasTools("age"))("can be decrypted by the public age, with the identity", () => {
		const decrypted = execFileSync("age", ["-d", "-i", identity, path("case/recording.mp4.age")], {
			maxBuffer: 64 << 20,
		});
		expect(decrypted.equals(sample.plaintext)).toBe(true);
	});

	test("has a report with chapters, what happened, and the course of it", () => {
		const report = readFileSync(path("case/report.html"), "utf8");
		for (const text of [
			"Announcement spoken in full: de, heard by its microphone",
			"The wearer starts the recording",
			'data-seconds="2.5"',
			'<rect class="pre-recording" x="0.0"',
			"Exported by Amtsgericht",
		])
			expect(report).toContain(text);
	});

	test("has a report that tells the reason, though it was given after the recording", () => {
		const report = readFileSync(path("case/report.html"), "utf8");
		expect(report).toContain("<th>reason</th><td>threat</td>");
		expect(report).toContain(
			"2026-09-21 14:23:20.0 UTC</td><td>Reason given afterwards: threat, over the link",
		);
	});

	test("has a log that says who did what with which files", () => {
		const log = JSON.parse(readFileSync(path("case/export-log.json"), "utf8"));
		expect(log).toMatchObject({
			format: 1,
			by: "Amtsgericht",
			purpose: "12 Js 3/27",
			verdict: "complete",
			agency: "Ordnungsamt",
			original: {
				device: "0badcafe",
				recording: 1,
				sha256: createHash("sha256").update(readFileSync(sample.files.age)).digest("hex"),
			},
		});
		expect(log.steps.map(({ what }: { what: string }) => what)).toEqual([
			"recording.mp4.age was copied and verified: complete",
			expect.stringMatching(/^recording\.mp4 was made: 100 pictures, \d+ sound packets$/),
			"the report was written",
		]);
	});
});

describe("a ZIP archive", () => {
	test.skipIf(!hasPython || !hasTools("unzip", "sha256sum"))(
		"holds the same files in one folder, and public tools take it",
		async () => {
			const { failure } = await inProcess(sample.files.age, ...options("case.zip"));
			expect(failure).toBeUndefined();
			execFileSync("unzip", ["-q", path("case.zip"), "-d", path("unpacked")]);
			execFileSync(python as string, ["-m", "zipfile", "-t", path("case.zip")]);
			expect(readdirSync(path("unpacked"))).toEqual(["case"]);
			expect(readdirSync(path("unpacked/case")).sort()).toEqual(FILES);
			execFileSync("sha256sum", ["--strict", "-c", "SHA256SUMS"], { cwd: path("unpacked/case") });
			expect(leftovers()).toEqual([]);
		},
	);
});

describe("a clip", () => {
	test("holds its part only, and names its original in the video, the report and the log", async () => {
		const { failure, stdout } = await inProcess(
			...[sample.files.record, ...options("clip"), "--json", "--clip", "0:01.7", "3"],
		);
		expect(failure).toBeUndefined();
		const done = JSON.parse(stdout);
		expect(done).toMatchObject({ type: "done", video: { name: "clip.mp4", fromMs: 1600, toMs: 3000 } });
		expect(readdirSync(path("clip"))).toContain("clip.mp4");
		expect(existsSync(path("clip/recording.mp4"))).toBe(false);
		const { finalHash } = done.original;
		const tags = execFileSync("ffprobe", ["-v", "error", "-show_format", path("clip/clip.mp4")]).toString();
		expect(tags).toContain("TAG:title=Clip of recording 1 of camera 0badcafe");
		expect(tags).toContain(finalHash);
		expect(readFileSync(path("clip/report.html"), "utf8")).toContain(
			"from 0:01.6 to 0:03.0 of recording 1 of camera 0badcafe",
		);
		expect(JSON.parse(readFileSync(path("clip/export-log.json"), "utf8")).original).toMatchObject({
			finalHash,
			partMs: { from: 1700, to: 3000 },
		});
	});

	test("of a time in which there is nothing is refused, and nothing is left", async () => {
		const { failure } = await inProcess(sample.files.age, ...options("late"), "--clip", "100", "120");
		expect(failure).toMatchObject({ exitCode: 2, message: "the recording has nothing from 100 s to 120 s" });
		expect(existsSync(path("late"))).toBe(false);
		expect(leftovers()).toEqual([]);
	});
});

test.skipIf(!hasTools("ffmpeg"))(
	"a recording that was cut off is exported as far as it was signed, and its report says so",
	async () => {
		const cut = await writeSampleRecording(path("cut"), { cutAfter: 3 });
		const { failure, stdout } = await inProcess(cut.files.age, ...options("interrupted"));
		expect(failure).toBeUndefined();
		expect(stdout).toContain("interrupted");
		const report = readFileSync(path("interrupted/report.html"), "utf8");
		expect(report).toContain("<strong>interrupted</strong>");
		expect(report).toContain("at most 1.0 s are lost");
		expect(await decodingComplaints(path("interrupted/recording.mp4"))).toBe("");
		expect(await frameHashes(path("interrupted/recording.mp4"))).toHaveLength(60);
	},
);

test.skipIf(!hasPython)(
	"a recording whose end is missing is exported, its report says so, and the exit code is 6",
	async () => {
		const cut = await writeSampleRecording(path("unfinished"), { cutAfter: 2, unfinished: true });
		const { failure } = await inProcess(cut.files.age, ...options("incomplete"));
		expect(failure).toMatchObject({ exitCode: 6, message: expect.stringContaining("is incomplete") });
		const report = readFileSync(path("incomplete/report.html"), "utf8");
		expect(report).toContain("<strong>incomplete</strong>");
		const [, args = "", expected = ""] =
			/<pre>python3 (verify\.py [\w. ]+)<\/pre> It has to print <pre>([^<]*)</.exec(report) ?? [];
		const run = spawnSync(python as string, args.split(" "), { cwd: path("incomplete"), encoding: "utf8" });
		expect(run.stderr.trim()).toBe(expected);
	},
);

describe("what is refused, and leaves nothing", () => {
	/** A copy of the sample, of which one file is changed. */
	function changed(name: string, change: (age: Buffer, record: Buffer) => void): string {
		mkdirSync(path(name));
		const [age, record] = [readFileSync(sample.files.age), readFileSync(sample.files.record)];
		change(age, record);
		writeFileSync(path(`${name}/a.mp4.age`), age);
		writeFileSync(path(`${name}/a.custody.cbor`), record);
		return path(`${name}/a.mp4.age`);
	}

	test.each([
		["a bit of the video", (age: Buffer) => age.writeUInt8(age.readUInt8(200_000) ^ 1, 200_000)],
		[
			"a bit of the record",
			(_: Buffer, record: Buffer) => record.writeUInt8(record.readUInt8(3000) ^ 1, 3000),
		],
	])("%s that was changed", async (what, change) => {
		const file = changed(what, change);
		const { failure } = await inProcess(file, ...options("broken"));
		expect(failure).toMatchObject({ code: "verification", exitCode: 6 });
		expect(failure?.message).toContain("is broken, and is not exported");
		expect(existsSync(path("broken"))).toBe(false);
		expect(leftovers()).toEqual([]);
	});

	test.each([
		["another agency", () => ["--to", path("x"), "-i", identity, "--root", "00".repeat(32)], 6],
		["no agency", () => ["--to", path("x"), "-i", identity], 2],
		["no key", () => ["--to", path("x"), "--root", ROOT], 2],
		["a place that is taken", () => options("case"), 2],
		["a place that is not there", () => options("nowhere/at/all"), 2],
		["a certificate without --c2pa", () => [...options("x"), "--c2pa-key", identity], 2],
		["Content Credentials without a certificate", () => [...options("x"), "--c2pa"], 2],
	])("%s", async (_what, args, exitCode) => {
		const { failure } = await inProcess(sample.files.age, ...args());
		expect(failure).toMatchObject({ exitCode, hint: expect.any(String) });
		expect(existsSync(path("x"))).toBe(false);
		expect(leftovers()).toEqual([]);
	});

	test("a key the recording is not encrypted to", async () => {
		const other = path("other.txt");
		writeIdentityFile(other, new Uint8Array(32).fill(0x77), { now: 0 });
		const { failure } = await inProcess(sample.files.age, "--to", path("x"), "-i", other, "--root", ROOT);
		expect(failure?.message).toContain("is not encrypted to this key");
		expect(failure).toMatchObject({ code: "usage", exitCode: 2 });
		expect(leftovers()).toEqual([]);
	});

	test("a key file that others can read", async () => {
		const loose = path("loose.txt");
		copyFileSync(identity, loose);
		execFileSync("chmod", ["644", loose]);
		const { failure } = await inProcess(sample.files.age, "--to", path("x"), "-i", loose, "--root", ROOT);
		expect(failure).toMatchObject({ code: "secret-file" });
	});
});

describe("when it cannot end", () => {
	test.each(["full", "full.zip"])("for want of room (%s), it says so and leaves nothing", async (to) => {
		const launcher = join(import.meta.dirname, "..", "..", "bin", "bodycam.js");
		const limit = Math.floor(statSync(sample.files.age).size / 1024) - 100;
		const command = `ulimit -f ${limit}; exec "$@"`;
		const run = spawnSync(
			"bash",
			[
				"-c",
				command,
				"bash",
				process.execPath,
				launcher,
				"evidence",
				"export",
				sample.files.age,
				...options(to),
			],
			{ encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
		);
		expect(run.stderr).toContain("has a file that is larger than");
		expect(run.status).toBe(1);
		expect(existsSync(path(to))).toBe(false);
		expect(leftovers()).toEqual([]);
	});

	test.each(["SIGINT", "SIGTERM"] as const)("%s stops it, and nothing is left", async (signal) => {
		const long = await writeSampleRecording(path(`long-${signal}`), { durationMs: 24_000 });
		const run = startBodycam(["evidence", "export", long.files.age, ...options(`stopped-${signal}`)]);
		const child = run.process;
		for (;;) {
			if (leftovers().length > 0 || child.exitCode !== null) break;
			await new Promise((resolve) => setTimeout(resolve, 1));
		}
		child.kill(signal);
		const { code } = await run.outcome;
		expect(code).toBe(signal === "SIGINT" ? 130 : 143);
		expect(existsSync(path(`stopped-${signal}`))).toBe(false);
		expect(leftovers()).toEqual([]);
	});
});
