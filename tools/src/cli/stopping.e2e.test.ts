import { spawn } from "node:child_process";

import { existsSync, mkdirSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { benchTest } from "./testing/bench-test.ts";

const LIMIT_MS = 60_000;
const LAUNCHER = join(import.meta.dirname, "..", "..", "bin", "bodycam.js");

describe.concurrent("a command", () => {
	benchTest(
		"that waits for a simulator ends at once on Ctrl-C, without saying that it was done",
		async ({ bench }) => {
			await bench.simulate("--name", "cam1");
			await bench.ok("sim", "wait");
			const cut = bench.start("sim", "power-cut", "--off", "3600");
			// The camera does not answer any more: the command has reached it.
			while ((await bench.run("status", "-d", "sim:cam1", "--timeout", "0.2")).code === 0);
			cut.process.kill("SIGINT");
			expect(await cut.outcome).toMatchObject({ code: 130, stdout: "" });
		},
		LIMIT_MS,
	);

	benchTest(
		"dev ends with a word and 0 when its simulator is stopped from outside",
		async ({ bench }) => {
			const dev = bench.start("dev", "--name", "dev", "--state", bench.path("state"));
			await dev.line("runs");
			expect(await bench.ok("sim", "stop", "--name", "dev")).toContain("ended: dev");
			const outcome = await dev.outcome;
			expect(outcome.code, outcome.stderr).toBe(0);
			expect(outcome.stdout).toContain("stopped from outside");
		},
		LIMIT_MS,
	);

	benchTest(
		"whose output cannot be written says so in one line and exits 1",
		async ({ bench }) => {
			if (!existsSync("/dev/full")) return;
			const child = spawn(process.execPath, [LAUNCHER, "sim", "list"], {
				cwd: bench.directory,
				env: { ...process.env, BODYCAM_RUN: bench.path("run"), NO_COLOR: "1" },
				stdio: ["ignore", openSync("/dev/full", "w"), "pipe"],
			});
			let stderr = "";
			child.stderr?.setEncoding("utf8").on("data", (text: string) => {
				stderr += text;
			});
			const code = await new Promise((resolve) => child.on("close", resolve));
			expect(stderr).toMatch(/^bodycam: the output cannot be written: the disk is full\n {2}\S.*\n$/);
			expect(code).toBe(1);
		},
		LIMIT_MS,
	);

	benchTest(
		"firmware flash that is stopped says what is there and how to go on, and goes on when it is run again",
		async ({ bench }) => {
			const camera = await bench.simulate("--name", "cam1", "--serial", "--baud", "115200");
			const serial = `serial:${camera.serial?.replace(/^serial:/, "")}?baud=115200`;
			await bench.ok("firmware", "build", "--image-version", "0.2.0", "--out", "new.img");
			const flash = bench.start("firmware", "flash", "new.img", "-d", serial, "--json");
			await flash.line('"type":"sent"');
			flash.process.kill("SIGINT");
			expect(await flash.outcome).toMatchObject({ code: 130 });
			const again = bench.start("firmware", "flash", "new.img", "-d", serial);
			await new Promise<void>((resolve) => {
				again.process.stderr?.on("data", (text) => {
					if (String(text).includes("are there already")) resolve();
				});
			});
			again.process.kill("SIGINT");
			const { code, stderr } = await again.outcome;
			expect(code).toBe(130);
			expect(stderr).toContain("the same command goes on where this one was");
		},
		LIMIT_MS,
	);

	benchTest(
		"demo that is stopped leaves no directory that it made",
		async ({ bench }) => {
			const demo = bench.start("demo", "--out", "a/b");
			await demo.line("A camera in a simulator");
			demo.process.kill("SIGINT");
			expect(await demo.outcome).toMatchObject({ code: 130 });
			expect(readdirSync(bench.directory)).not.toContain("a");
		},
		LIMIT_MS,
	);

	benchTest(
		"demo sees before the camera runs that a result cannot take its place",
		async ({ bench }) => {
			mkdirSync(bench.path("out/recording.json"), { recursive: true });
			const outcome = await bench.run("demo", "--out", "out");
			expect(outcome).toMatchObject({ code: 2, stdout: "" });
			expect(outcome.stderr).toContain("recording.json is a directory");
		},
		LIMIT_MS,
	);
});
