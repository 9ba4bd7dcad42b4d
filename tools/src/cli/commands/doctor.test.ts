import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Finding } from "../../operations/doctor/finding.ts";
import { runInProcess } from "../testing/in-process.ts";

const build = vi.hoisted(() => ({ fails: false }));
vi.mock("@bodycam/firmware/build", async (original) => {
	const { FirmwareBuildError } = await import("@bodycam/firmware/build-error");
	const real = await original<typeof import("@bodycam/firmware/build")>();
	return {
		...real,
		buildFirmware: () => {
			if (build.fails) throw new FirmwareBuildError("Build failed:\n  main.ts:1:1: ERROR: Unexpected");
			return real.buildFirmware();
		},
	};
});

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "doctor-"));
	vi.stubEnv("BODYCAM_RUN", join(folder, "run"));
});
afterEach(() => {
	build.fails = false;
	vi.unstubAllEnvs();
	rmSync(folder, { recursive: true, force: true });
});

/** What `bodycam doctor` finds; it may well end with problems. */
async function findings(): Promise<readonly Finding[]> {
	const { stdout, failure } = await runInProcess("doctor", "--json");
	expect(["unhealthy", undefined]).toContain(failure?.code);
	return JSON.parse(stdout) as readonly Finding[];
}

describe("what cannot be found out is a problem among the findings, and the rest is examined:", () => {
	test("which simulators run", async () => {
		const file = join(folder, "file");
		writeFileSync(file, "");
		vi.stubEnv("BODYCAM_RUN", file);
		const found = await findings();
		expect(found.find(({ subject }) => subject === "simulators")).toMatchObject({
			severity: "problem",
			text: expect.stringContaining(file),
			advice: expect.stringContaining("BODYCAM_RUN"),
		});
		expect(found.find(({ subject }) => subject === "node")?.severity).toBe("ok");
	});

	test("what engine firmware is built for here, where it does not build", async () => {
		build.fails = true;
		const found = await findings();
		expect(found.find(({ subject }) => subject === "firmware")).toMatchObject({
			severity: "problem",
			text: "Build failed:",
			advice: expect.stringContaining("main.ts:1:1: ERROR: Unexpected"),
		});
		expect(found.map(({ subject }) => subject)).toContain("simulators");
	});
});
