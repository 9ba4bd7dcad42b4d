import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { watch } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { Status } from "@bodycam/protocol/camera/status";
import { describe, expect } from "vitest";
import type { StartedCamera } from "./sim-view.ts";
import { benchTest } from "./testing/bench-test.ts";
import { decodingComplaints, haveFfmpeg } from "./testing/ffmpeg.ts";

const LIMIT_MS = 120_000;

/** The throw-away agency of a camera, and the file of an identity that decrypts its recordings. */
function keysOf({ identityFile = "" }: StartedCamera): { agency: string; identity: string } {
	return { agency: dirname(identityFile), identity: identityFile };
}
const ffmpeg = haveFfmpeg();

// They mostly wait for cameras that run at the pace of the clock.
describe.concurrent("a simulator", () => {
	benchTest(
		"is started, pressed, stopped and pulled from over its serial port by different processes",
		async ({ bench }) => {
			const start = ["--name", "cam1", "--serial", "--pre-record", "2", "--state", bench.path("state")];
			const camera = await bench.simulate(...start);
			const { agency, identity } = keysOf(camera);
			await bench.ok("sim", "wait", "--name", "cam1", "--until", "armed");
			await bench.ok("sim", "press", "start", "--name", "cam1");
			await bench.ok("sim", "wait", "--name", "cam1", "--until", "recording");
			await bench.ok("sim", "press", "stop", "--name", "cam1");
			await bench.ok("sim", "wait", "--name", "cam1", "--until", "idle");
			const out = bench.path("evidence");
			const pull = ["recordings", "pull", "-d", camera.serial ?? "", "--out", out, "--agency", agency];
			const pulled = await bench.run(...pull);
			expect(pulled.code, pulled.stderr).toBe(0);
			expect(pulled.stdout).toContain("SHA-256 verified");
			expect(pulled.stdout).toContain("complete: nothing was changed");
			expect(pulled.stderr, "the estimate comes first").toMatch(/^custody record 1: .*\nrecording 1: /);
			const [recordName = "", metadataName = "", recordingName = ""] = readdirSync(out).sort();
			expect([recordName, metadataName, recordingName]).toEqual([
				expect.stringMatching(/-0001\.custody\.cbor$/),
				expect.stringMatching(/-0001\.json$/),
				expect.stringMatching(/-0001\.mp4\.age$/),
			]);
			const file = join(out, recordingName);
			const metadata = JSON.parse(readFileSync(join(out, metadataName), "utf8"));
			expect(createHash("sha256").update(readFileSync(file)).digest("hex")).toBe(metadata.sha256);
			expect(await bench.ok("evidence", "verify", out, "--agency", agency)).toContain("complete: ");
			const playable = bench.path("playable.mp4");
			await bench.ok("evidence", "decrypt", file, "-i", identity, "--agency", agency, "--out", playable);
			if (ffmpeg) expect(await decodingComplaints(playable)).toBe("");

			const again = await bench.run("recordings", "pull", "-d", camera.udp, "--out", out);
			expect(again, "what is there is not fetched again").toMatchObject({
				code: 0,
				stdout: expect.stringContaining("here already"),
			});
			const events = (await bench.ok("events", "-d", "sim:cam1", "--json")).trim().split("\n");
			const types = events.map((line) => JSON.parse(line).type);
			for (const type of [
				"booted",
				"armed",
				"trigger",
				"announcement-started",
				"recording-stopped",
				"recording-closed",
			])
				expect(types).toContain(type);
			expect(await bench.ok("log", "-d", "sim:cam1")).toContain("recording");
			expect(await bench.ok("recordings", "list", "-d", "sim:cam1")).toContain("complete");
			expect(await bench.ok("recordings", "info", "1", "-d", "sim:cam1")).toContain(metadata.sha256);
			expect(await bench.ok("list")).toContain("sim:cam1");
			await bench.ok("sim", "stop", "--name", "cam1");
			expect(await bench.ok("sim", "list")).toContain("no simulator is running");
		},
		LIMIT_MS,
	);

	benchTest(
		"killed while it records leaves a recording that plays and lacks at most a second",
		async ({ bench }) => {
			const state = bench.path("state");
			const camera = await bench.simulate("--name", "cam1", "--state", state, "--pre-record", "2");
			await bench.ok("sim", "wait", "--name", "cam1", "--until", "armed");
			await bench.ok("sim", "press", "start", "--name", "cam1");
			const last = await bench.recordedFor("cam1", 2500);
			process.kill(camera.pid, "SIGKILL");

			const image = join(state, "card.img");
			expect(await bench.ok("card", "ls", image)).toContain("unfinished");
			const { agency, identity } = keysOf(camera);
			const decrypt = async (name: string): Promise<string> => {
				const to = bench.path(`${name}.mp4`);
				const options = ["-i", identity, "--agency", agency, "--out", to];
				const { code, stdout } = await bench.run(
					"evidence",
					"decrypt",
					bench.path(`${name}.mp4.age`),
					...options,
				);
				if (ffmpeg) expect(await decodingComplaints(to)).toBe("");
				return `${code} ${stdout}`;
			};
			await bench.ok("card", "extract", image, "1", "--out", bench.path("unfinished.mp4.age"));
			expect(await decrypt("unfinished")).toMatch(/^6 [\s\S]*incomplete: /);

			await bench.simulate("--name", "cam1", "--state", state);
			await bench.ok("sim", "wait", "--name", "cam1", "--until", "armed");
			const recordings = await bench.json<{ number: number; state: string }[]>(
				"recordings",
				"list",
				"-d",
				"sim:cam1",
			);
			expect(recordings).toEqual([expect.objectContaining({ number: 1, state: "interrupted" })]);
			const file = bench.path("interrupted.mp4.age");
			await bench.ok("recordings", "pull", "1", "-d", "sim:cam1", "--out", file);
			const metadata: RecordingMetadata = JSON.parse(readFileSync(bench.path("interrupted.json"), "utf8"));
			expect(metadata.interrupted).toBe(true);
			const lasted = metadata.video.lastMs - metadata.trigger.monotonicMs;
			expect(lasted).toBeGreaterThan((last.capture.durationMs ?? 0) - 1000);
			expect(await decrypt("interrupted")).toMatch(/^0 [\s\S]*interrupted: /);
			const extracted = bench.path("extracted.mp4.age");
			expect(await bench.ok("card", "extract", image, "1", "--out", extracted)).toContain("verified");
			expect(readFileSync(extracted).equals(readFileSync(file))).toBe(true);

			await bench.ok("sim", "press", "start", "--name", "cam1");
			await bench.ok("sim", "wait", "--name", "cam1", "--until", "recording");
			const { capture } = await bench.json<Status>("status", "-d", "sim:cam1");
			expect(capture.recording, "numbers go on without a gap").toBe(2);
		},
		LIMIT_MS,
	);

	benchTest(
		"that vanishes during a pull makes it exit 5, and the next one goes on",
		async ({ bench }) => {
			const port = bench.path("port");
			const options = [
				"--name",
				"cam1",
				"--state",
				bench.path("state"),
				"--serial-link",
				port,
				"--pre-record",
				"2",
			];
			const camera = await bench.simulate(...options);
			await bench.ok("sim", "wait", "--until", "armed");
			await bench.ok("sim", "press", "start");
			await bench.recordedFor("cam1", 1000);
			await bench.ok("sim", "press", "stop");
			await bench.ok("sim", "wait", "--until", "idle");
			const file = bench.path("pulled.mp4.age");
			const begun = fileIn(bench.directory, "pulled.mp4.age.part");
			const pull = bench.start("recordings", "pull", "1", "-d", `serial:${port}`, "--out", file);
			await begun;
			process.kill(camera.pid, "SIGKILL");
			const outcome = await pull.outcome;
			expect(outcome.code, outcome.stderr).toBe(5);
			expect(outcome.stderr).toContain("goes on where it stopped");
			expect(existsSync(file)).toBe(false);

			await bench.simulate(...options);
			await bench.ok("recordings", "pull", "1", "-d", `serial:${port}`, "--out", file);
			expect(existsSync(file)).toBe(true);
			expect(existsSync(`${file}.part`)).toBe(false);
		},
		LIMIT_MS,
	);

	benchTest(
		"in the foreground says what runs, shows what happens, and ends on Ctrl-C with 130",
		async ({ bench }) => {
			const simulator = bench.start("sim", "start", "--name", "front", "--json");
			expect(JSON.parse(await simulator.line('"started"'))).toMatchObject({ cameras: [{ name: "front" }] });
			await simulator.line('"display"');
			simulator.process.kill("SIGINT");
			expect(await simulator.outcome).toMatchObject({ code: 130 });
			expect(await bench.ok("sim", "list")).toContain("no simulator is running");
		},
		LIMIT_MS,
	);

	benchTest(
		"of several cameras has them found by name and ends them together",
		async ({ bench }) => {
			await bench.simulate("--name", "fleet", "--count", "3");
			const running = await bench.json<{ name: string; pid: number }[]>("sim", "list");
			expect(running.map(({ name }) => name)).toEqual(["fleet-1", "fleet-2", "fleet-3"]);
			expect(new Set(running.map(({ pid }) => pid)).size).toBe(1);
			const outcome = await bench.run("sim", "press", "start");
			expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining("--name") });
			await bench.ok("sim", "stop", "--name", "fleet-2");
			expect(await bench.ok("sim", "list")).toContain("no simulator is running");
		},
		LIMIT_MS,
	);

	benchTest(
		"lets battery, power cut, reset and clock reach its camera",
		async ({ bench }) => {
			await bench.simulate("--name", "cam1");
			await bench.ok("sim", "battery", "7");
			await bench.ok("sim", "power-cut", "--off", "0.1");
			await bench.ok("sim", "wait");
			const { battery, bootReason } = await bench.json<Status>("status", "-d", "sim:cam1");
			expect(battery.percent).toBe(7);
			expect(bootReason).toContain("power");
			await bench.ok("sim", "reset");
			await bench.ok("sim", "wait");
			await bench.ok("clock", "set", "2026-03-01T14:05:09Z", "-d", "sim:cam1");
			const { clock } = await bench.json<Status>("status", "-d", "sim:cam1");
			expect(clock.set).toBe(true);
			expect((clock.wallMs ?? 0) - Date.UTC(2026, 2, 1, 14, 5, 9)).toBeLessThan(20_000);
		},
		LIMIT_MS,
	);
});

/** Resolves as soon as a file of that name appears. */
async function fileIn(directory: string, name: string): Promise<void> {
	for await (const change of watch(directory)) if (change.filename === name) return;
}
