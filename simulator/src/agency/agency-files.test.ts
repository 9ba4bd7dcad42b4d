import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasTools } from "@bodycam/protocol/testing/public-tools";
import { afterAll, describe, expect, it } from "vitest";
import { StateError } from "../storage/state-error.ts";
import { createRandomness } from "../world/random.ts";
import { dailyIdentityPath, readAgencyFiles, writeAgencyFiles } from "./agency-files.ts";
import { makeAgencySeeds, throwawayAgency } from "./throwaway-agency.ts";

const directory = mkdtempSync(join(tmpdir(), "bodycam-throwaway-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const seeds = makeAgencySeeds(createRandomness(5).stream("agency"));
const agency = throwawayAgency(seeds);

describe("the files of a throw-away agency", () => {
	it("give back the keys they were written from, to their owner alone", () => {
		const path = join(directory, "same");
		writeAgencyFiles(path, seeds);
		expect(readAgencyFiles(path)).toEqual(seeds);
		for (const file of readdirSync(path)) expect(statSync(join(path, file)).mode & 0o777, file).toBe(0o600);
	});

	it.skipIf(!hasTools("age"))(
		"let the public command age decrypt what is encrypted to its recipients, with either identity",
		() => {
			const path = join(directory, "age");
			writeAgencyFiles(path, seeds);
			const message = Buffer.from("a recording");
			const file = execFileSync("age", ["-R", join(path, "recipients.txt")], { input: message });
			for (const identity of [dailyIdentityPath(path), join(path, "escrow-identity.txt")])
				expect(execFileSync("age", ["-d", "-i", identity], { input: file })).toEqual(message);
		},
	);

	it("say of the identities that they are throw-away", () => {
		const path = join(directory, "marked");
		writeAgencyFiles(path, seeds);
		const text = readFileSync(dailyIdentityPath(path), "utf8");
		expect(text).toMatch(/^# THROW-AWAY/);
		expect(text).toContain(`# public key: ${agency.evidence.recipients[0]}\n${agency.identities.daily}\n`);
	});

	it("that are damaged are named", () => {
		const path = join(directory, "damaged");
		writeAgencyFiles(path, seeds);
		writeFileSync(join(path, "escrow-identity.txt"), "# nothing\n");
		expect(() => readAgencyFiles(path)).toThrow(StateError);
		expect(() => readAgencyFiles(path)).toThrow(/escrow-identity\.txt/);
	});

	it("are none where there is no directory", () => {
		expect(readAgencyFiles(join(directory, "nothing"))).toBeUndefined();
	});
});
