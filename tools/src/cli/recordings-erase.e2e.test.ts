import { readdirSync } from "node:fs";
import type { RecordingSummary } from "@bodycam/protocol/camera/recordings";
import { describe, expect } from "vitest";
import type { RecordingGaps } from "../operations/recordings-gaps.ts";
import type { TestBench } from "./testing/bench.ts";
import { benchTest } from "./testing/bench-test.ts";

/** Simulators come and go, several side by side. */
const LIMIT_MS = 120_000;
const CAMERA = ["-d", "sim:cam1"];

async function record(bench: TestBench): Promise<void> {
	await bench.ok("sim", "press", "start", "--name", "cam1");
	await bench.recordedFor("cam1", 1500);
	await bench.ok("sim", "press", "stop", "--name", "cam1");
	await bench.ok("sim", "wait", "--name", "cam1", "--until", "idle", "--timeout", "60");
}

const gaps = async (bench: TestBench) =>
	(await bench.json<RecordingGaps>("recordings", "gaps", ...CAMERA)).gaps.map(({ number, state }) => [
		number,
		state,
	]);

describe("from the camera to the archive", () => {
	benchTest(
		"a recording is pulled, signed for, erased, and nothing else erases one",
		async ({ bench }) => {
			await bench.simulate("--name", "cam1", "--state", "state", "--pre-record", "2");
			await bench.ok("clock", "set", ...CAMERA);
			await record(bench);
			await record(bench);
			expect(await gaps(bench)).toEqual([
				[1, "complete"],
				[2, "complete"],
			]);

			await bench.ok("recordings", "pull", "1", ...CAMERA, "--out", "archive");
			await bench.ok("evidence", "receipt", "archive", "--agency", "state/agency");
			const receipt = readdirSync(bench.path("archive")).find((name) => name.endsWith(".receipt.cose"));
			expect(receipt).toBeDefined();
			expect(await bench.ok("recordings", "erase", "--receipt", "archive", ...CAMERA)).toBe(
				"recording 1: erased\n",
			);

			const list = await bench.json<RecordingSummary[]>("recordings", "list", ...CAMERA);
			expect(list.map(({ number, state }) => [number, state])).toEqual([
				[1, "erased"],
				[2, "complete"],
			]);
			expect(await gaps(bench)).toEqual([[2, "complete"]]);
			expect(await bench.ok("recordings", "info", "1", ...CAMERA)).toContain("on an archive's receipt");
			expect(await bench.ok("events", ...CAMERA)).toMatch(/recording-erased\s+recording 1/);
			const again = await bench.run("recordings", "pull", "1", ...CAMERA, "--out", "again");
			expect(again.code).toBe(4);
			expect(again.stderr).toContain("erased after an archive gave its receipt");

			await bench.ok("recordings", "pull", ...CAMERA, "--out", "rest");
			expect(readdirSync(bench.path("rest")).some((name) => name.includes("0001"))).toBe(false);
			await bench.ok("agency", "new", "stranger");
			const foreign = await bench.run("evidence", "receipt", "rest", "--agency", "stranger");
			expect(foreign.code, foreign.stderr).toBe(6);
			expect(await gaps(bench)).toEqual([[2, "complete"]]);
		},
		LIMIT_MS,
	);
});
