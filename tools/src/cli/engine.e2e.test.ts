import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Status } from "@bodycam/protocol/camera/status";
import { mcuAvailable } from "@bodycam/simulator/testing/engines";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DemoReport } from "../operations/demo/report.ts";
import { benchTest } from "./testing/bench-test.ts";
import { bodycam, type Outcome } from "./testing/command-line.ts";
import { decodingComplaints, findRun, frameHashes, haveFfmpeg } from "./testing/ffmpeg.ts";

const LIMIT_MS = 180_000;
const CLIP = join(import.meta.dirname, "..", "..", "..", "simulator", "assets", "clip.mp4");
const DEMO = ["demo", "--pre-record", "10", "--record", "5", "--seed", "7"];

describe.skipIf(!mcuAvailable())("the demo on the Cortex-M55 image", () => {
	let directory: string;
	let outcome: Outcome;
	let reference: Outcome;

	const file = (run: string, name: string): string => join(directory, run, name);
	const report = (run: string): DemoReport => JSON.parse(readFileSync(file(run, "recording.json"), "utf8"));

	beforeAll(async () => {
		directory = mkdtempSync(join(tmpdir(), "bodycam-engine-"));
		[outcome, reference] = await Promise.all([
			bodycam([...DEMO, "--engine", "mps3-an547", "--out", join(directory, "image")]),
			bodycam([...DEMO, "--out", join(directory, "wasm")]),
		]);
	}, LIMIT_MS);

	afterAll(() => rmSync(directory, { recursive: true, force: true }));

	test("succeeds", () => {
		expect(reference.code, reference.stderr).toBe(0);
		expect(outcome.code, outcome.stderr).toBe(0);
		expect(outcome.stdout).toContain("xs-mps3-an547");
	});

	test.each(["recording.mp4", "recording.mp4.age", "recording.custody.cbor"])(
		"yields the very %s that the wasm engine yields",
		(name) => {
			expect(readFileSync(file("image", name)).equals(readFileSync(file("wasm", name)))).toBe(true);
		},
	);

	test("the same is known about it", () => {
		const { engine, ...rest } = report("image");
		const { engine: _wasm, ...expected } = report("wasm");
		expect(rest).toEqual(expected);
		expect(engine.name).toMatch(/^xs-mps3-an547 \d/);
	});

	describe.skipIf(!haveFfmpeg())("as ffmpeg sees it", () => {
		test("decodes without a complaint", async () => {
			expect(await decodingComplaints(file("image", "recording.mp4"))).toBe("");
		});

		test("has an unbroken run of the source's frames, across the trigger", async () => {
			const frames = await frameHashes(file("image", "recording.mp4"));
			expect(frames).toHaveLength(report("image").video.frames);
			expect(findRun(await frameHashes(CLIP), frames)).toBeDefined();
		});
	});
});

/** Processes that a process has started, and those that they have. */
function descendants(pid: number): number[] {
	const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
	const pairs = stdout
		.trim()
		.split("\n")
		.map((line) => line.trim().split(/\s+/).map(Number));
	const children = pairs.flatMap(([child = 0, parent]) => (parent === pid ? [child] : []));
	return children.flatMap((child) => [child, ...descendants(child)]);
}

/** Whether a process runs; one that ended and was not fetched by its parent does not. */
function runs(pid: number): boolean {
	const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
	return /^[^Z\s]/.test(stdout);
}

describe.skipIf(!mcuAvailable())("a simulator on the Cortex-M55 image", () => {
	benchTest(
		"answers by its name and says what runs it, and its emulator ends with it, even if it is killed",
		async ({ bench }) => {
			const simulator = bench.start("sim", "start", "--name", "cam1", "--engine", "mps3-an547", "--json");
			await simulator.line("cam1");
			const status = await bench.json<Status>("status", "-d", "sim:cam1");
			expect(status.device.engine).toMatch(/^xs-mps3-an547 \d/);
			const emulators = descendants(simulator.process.pid ?? 0);
			expect(emulators.filter(runs).length).toBeGreaterThanOrEqual(2);
			simulator.process.kill("SIGKILL");
			await simulator.outcome;
			while (emulators.some(runs)) await new Promise((resolve) => setImmediate(resolve));
		},
		LIMIT_MS,
	);
});

describe("an engine that cannot run", () => {
	benchTest("is refused with what it lacks, and exits 1", async ({ bench }) => {
		const { code, stderr } = await bodycam(["demo", "--engine", "mps3-an547", "--out", bench.path("out")], {
			env: { PATH: "/nonexistent" },
			cwd: bench.directory,
		});
		expect(code).toBe(1);
		expect(stderr).toMatch(/^bodycam: qemu-system-arm is not installed\n {2}.*npm run mcu:setup/);
	});

	benchTest("and has no such name is a mistake of the command line", async ({ bench }) => {
		const { code, stderr } = await bench.run("sim", "start", "--engine", "esp32");
		expect(code).toBe(2);
		expect(stderr).toContain("mps3-an547");
	});
});
