import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { Status } from "@bodycam/protocol/camera/status";
import { describe, expect, test } from "vitest";
import type { TestBench } from "./testing/bench.ts";
import { benchTest } from "./testing/bench-test.ts";
import { PullKillBench } from "./testing/transfer-kills.ts";

const LIMIT_MS = 300_000;

interface Heard {
	readonly address: string;
	readonly rssi?: number;
	readonly batteryPercent?: number;
}

/** A recording of a camera, of at least so many milliseconds. */
async function record(bench: TestBench, name: string, ms: number): Promise<void> {
	await bench.ok("sim", "wait", "--name", name, "--until", "armed");
	await bench.ok("sim", "press", "start", "--name", name);
	await bench.ok("sim", "wait", "--name", name, "--until", "recording");
	await bench.recordedFor(name, ms);
	await bench.ok("sim", "press", "stop", "--name", name);
	await bench.ok("sim", "wait", "--name", name, "--until", "idle");
}

/** The recording in a directory has the hash the camera gives for it. */
async function expectWhole(bench: TestBench, directory: string, device: readonly string[]): Promise<void> {
	const { sha256 } = await bench.json<RecordingMetadata & { sha256: string }>(
		"recordings",
		"info",
		"1",
		...device,
	);
	const hashes = readdirSync(directory).map((name) =>
		createHash("sha256")
			.update(readFileSync(join(directory, name)))
			.digest("hex"),
	);
	expect(hashes).toContain(sha256);
}

// They mostly wait for radios that run at the pace of the clock.
describe.concurrent("a camera over Bluetooth, with noble on a simulated adapter", () => {
	benchTest(
		"is found, asked, followed, pulled from and flashed by different processes, and what went over the air is logged",
		async ({ bench }) => {
			await bench.ok("firmware", "keygen", "my.key");
			const keys = ["--firmware-key", "my.key"];
			const start = [
				"--name",
				"cam1",
				"--hci-ports",
				"2",
				"--snoop",
				"hci.log",
				"--pre-record",
				"1",
				...keys,
			];
			const { hci: [port = "", second = ""] = [] } = await bench.simulate(...start);
			const device = ["-d", "ble:cam1", "--hci", port];

			const listed = await bench.json<Heard[]>("list", "--hci", port, "--seconds", "1");
			const heard = listed.find(({ address }) => address === "ble:cam1");
			expect(heard?.rssi).toBeLessThan(-40);
			expect(heard?.batteryPercent).toBe(100);
			expect((await bench.json<Status>("status", ...device)).device.name).toBe("cam1");

			const following = bench.start("events", "--follow", "-d", "ble:cam1", "--hci", second);
			await following.line("armed");
			await record(bench, "cam1", 1500);
			await following.line("recording-stopped");
			following.process.kill("SIGINT");
			expect((await following.outcome).code, "Ctrl-C is heeded, not taken by noble").toBe(130);

			const pulled = await bench.ok("recordings", "pull", ...device, "--out", "evidence");
			expect(pulled).toContain("verified");
			await expectWhole(bench, bench.path("evidence"), device);

			const build = ["--key", "my.key", "--out", "next.img", "--image-version", "0.2.0"];
			await bench.ok("firmware", "build", ...build);
			const flashed = await bench.ok("firmware", "flash", "next.img", ...device);
			expect(flashed).toMatch(/0\.2\.0 runs[\s\S]*confirmed/);
			expect(statSync(bench.path("hci.log")).size).toBeGreaterThan(100_000);
		},
		LIMIT_MS,
	);

	benchTest(
		"is five cameras that are pulled from at once, each on an adapter of its own",
		async ({ bench }) => {
			const { hci = [] } = await bench.simulate(
				"--name",
				"cam",
				"--count",
				"5",
				"--hci-ports",
				"5",
				"--pre-record",
				"1",
			);
			const names = [1, 2, 3, 4, 5].map((number) => `cam-${number}`);
			await Promise.all(names.map((name) => record(bench, name, 800)));
			await Promise.all(
				names.map(async (name, index) => {
					const device = ["-d", `ble:${name}`, "--hci", hci[index] ?? ""];
					await bench.ok("recordings", "pull", ...device, "--out", name);
					await expectWhole(bench, bench.path(name), device);
				}),
			);
		},
		LIMIT_MS,
	);

	benchTest(
		"goes out of range in the middle of a pull, which goes on where it stopped",
		async ({ bench }) => {
			const { hci: [port = ""] = [] } = await bench.simulate("--name", "cam1", "--ble", "--pre-record", "1");
			await record(bench, "cam1", 4000);
			const pull = ["recordings", "pull", "-d", "ble:cam1", "--hci", port, "--out", "evidence"];
			const pulling = bench.start(...pull);
			let said = "";
			await new Promise<void>((resolve) => {
				pulling.process.stderr?.on("data", (text) => {
					said += text;
					if (/ [2-9]\d %/.test(said)) resolve();
				});
			});
			await bench.ok("sim", "radio", "range", "5000", "--name", "cam1");
			const broken = await pulling.outcome;
			expect(broken.code).toBe(5);
			expect(broken.stderr).toContain("the Bluetooth link to cam1 was lost: it is no longer heard");
			await bench.ok("sim", "radio", "range", "2", "--name", "cam1");
			await bench.ok("sim", "radio", "loss", "2", "--name", "cam1");
			const again = await bench.run(...pull);
			expect(again.code, again.stderr).toBe(0);
			expect(again.stderr).toContain("are here already");
			await expectWhole(bench, bench.path("evidence"), ["-d", "ble:cam1", "--hci", port]);
		},
		LIMIT_MS,
	);

	test(
		"loses its power, or the program that pulls is killed, at moments of a seed: the next pull goes on and is right",
		async () => {
			const kills = await PullKillBench.open();
			try {
				for (const seed of [1, 2]) {
					const { broken, resumed } = await kills.kill(seed);
					expect(resumed && !broken).toBe(false);
				}
			} finally {
				await kills.close();
			}
		},
		LIMIT_MS,
	);

	benchTest(
		"that another program commands says so, and so do a port that is taken, one that is none and a name nobody has",
		async ({ bench }) => {
			const { hci: [first = "", second = ""] = [] } = await bench.simulate(
				"--name",
				"cam1",
				"--hci-ports",
				"2",
			);
			const following = bench.start("events", "--follow", "-d", "ble:cam1", "--hci", first);
			await following.line("booted");
			const busy = await bench.run("status", "-d", "ble:cam1", "--hci", second);
			expect(busy.code).toBe(4);
			expect(busy.stderr).toContain("another client commands the camera");
			expect(busy.stderr).toContain("free 10 s after the other client's last request");
			const taken = await bench.run("status", "-d", "ble:cam1", "--hci", first);
			expect([taken.code, taken.stderr]).toEqual([
				5,
				expect.stringContaining(`${first} is in use by another program`),
			]);
			const none = await bench.run("status", "-d", "ble:cam1", "--hci", "/dev/no-such-port");
			expect([none.code, none.stderr]).toEqual([3, expect.stringContaining("there is no HCI port")]);
			const unknown = await bench.run("status", "-d", "ble:cam9", "--hci", second);
			expect([unknown.code, unknown.stderr]).toEqual([3, expect.stringContaining("no camera cam9 is heard")]);
			for (const { stderr } of [busy, taken, none, unknown]) expect(stderr).not.toMatch(/^\s+at /m);
			await bench.ok("sim", "stop", "--name", "cam1");
			const gone = await following.outcome;
			expect([gone.code, gone.stderr]).toEqual([
				5,
				expect.stringContaining("the Bluetooth adapter went away"),
			]);
			expect(gone.stderr).not.toContain("Go nearer");
		},
		LIMIT_MS,
	);
});
