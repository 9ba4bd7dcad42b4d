import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Status } from "@bodycam/protocol/camera/status";
import type { StartedCamera } from "../sim-view.ts";
import { bodycam, type Outcome, type RunningCommand, startBodycam } from "./command-line.ts";

/** A place of its own for simulators and files, so that tests can run side by side. */
export class TestBench {
	/** A temporary directory; the working directory of the commands. */
	readonly directory = mkdtempSync(join(tmpdir(), "bodycam-e2e-"));
	readonly #env = { BODYCAM_RUN: join(this.directory, "run") };

	/** A path in the directory. */
	path(name: string): string {
		return join(this.directory, name);
	}

	/** Runs a command to its end. */
	run(...args: string[]): Promise<Outcome> {
		return bodycam(args, { env: this.#env, cwd: this.directory });
	}

	/** The same with other environment variables besides. */
	runWith(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Outcome> {
		return bodycam(args, { env: { ...this.#env, ...env }, cwd: this.directory });
	}

	/** Starts a command. */
	start(...args: string[]): RunningCommand {
		return startBodycam(args, { env: this.#env, cwd: this.directory });
	}

	/** Runs a command that has to work; its standard output. @throws Error with what it printed */
	async ok(...args: string[]): Promise<string> {
		const { code, stderr, stdout } = await this.run(...args);
		if (code !== 0) throw new Error(`bodycam ${args.join(" ")} exited ${code}:\n${stderr}`);
		return stdout;
	}

	/** The same with `--json`, for its result. */
	async json<Result>(...args: string[]): Promise<Result> {
		return JSON.parse(await this.ok(...args, "--json")) as Result;
	}

	/** Starts a simulator in the background; its (first) camera. */
	async simulate(...args: string[]): Promise<StartedCamera> {
		const { cameras } = await this.json<{ cameras: StartedCamera[] }>("sim", "start", "--detach", ...args);
		const [camera] = cameras;
		if (camera === undefined) throw new Error("nothing was started");
		return camera;
	}

	/** Waits until the camera has recorded for so many ms; its status then. */
	async recordedFor(name: string, ms: number): Promise<Status> {
		for (;;) {
			const status = await this.json<Status>("status", "-d", `sim:${name}`);
			if ((status.capture.durationMs ?? 0) >= ms) return status;
		}
	}

	/** Ends the simulators and removes the directory. */
	async close(): Promise<void> {
		await this.run("sim", "stop", "--all");
		rmSync(this.directory, { recursive: true, force: true });
	}
}
