import { writeFileSync } from "node:fs";
import type { CameraEvent } from "@bodycam/protocol/camera/events";
import type { Status } from "@bodycam/protocol/camera/status";
import { describe, expect } from "vitest";
import { benchTest as test } from "./testing/bench-test.ts";

/** Longest time a test may take: many commands, on a computer that may be busy. */
const LIMIT_MS = 90_000;

/** A WAV file of a tone: 16 kHz, mono, 16 bit. */
function tone(seconds: number): Uint8Array {
	const samples = 16_000 * seconds;
	const wav = Buffer.alloc(44 + 2 * samples);
	wav.write("RIFF", 0);
	wav.writeUInt32LE(36 + 2 * samples, 4);
	wav.write("WAVEfmt ", 8);
	wav.writeUInt32LE(16, 16);
	wav.writeUInt16LE(1, 20);
	wav.writeUInt16LE(1, 22);
	wav.writeUInt32LE(16_000, 24);
	wav.writeUInt32LE(32_000, 28);
	wav.writeUInt16LE(2, 32);
	wav.writeUInt16LE(16, 34);
	wav.write("data", 36);
	wav.writeUInt32LE(2 * samples, 40);
	for (let index = 0; index < samples; index++)
		wav.writeInt16LE(Math.round(9_000 * Math.sin(index / 5)), 44 + 2 * index);
	return wav;
}

describe.concurrent("around a simulated camera", () => {
	test(
		"somebody speaks, and is told how long it took",
		async ({ bench }) => {
			await bench.simulate("--name", "cam1");
			writeFileSync(bench.path("said.wav"), tone(1));
			const began = performance.now();
			const said = await bench.json<{ durationMs: number }>("sim", "say", "--wav", "said.wav");
			expect(said.durationMs).toBe(1000);
			expect(performance.now() - began).toBeGreaterThan(1000);
		},
		LIMIT_MS,
	);

	test(
		"nobody says what is not a sound, nor a text",
		async ({ bench }) => {
			await bench.simulate("--name", "cam1");
			writeFileSync(bench.path("letter.wav"), "Dear Sir or Madam");
			const letter = await bench.run("sim", "say", "--wav", "letter.wav");
			expect(letter.code).toBe(1);
			expect(letter.stderr).toContain("not a WAV file");
			const missing = await bench.run("sim", "say", "--wav", "missing.wav");
			expect(missing.stderr).toContain("no such file");
			expect((await bench.run("sim", "say", "stop")).code).toBe(2);
		},
		LIMIT_MS,
	);

	test(
		"the speaker breaks, and an announcement is not spoken to its end",
		async ({ bench }) => {
			await bench.simulate("--name", "cam1");
			await bench.ok("sim", "wait", "--until", "armed");
			await bench.ok("sim", "speaker", "fail");
			await bench.ok("sim", "press", "start");
			await bench.recordedFor("cam1", 1000);
			await bench.ok("sim", "press", "stop");
			await bench.ok("sim", "wait", "--until", "idle");
			const lines = (await bench.ok("events", "-d", "sim:cam1", "--json")).trim().split("\n");
			const events = lines.map((line) => JSON.parse(line) as CameraEvent);
			const ended = events.filter((event) => event.type === "announcement-ended");
			expect(ended).toMatchObject([{ complete: false }]);
			await bench.ok("sim", "speaker", "ok");
		},
		LIMIT_MS,
	);

	test(
		"the clock is set wrong, unset, and drifts",
		async ({ bench }) => {
			await bench.simulate("--name", "cam1");
			const clock = async () => (await bench.json<Status>("status", "-d", "sim:cam1")).clock;
			await bench.ok("sim", "clock", "set", "2031-01-01T00:00:00Z");
			const wrong = await clock();
			expect(wrong.wallMs).toBeGreaterThanOrEqual(Date.UTC(2031, 0, 1));
			expect(wrong.wallMs).toBeLessThan(Date.UTC(2031, 0, 1) + 60_000);
			await bench.ok("sim", "clock", "drift", "-100000");
			await bench.ok("sim", "clock", "unset");
			expect(await clock()).toEqual({ set: false });
			const mistake = await bench.run("sim", "clock", "set", "yesterday");
			expect(mistake.code).toBe(2);
			expect(mistake.stderr).toContain("yesterday is not a time");
			expect((await bench.run("sim", "clock", "drift", "fast")).code).toBe(2);
		},
		LIMIT_MS,
	);
});
