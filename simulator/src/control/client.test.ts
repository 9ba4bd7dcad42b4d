import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { controlSimulator } from "./client.ts";
import { claimName, type NameClaim } from "./registry.ts";
import { RUN_VARIABLE } from "./run-directory.ts";
import { ControlServer } from "./server.ts";

let directory: string;
let claim: NameClaim;
let server: ControlServer;
/** Called when a request has arrived, which is never answered. */
let arrived: () => void;

beforeEach(async () => {
	directory = mkdtempSync(join(tmpdir(), "bodycam-control-"));
	vi.stubEnv(RUN_VARIABLE, directory);
	const control = join(directory, "slow.sock");
	claim = claimName("slow");
	claim.publish({ name: "slow", pid: process.pid, control, startedAt: 0 });
	server = await ControlServer.open(control, () => {
		arrived();
		return new Promise(() => undefined);
	});
});

afterEach(() => {
	server.close();
	claim.release();
	vi.unstubAllEnvs();
	rmSync(directory, { recursive: true, force: true });
});

test("who stops waiting gets the reason at once, without an answer", async () => {
	const stop = new AbortController();
	const reason = new Error("Ctrl-C");
	arrived = () => stop.abort(reason);
	await expect(controlSimulator("slow", { command: "power-cut", offMs: 20_000 }, stop.signal)).rejects.toBe(
		reason,
	);
});

test("who has stopped already asks nothing", async () => {
	const reason = new Error("Ctrl-C");
	let asked = false;
	arrived = () => {
		asked = true;
	};
	await expect(controlSimulator("slow", { command: "reset" }, AbortSignal.abort(reason))).rejects.toBe(
		reason,
	);
	expect(asked).toBe(false);
});
