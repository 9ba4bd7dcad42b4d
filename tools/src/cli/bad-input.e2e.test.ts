import {
	copyFileSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bodycam, type Outcome } from "./testing/command-line.ts";
import { haveFfmpeg, makeWithFfmpeg } from "./testing/ffmpeg.ts";

const CLIP = join(import.meta.dirname, "..", "..", "..", "simulator", "assets", "clip.mp4");

let directory: string;
let env: Record<string, string>;

beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), "bodycam-bad-"));
	env = { BODYCAM_RUN: join(directory, "run") };
});

afterAll(async () => {
	await bodycam(["sim", "stop", "--all"], { env });
	rmSync(directory, { recursive: true, force: true });
});

function path(name: string): string {
	return join(directory, name);
}

function run(...args: string[]): Promise<Outcome> {
	return bodycam(args, { env, cwd: directory });
}

/** What every mistake of a user has in common: the code, its subject named, advice, and no stack. */
function expectMistake(outcome: Outcome, code: number, subject: string): void {
	expect(outcome.code, outcome.stderr).toBe(code);
	expect(outcome.stderr).toContain(subject);
	expect(outcome.stderr).toMatch(/^bodycam: /m);
	expect(outcome.stderr).not.toMatch(/^\s+at /m);
	expect(outcome.stdout).not.toContain("recording.mp4");
}

describe("a camera file", () => {
	test.each([
		["that is missing", "missing.mp4", () => undefined, 2],
		[
			"that is not a video",
			"letter.mp4",
			(file: string) => writeFileSync(file, "Dear Sir or Madam\n".repeat(100)),
			1,
		],
		["that is empty", "empty.mp4", (file: string) => writeFileSync(file, ""), 1],
		[
			"that is cut off",
			"cut.mp4",
			(file: string) => {
				copyFileSync(CLIP, file);
				truncateSync(file, 100_000);
			},
			1,
		],
		["that is a directory", "folder.mp4", (file: string) => mkdirSync(file), 1],
	])("%s is named, with exit code 1 or 2", async (_what, name, make, code) => {
		make(path(name));
		expectMistake(await run("demo", "--camera", name, "--out", "out"), code, name);
	});

	test.skipIf(!haveFfmpeg())("in H.265 is named, and what would do", async () => {
		const file = path("h265.mp4");
		await makeWithFfmpeg([
			"-f",
			"lavfi",
			"-i",
			"testsrc2=size=320x180:rate=25:duration=1",
			"-c:v",
			"libx265",
			"-x265-params",
			"log-level=none",
			file,
		]);
		const outcome = await run("demo", "--camera", "h265.mp4", "--out", "out");
		expectMistake(outcome, 1, "h265.mp4");
		expect(outcome.stderr).toContain("H.264");
	});
});

describe("the image of a card", () => {
	test.each([
		["that is missing", "missing.img", () => undefined, 2],
		["that is no card", "letter.img", (file: string) => writeFileSync(file, Buffer.alloc(65_536, "x")), 1],
		["that is empty", "empty.img", (file: string) => writeFileSync(file, ""), 1],
	])("%s is named", async (_what, name, make, code) => {
		make(path(name));
		expectMistake(await run("card", "ls", name), code, name);
		expectMistake(await run("card", "extract", name), code, name);
	});
});

describe("a device that is not there", () => {
	test.each([
		["a serial port", ["-d", "serial:/dev/does-not-exist"], 3, "/dev/does-not-exist"],
		["a simulator", ["-d", "sim:nobody"], 3, "nobody"],
		["an address without a kind", ["-d", "/dev/ttyACM0"], 2, "/dev/ttyACM0"],
		["no address at all", [], 2, "BODYCAM_DEVICE"],
		["a port where nobody answers", ["-d", "udp:127.0.0.1:9", "--timeout", "0.2"], 5, "127.0.0.1:9"],
	])("%s", async (_what, args, code, subject) => {
		expectMistake(await run("status", ...args), code, subject);
	});

	test("is an error object for machines", async () => {
		const outcome = await run("status", "-d", "sim:nobody", "--json");
		expect(outcome).toMatchObject({ code: 3, stdout: "" });
		expect(JSON.parse(outcome.stderr)).toEqual({
			error: {
				code: "no-such-device",
				message: expect.stringContaining("nobody"),
				hint: expect.any(String),
				exitCode: 3,
			},
		});
	});
});

describe("a command line", () => {
	test.each([
		["with an unknown command", ["recod"]],
		["with an unknown option", ["status", "--verbos"]],
		["with a number that is none", ["demo", "--seed", "abc"]],
		["with a pre-recording no policy allows", ["demo", "--pre-record", "600"]],
		["with a word that is no recording", ["recordings", "info", "last", "-d", "sim:cam1"]],
		["with half a command", ["recordings"]],
		["with a time without a zone", ["clock", "set", "2026-03-01T14:05", "-d", "sim:cam1"]],
		[
			"with several recordings for one file",
			["recordings", "pull", "1", "2", "--out", "x.mp4.age", "-d", "sim:cam1"],
		],
		[
			"with the name of neither file of a recording",
			["recordings", "pull", "1", "--out", "x.mp4", "-d", "sim:cam1"],
		],
	])("%s exits 2", async (_what, args) => {
		expectMistake(await run(...args), 2, "bodycam");
	});
});

describe("a directory that cannot be made", () => {
	test.each([
		["for results", ["demo", "--out", "/proc/bodycam"], 2],
		["for state", ["sim", "start", "--state", "/proc/bodycam"], 1],
		["below a file", ["demo", "--out", join(CLIP, "below")], 2],
	])("%s is named at once", async (_what, args, code) => {
		expectMistake(await run(...args), code, args.at(-1) ?? "");
	});
});

describe("a simulator", () => {
	test("whose name is taken is refused, and the one that has it goes on", async () => {
		expect((await run("sim", "start", "--name", "twin", "--detach")).code).toBe(0);
		for (const detach of [["--detach"], []])
			expectMistake(await run("sim", "start", "--name", "twin", ...detach), 4, "twin");
		expect((await run("status", "-d", "sim:twin")).code).toBe(0);
		expect((await run("sim", "stop", "--name", "twin")).code).toBe(0);
	});

	test("that cannot start in the background says why, as it would in the foreground", async () => {
		expectMistake(await run("sim", "start", "--camera", "missing.mp4", "--detach"), 2, "missing.mp4");
	});

	test.each([
		["that is a file", (state: string) => writeFileSync(state, "x")],
		[
			"whose device file is damaged",
			(state: string) => {
				mkdirSync(state);
				writeFileSync(join(state, "device.json"), "{");
			},
		],
		[
			"whose values are damaged",
			(state: string) => {
				mkdirSync(state);
				writeFileSync(join(state, "values.json"), "[[");
			},
		],
	])("with a state directory %s does not start and leaves it as it is", async (what, damage) => {
		const state = path(`state-${what.replaceAll(" ", "-")}`);
		damage(state);
		expectMistake(await run("sim", "start", "--name", "damaged", "--state", state), 1, state);
	});

	test("uses no state directory that another one uses", async () => {
		const state = path("shared");
		expect((await run("sim", "start", "--name", "owner", "--state", state, "--detach")).code).toBe(0);
		expectMistake(await run("sim", "start", "--name", "intruder", "--state", state), 4, state);
		expect((await run("sim", "stop", "--name", "owner")).code).toBe(0);
	});

	test("that does not run is said so", async () => {
		expectMistake(await run("sim", "stop", "--name", "nobody"), 3, "nobody");
		expectMistake(await run("sim", "press", "start", "--name", "nobody"), 3, "nobody");
		expectMistake(await run("sim", "wait", "--name", "nobody", "--timeout", "0"), 3, "nobody");
	});
});

test("a file that is in the way is not overwritten by a pull of nothing", async () => {
	writeFileSync(path("mine.mp4.age"), "mine");
	expect((await run("sim", "start", "--name", "blank", "--detach")).code).toBe(0);
	expectMistake(
		await run("recordings", "pull", "1", "-d", "sim:blank", "--out", "mine.mp4.age"),
		4,
		"no recording with that number",
	);
	expect(readFileSync(path("mine.mp4.age"), "utf8")).toBe("mine");
	expect((await run("sim", "stop", "--name", "blank")).code).toBe(0);
});
