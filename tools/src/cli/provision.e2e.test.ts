import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { CameraEvent } from "@bodycam/protocol/camera/events";
import type { Status } from "@bodycam/protocol/camera/status";
import { testEvidence } from "@bodycam/protocol/testing/policy-evidence";
import { describe, expect } from "vitest";
import type { TestBench } from "./testing/bench.ts";
import { benchTest } from "./testing/bench-test.ts";

const LIMIT_MS = 60_000;

interface Failure {
	readonly error: { readonly code: string; readonly message: string; readonly exitCode: number };
}

/** Runs a command that has to fail; how it does. */
async function failure(bench: TestBench, ...args: string[]): Promise<Failure["error"] & { hint?: string }> {
	const { code, stderr, stdout } = await bench.run(...args, "--json");
	expect(stdout).toBe("");
	const { error } = JSON.parse(stderr) as Failure;
	expect(code).toBe(error.exitCode);
	return error;
}

async function eventTypes(bench: TestBench): Promise<string[]> {
	const lines = (await bench.ok("events", "-d", "sim:cam1", "--json")).trim().split("\n");
	return lines.map((line) => (JSON.parse(line) as CameraEvent).type);
}

/** The status of the camera once it has restarted on request. */
async function restarted(bench: TestBench): Promise<Status> {
	for (;;) {
		const status = await bench.json<Status>("status", "-d", "sim:cam1");
		if (status.bootReason === "requested") return status;
	}
}

const recipients = testEvidence.recipients.flatMap((recipient) => ["--recipient", recipient]);

describe.concurrent("provisioning", () => {
	benchTest(
		"makes a camera an agency's once, and a factory reset undoes it",
		async ({ bench }) => {
			writeFileSync(bench.path("secret"), "Geheimnis\n", { mode: 0o600 });
			const secret = ["--passphrase-file", "secret"];
			await bench.ok("agency", "new", "agency", "--name", "Ordnungsamt", ...recipients, ...secret);
			expect(readFileSync(bench.path("agency/root.key"), "utf8")).toContain("BEGIN ENCRYPTED PRIVATE KEY");
			await bench.simulate("--name", "cam1", "--factory", "--state", bench.path("state"));
			const before = await bench.json<Status>("status", "-d", "sim:cam1");
			expect(before.provisioning).toEqual({
				provisioned: false,
				sessions: "none",
				grants: "administrator",
			});
			expect(before.capture).toMatchObject({ state: "off", reason: "no-policy" });

			const target = ["-d", "sim:cam1", "--agency", "agency", ...secret];
			const provisioned = await bench.json<{ serial: string; agency: string; certificate: string }>(
				"provision",
				...target,
				"--name",
				"KOD 7",
				"--policy",
				"demo",
			);
			expect(provisioned).toMatchObject({ serial: before.device.serial, agency: "Ordnungsamt" });
			expect(existsSync(bench.path(provisioned.certificate))).toBe(true);
			await bench.ok("sim", "wait", "--name", "cam1", "--until", "armed");
			const after = await bench.json<Status>("status", "-d", "sim:cam1");
			expect(after).toMatchObject({
				device: { name: "KOD 7" },
				provisioning: { provisioned: true, agency: "Ordnungsamt", sessions: "none" },
				policy: { state: "in-force", installed: { name: "demo", version: 1 } },
			});
			expect(Math.abs((after.clock.wallMs ?? 0) - Date.now())).toBeLessThan(5000);
			expect(await bench.ok("agency", "show", "agency")).toContain(before.device.serial);

			const again = await failure(bench, "provision", ...target, "--policy", "demo");
			expect(again).toMatchObject({ code: "refused", exitCode: 4 });
			expect(again.message).toBe("the camera belongs to an agency already: Ordnungsamt");

			await bench.ok("sim", "press", "start", "--name", "cam1");
			await bench.ok("sim", "wait", "--name", "cam1", "--until", "recording");
			const recording = await failure(bench, "factory-reset", ...target, "--give-up", "all");
			expect(recording).toMatchObject({ exitCode: 4, message: expect.stringContaining("is recording") });
			await bench.ok("sim", "press", "stop", "--name", "cam1");
			await bench.ok("sim", "wait", "--name", "cam1", "--until", "idle");

			const kept = await failure(bench, "factory-reset", ...target);
			expect(kept.message).toContain("recording 1 is on the card and the authorisation does not give it up");
			expect(kept.hint).toContain("recordings pull");
			expect(await eventTypes(bench)).toContain("factory-reset-refused");
			expect(await bench.ok("factory-reset", ...target, "--give-up", "1")).toContain(
				"1 recording is still on its card",
			);
			const reset = await restarted(bench);
			expect(reset.provisioning.provisioned).toBe(false);
			expect(reset.capture).toMatchObject({ state: "off", reason: "no-policy" });
			expect((await failure(bench, "factory-reset", ...target)).message).toMatch(/belongs to no agency/);
		},
		LIMIT_MS,
	);

	benchTest(
		"a camera is let go by its own agency alone",
		async ({ bench }) => {
			await bench.ok("agency", "new", "stranger", ...recipients);
			await bench.simulate("--name", "cam1", "--state", bench.path("state"));
			const target = ["-d", "sim:cam1", "--agency"];
			const stranger = await failure(bench, "factory-reset", ...target, "stranger");
			expect(stranger).toMatchObject({ exitCode: 4 });
			expect(stranger.message).toMatch(/another agency: Simulated agency/);
			const own = bench.path("state/agency");
			expect(await bench.ok("agency", "show", own)).toContain("throw-away");
			await bench.ok("factory-reset", ...target, own);
			expect((await restarted(bench)).provisioning.provisioned).toBe(false);
			await bench.ok("provision", ...target, "stranger", "--policy", "de-bpol");
			await bench.ok("sim", "stop", "--name", "cam1");
			await bench.simulate("--name", "cam1", "--state", bench.path("state"));
			const { provisioning, policy } = await bench.json<Status>("status", "-d", "sim:cam1");
			expect(provisioning.agency, "a simulator leaves a camera with the agency it has").toBe("stranger");
			expect(policy.installed?.name).toBe("de-bpol");
		},
		LIMIT_MS,
	);

	benchTest(
		"is refused where files, names or options are wrong",
		async ({ bench }) => {
			await bench.simulate("--name", "cam1", "--factory");
			await bench.ok("agency", "new", "agency", ...recipients);
			const target = ["-d", "sim:cam1"];
			const agency = ["--agency", "agency"];

			expect(await failure(bench, "agency", "new", "agency")).toMatchObject({ code: "usage", exitCode: 2 });
			expect((await failure(bench, "provision", ...target)).message).toBe("no agency is named");
			expect((await failure(bench, "provision", ...target, "--agency", "none")).message).toBe(
				"there is no agency in none",
			);
			const unknown = await failure(bench, "provision", ...target, ...agency, "--policy", "de-xx");
			expect(unknown).toMatchObject({ exitCode: 2, hint: expect.stringContaining("de-nw") });
			writeFileSync(bench.path("policy.cose"), "no policy");
			const damaged = await failure(bench, "provision", ...target, ...agency, "--policy", "policy.cose");
			expect(damaged).toMatchObject({ code: "verification", exitCode: 6 });
			await bench.ok("agency", "new", "alone", ...recipients.slice(0, 2));
			const alone = await failure(bench, "provision", ...target, "--agency", "alone");
			expect(alone).toMatchObject({ exitCode: 2, hint: expect.stringContaining("alone/recipients.txt") });
			expect(alone.message).toContain("at least 2 are needed, one for the daily work and one in escrow");
			writeFileSync(bench.path("alone/recipients.txt"), "AGE-SECRET-KEY-1QQQ\n");
			const secretKey = await failure(bench, "provision", ...target, "--agency", "alone");
			expect(secretKey).toMatchObject({ code: "key-list", exitCode: 1 });
			expect(JSON.stringify(secretKey)).not.toContain("QQQ");
			const name = await failure(bench, "provision", ...target, ...agency, "--name", "ä".repeat(17));
			expect(name).toMatchObject({ code: "usage", message: expect.stringContaining("1 to 32 bytes") });
			for (const numbers of ["0", "3-1", "1,,2", "-1", "one"])
				expect(
					(await failure(bench, "factory-reset", ...target, ...agency, `--give-up=${numbers}`)).code,
				).toBe("usage");

			chmodSync(bench.path("agency/device-signing.key"), 0o640);
			const loose = await failure(bench, "provision", ...target, ...agency);
			expect(loose).toMatchObject({ code: "secret-file", exitCode: 1 });
			expect(loose.hint).toContain("chmod 600");
			rmSync(bench.path("agency/device-signing.key"));
			expect((await failure(bench, "provision", ...target, ...agency)).exitCode).toBe(2);

			writeFileSync(bench.path("secret"), "Geheimnis\n", { mode: 0o600 });
			writeFileSync(bench.path("wrong"), "geheimnis\n", { mode: 0o600 });
			await bench.ok("agency", "new", "locked", ...recipients, "--passphrase-file", "secret");
			const locked = ["--agency", "locked"];
			const unasked = await failure(bench, "provision", ...target, ...locked);
			expect(unasked).toMatchObject({ exitCode: 2, hint: expect.stringContaining("--passphrase-file") });
			const wrong = await failure(bench, "provision", ...target, ...locked, "--passphrase-file", "wrong");
			expect(wrong).toMatchObject({ code: "secret-file", message: expect.stringContaining("wrong") });
			expect(JSON.stringify(wrong)).not.toContain("geheimnis");
			chmodSync(bench.path("secret"), 0o644);
			expect((await failure(bench, "agency", "new", "third", "--passphrase-file", "secret")).code).toBe(
				"secret-file",
			);
			expect(existsSync(bench.path("third"))).toBe(false);
			const { provisioning } = await bench.json<Status>("status", "-d", "sim:cam1");
			expect(provisioning.provisioned, "nothing of all this").toBe(false);
		},
		LIMIT_MS,
	);
});
