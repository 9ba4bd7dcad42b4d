import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { watch } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { Status } from "@bodycam/protocol/camera/status";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bodycam, type Outcome, startBodycam } from "./testing/command-line.ts";
import { decodingComplaints, haveFfmpeg } from "./testing/ffmpeg.ts";

const ffmpeg = haveFfmpeg();

let directory: string;
let env: Record<string, string>;

beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "bodycam-sim-"));
	env = { BODYCAM_RUN: join(directory, "run") };
});

afterEach(async () => {
	await run("sim", "stop", "--all");
	rmSync(directory, { recursive: true, force: true });
});

function run(...args: string[]): Promise<Outcome> {
	return bodycam(args, { env });
}

/** Runs a command that has to work; its standard output. */
async function ok(...args: string[]): Promise<string> {
	const outcome = await run(...args);
	expect(outcome.code, outcome.stderr).toBe(0);
	return outcome.stdout;
}

/** The same with `--json`, for its result. */
async function json<Result>(...args: string[]): Promise<Result> {
	return JSON.parse(await ok(...args, "--json")) as Result;
}

interface Started {
	readonly cameras: readonly {
		readonly name: string;
		readonly serial: string;
		readonly udp: string;
		readonly pid: number;
	}[];
}

async function start(...args: string[]): Promise<Started["cameras"][number]> {
	const { cameras } = await json<Started>("sim", "start", "--detach", "--serial", ...args);
	const [camera] = cameras;
	if (camera === undefined) throw new Error("nothing was started");
	return camera;
}

/** Waits until the camera has recorded for so long; its status then. */
async function recordedFor(name: string, ms: number): Promise<Status> {
	for (;;) {
		const status = await json<Status>("status", "-d", `sim:${name}`);
		if ((status.capture.durationMs ?? 0) >= ms) return status;
	}
}

test("start, press, stop and pull over the serial port, from different processes", async () => {
	const camera = await start("--name", "cam1", "--pre-record", "2");
	await ok("sim", "wait", "--name", "cam1", "--until", "armed");
	await ok("sim", "press", "start", "--name", "cam1");
	await ok("sim", "wait", "--name", "cam1", "--until", "recording");
	await ok("sim", "press", "stop", "--name", "cam1");
	await ok("sim", "wait", "--name", "cam1", "--until", "idle");
	const out = join(directory, "evidence");
	const pulled = await run("recordings", "pull", "-d", camera.serial, "--out", out);
	expect(pulled.code, pulled.stderr).toBe(0);
	expect(pulled.stdout).toContain("SHA-256 verified");
	expect(pulled.stderr, "the estimate comes first").toMatch(/^recording 1: /);
	const [json1 = "", mp4 = ""] = readdirSync(out).sort();
	expect([json1, mp4]).toEqual([expect.stringMatching(/-0001\.json$/), expect.stringMatching(/-0001\.mp4$/)]);
	const file = join(out, mp4);
	const metadata = JSON.parse(readFileSync(join(out, json1), "utf8"));
	expect(createHash("sha256").update(readFileSync(file)).digest("hex")).toBe(metadata.sha256);
	if (ffmpeg) expect(await decodingComplaints(file)).toBe("");

	const again = await run("recordings", "pull", "-d", camera.udp, "--out", out);
	expect(again, "what is there is not fetched again").toMatchObject({
		code: 0,
		stdout: expect.stringContaining("here already"),
	});
	const events = await ok("events", "-d", "sim:cam1", "--json");
	const types = events
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line).type);
	expect(types).toEqual(
		expect.arrayContaining([
			"booted",
			"armed",
			"trigger",
			"announcement-started",
			"recording-stopped",
			"recording-closed",
		]),
	);
	expect(await ok("log", "-d", "sim:cam1")).toContain("recording");
	expect(await ok("recordings", "list", "-d", "sim:cam1")).toContain("complete");
	expect(await ok("recordings", "info", "1", "-d", "sim:cam1")).toContain(metadata.sha256);
	expect(await ok("list")).toContain("sim:cam1");
	await ok("sim", "stop", "--name", "cam1");
	expect(await ok("sim", "list")).toContain("no simulator is running");
}, 60_000);

test("a simulator killed while it records leaves a recording that plays and lacks at most a second", async () => {
	const state = join(directory, "state");
	const camera = await start("--name", "cam1", "--state", state, "--pre-record", "2");
	await ok("sim", "wait", "--name", "cam1", "--until", "armed");
	await ok("sim", "press", "start", "--name", "cam1");
	const last = await recordedFor("cam1", 2500);
	process.kill(camera.pid, "SIGKILL");

	await start("--name", "cam1", "--state", state);
	const [recording] = await json<{ number: number; state: string }[]>("recordings", "list", "-d", "sim:cam1");
	expect(recording).toMatchObject({ number: 1, state: "interrupted" });
	const file = join(directory, "interrupted.mp4");
	await ok("recordings", "pull", "1", "-d", "sim:cam1", "--out", file);
	const metadata: RecordingMetadata = JSON.parse(readFileSync(join(directory, "interrupted.json"), "utf8"));
	expect(metadata.interrupted).toBe(true);
	expect(metadata.video.lastMs - metadata.trigger.monotonicMs).toBeGreaterThan(
		(last.capture.durationMs ?? 0) - 1000,
	);
	if (ffmpeg) expect(await decodingComplaints(file)).toBe("");

	await ok("sim", "wait", "--name", "cam1", "--until", "armed");
	await ok("sim", "press", "start", "--name", "cam1");
	await ok("sim", "wait", "--name", "cam1", "--until", "recording");
	const { capture } = await json<Status>("status", "-d", "sim:cam1");
	expect(capture.recording, "numbers go on without a gap").toBe(2);
}, 60_000);

test("a pull whose simulator vanishes exits 5, keeps what came, and goes on when it is back", async () => {
	const state = join(directory, "state");
	const link = join(directory, "port");
	const arguments_ = ["--name", "cam1", "--state", state, "--serial-link", link, "--pre-record", "2"];
	const camera = await start(...arguments_);
	await ok("sim", "wait", "--until", "armed");
	await ok("sim", "press", "start");
	await recordedFor("cam1", 1000);
	await ok("sim", "press", "stop");
	await ok("sim", "wait", "--until", "idle");
	const file = join(directory, "pulled.mp4");
	const begun = fileIn(directory, "pulled.mp4.part");
	const pull = startBodycam(["recordings", "pull", "1", "-d", `serial:${link}`, "--out", file], { env });
	await begun;
	process.kill(camera.pid, "SIGKILL");
	const outcome = await pull.outcome;
	expect(outcome.code, outcome.stderr).toBe(5);
	expect(outcome.stderr).toContain("goes on where it stopped");
	expect(existsSync(file)).toBe(false);

	await start(...arguments_);
	await ok("recordings", "pull", "1", "-d", `serial:${link}`, "--out", file);
	expect(existsSync(file)).toBe(true);
	expect(existsSync(`${file}.part`)).toBe(false);
}, 60_000);

/** Resolves as soon as a file of that name appears. */
async function fileIn(directory: string, name: string): Promise<void> {
	for await (const change of watch(directory)) if (change.filename === name) return;
}

test("in the foreground it says what runs, shows what happens, and ends on Ctrl-C with 130", async () => {
	const simulator = startBodycam(["sim", "start", "--name", "front", "--json"], { env });
	expect(JSON.parse(await simulator.line('"started"'))).toMatchObject({ cameras: [{ name: "front" }] });
	await simulator.line('"display"');
	simulator.process.kill("SIGINT");
	expect(await simulator.outcome).toMatchObject({ code: 130 });
	expect(await ok("sim", "list")).toContain("no simulator is running");
});

test("several cameras in one process are found by name and end together", async () => {
	await ok("sim", "start", "--name", "fleet", "--count", "3", "--detach");
	const running = await json<{ name: string; pid: number }[]>("sim", "list");
	expect(running.map(({ name }) => name)).toEqual(["fleet-1", "fleet-2", "fleet-3"]);
	expect(new Set(running.map(({ pid }) => pid)).size).toBe(1);
	const outcome = await run("sim", "press", "start");
	expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining("--name") });
	await ok("sim", "stop", "--name", "fleet-2");
	expect(await ok("sim", "list")).toContain("no simulator is running");
});

test("battery, power cut and reset reach the camera", async () => {
	await start("--name", "cam1");
	await ok("sim", "battery", "7");
	await ok("sim", "power-cut", "--off", "0.1");
	const { battery, bootReason } = await json<Status>("status", "-d", "sim:cam1");
	expect(battery.percent).toBe(7);
	expect(bootReason).toContain("power");
	await ok("sim", "reset");
	await ok("sim", "wait");
	await ok("clock", "set", "2026-03-01T14:05:09Z", "-d", "sim:cam1");
	const { clock } = await json<Status>("status", "-d", "sim:cam1");
	expect(clock.set).toBe(true);
	expect((clock.wallMs ?? 0) - Date.UTC(2026, 2, 1, 14, 5, 9)).toBeLessThan(10_000);
});
