import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { checkNameFree, claimName } from "./registry.ts";

const directory = mkdtempSync(join(tmpdir(), "bodycam-registry-"));
beforeAll(() => void vi.stubEnv("BODYCAM_RUN", directory));
afterAll(() => {
	vi.unstubAllEnvs();
	rmSync(directory, { recursive: true, force: true });
});

test("a name is free until it is claimed, and again when it is released", () => {
	checkNameFree("cam");
	const claim = claimName("cam");
	expect(() => checkNameFree("cam")).toThrow("a simulator is already running under the name cam");
	claim.release();
	checkNameFree("cam");
});

test("what cannot be a name is never free", () => {
	expect(() => checkNameFree("../cam")).toThrow('"../cam" cannot be the name of a camera');
});
