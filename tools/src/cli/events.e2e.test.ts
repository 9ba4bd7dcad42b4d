import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LogReport } from "@bodycam/protocol/event-log/verifier";
import { describe, expect } from "vitest";
import { benchTest } from "./testing/bench-test.ts";

const LIMIT_MS = 60_000;

interface PastEvent {
	readonly type: string;
	readonly boot: string;
	readonly entry?: number;
	readonly recording?: number;
}

const lines = (text: string) => text.trim().split("\n");
const parse = (text: string): PastEvent[] => lines(text).map((line) => JSON.parse(line) as PastEvent);

// They mostly wait for cameras that run at the pace of the clock.
describe.concurrent("the event log", () => {
	benchTest(
		"survives a simulator that is killed, goes on when it is started again, and verifies everywhere",
		async ({ bench }) => {
			const state = bench.path("state");
			const image = join(state, "card.img");
			const start = ["--name", "cam1", "--state", state, "--pre-record", "2"];
			const camera = await bench.simulate(...start);
			await bench.ok("sim", "wait", "--until", "armed");
			await bench.ok("sim", "press", "start");
			await bench.recordedFor("cam1", 2000);
			process.kill(camera.pid, "SIGKILL");

			const first = await bench.json<LogReport>("events", "verify", "-d", image);
			expect(first).toMatchObject({ verdict: "intact", boots: 1 });
			const types = parse(await bench.ok("events", "-d", image, "--json")).map(({ type }) => type);
			for (const type of ["booted", "armed", "log-opened", "trigger", "recording-started"])
				expect(types).toContain(type);

			await bench.simulate(...start);
			await bench.ok("sim", "wait", "--until", "armed");
			await bench.ok("sim", "press", "start");
			await bench.recordedFor("cam1", 1200);
			await bench.ok("sim", "press", "stop");
			await bench.ok("sim", "wait", "--until", "idle");

			const past = parse(await bench.ok("events", "-d", "sim:cam1", "--past", "--json"));
			expect(new Set(past.map(({ boot }) => boot)).size).toBe(2);
			expect(past.filter(({ type }) => type === "booted")).toHaveLength(2);
			expect(past.filter(({ entry }) => entry !== undefined).map(({ entry }) => entry)).toEqual(
				past.flatMap(({ entry }, i) => (entry === undefined ? [] : [i + 1])),
			);
			const interrupted = parse(await bench.ok("events", "-d", "sim:cam1", "--recording", "1", "--json"));
			expect(interrupted.at(0)?.type).toBe("trigger");
			expect(interrupted.at(-1)?.type).toBe("interrupted-recovered");
			const boot = past.at(-1)?.boot ?? "";
			const faults = await bench.ok("events", "-d", "sim:cam1", "--boot", boot, "--type", "fault", "--json");
			for (const event of parse(faults)) expect(event).toMatchObject({ boot, type: "fault" });

			const head = String(first.head);
			const second = await bench.json<LogReport>("events", "verify", "-d", "sim:cam1", "--head", head);
			expect(second).toMatchObject({ verdict: "intact", boots: 2 });
			expect(second.entries).toBeGreaterThan(first.entries);

			const file = bench.path("log.events");
			const exported = await bench.json<{ head: string; entries: number }>(
				"events",
				"export",
				"-d",
				"sim:cam1",
				"--out",
				file,
			);
			expect(await bench.ok("events", "verify", "-d", file, "--head", exported.head)).toMatch(/^intact$/m);
			await bench.ok("sim", "stop", "--all");
			expect(await bench.ok("events", "verify", "-d", image, "--head", exported.head)).toMatch(/^intact$/m);
			expect(parse(await bench.ok("events", "-d", file, "--json"))).toHaveLength(exported.entries);

			const bytes = readFileSync(file);
			const at = bytes.indexOf("recording-started") + 3;
			bytes[at] = (bytes[at] ?? 0) ^ 1;
			writeFileSync(bench.path("changed.events"), bytes);
			writeFileSync(bench.path("short.events"), readFileSync(file).subarray(0, -512));
			for (const name of ["changed.events", "short.events"]) {
				const outcome = await bench.run("events", "verify", "-d", bench.path(name));
				expect(outcome, name).toMatchObject({ code: 6, stdout: expect.stringMatching(/^broken$/m) });
				expect(outcome.stderr).toContain("is not what a camera has written");
			}
		},
		LIMIT_MS,
	);

	benchTest(
		"is asked for wrongly with exit codes that say so",
		async ({ bench }) => {
			writeFileSync(bench.path("letter.txt"), "Dear Sir or Madam\n".repeat(100));
			const cases = [
				[["events", "verify", "-d", bench.path("missing.img")], 2, "there is no such file"],
				[["events", "verify", "-d", bench.path("letter.txt")], 1, "there is no event log in it"],
				[["events", "verify", "-d", bench.directory], 2, "directory"],
				[["events", "-d", "sim:cam1", "--type", "levitated"], 2, "There is no event"],
				[["events", "-d", "sim:cam1", "--boot", "7"], 2, "hexadecimal"],
				[["events", "-d", "sim:cam1", "--since", "yesterday"], 2, "is not a time"],
				[["events", "verify", "-d", "sim:cam1", "--head", "abc"], 2, "hexadecimal"],
				[["events", "verify", "-d", "sim:cam1", "--anchor", "nowhere"], 2, "there is no such file"],
				[["events", "export", "-d", "sim:cam1"], 2, "--out"],
			] as const;
			for (const [args, code, words] of cases) {
				const outcome = await bench.run(...args);
				expect(outcome, args.join(" ")).toMatchObject({ code, stderr: expect.stringContaining(words) });
				expect(outcome.stderr).not.toMatch(/^\s+at /m);
			}
		},
		LIMIT_MS,
	);

	benchTest(
		"is refused by a camera without a card, which still shows what it remembers",
		async ({ bench }) => {
			await bench.simulate("--name", "cam1");
			await bench.ok("sim", "wait", "--until", "armed");
			await bench.ok("sim", "card", "remove");
			const outcome = await bench.run("events", "verify", "-d", "sim:cam1");
			expect(outcome).toMatchObject({ code: 4, stderr: expect.stringContaining("no memory card") });
			expect(await bench.ok("events", "-d", "sim:cam1")).toContain("booted");
		},
		LIMIT_MS,
	);
});
