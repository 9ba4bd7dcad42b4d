import type { CameraEvent } from "@bodycam/protocol/camera/events";
import { describe, expect } from "vitest";
import { benchTest as test } from "./testing/bench-test.ts";

/** Longest time a test may take: many commands, on a computer that may be busy. */
const LIMIT_MS = 90_000;
const CAMERA = ["-d", "sim:cam1"];

describe("bodycam recordings answer", () => {
	test(
		"gives the reason that imminent danger demands, once, and refuses what was not asked",
		async ({ bench }) => {
			await bench.simulate("--name", "cam1", "--pre-record", "2");
			await bench.ok("sim", "press", "danger", "--name", "cam1");
			await bench.recordedFor("cam1", 500);
			expect(await bench.ok("status", ...CAMERA)).toContain("a reason for recording 1");

			const answer = ["recordings", "answer", "1", ...CAMERA];
			const nothing = await bench.run(...answer);
			expect(nothing.code).toBe(2);
			const unknown = await bench.run(...answer, "--reason", "boredom");
			expect(unknown.code, unknown.stderr).toBe(4);
			expect(unknown.stderr).toContain("bodycam policy show");
			const home = await bench.run(...answer, "--authorised-by", "PHK Weber");
			expect(home.code, home.stderr).toBe(4);
			expect(home.stderr).toContain("not demanded");

			const given = await bench.json<{ recording: number; left?: string }>(...answer, "--reason", "danger");
			expect(given).toEqual({ recording: 1 });
			expect(await bench.ok("status", ...CAMERA)).not.toContain("a reason for recording 1");
			const lines = (await bench.ok("events", ...CAMERA, "--json")).trim().split("\n");
			const events = lines.map((line) => JSON.parse(line) as CameraEvent);
			expect(events.find(({ type }) => type === "reason-given")).toMatchObject({
				recording: 1,
				code: "danger",
				source: "link",
			});
			const again = await bench.run(...answer, "--reason", "danger");
			expect(again.code, again.stderr).toBe(4);
		},
		LIMIT_MS,
	);
});
