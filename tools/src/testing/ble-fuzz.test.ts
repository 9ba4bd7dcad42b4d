import process from "node:process";
import { describe, expect, it } from "vitest";
import { fuzzSession } from "./ble-fuzz.ts";
import type { TamperedDirection } from "./hostile-port.ts";
import { withoutRunner } from "./without-runner.ts";

const DIRECTIONS: readonly TamperedDirection[] = ["to the host", "to the controller"];

withoutRunner();

describe.each(DIRECTIONS)("a session whose packets %s are tampered with", (direction) => {
	it.each([1, 2, 3, 4])(
		"ends with an answer or a known error, and leaves nothing behind (seed %i)",
		async (seed) => {
			const listeners = () =>
				["SIGINT", "exit", "uncaughtException"].map((name) => process.listenerCount(name));
			const before = listeners();
			const { end, tampered } = await fuzzSession(direction, seed);
			expect(["answered", "connection", "protocol", "no-such-device"]).toContain(end);
			expect(tampered).toBeGreaterThan(0);
			// What noble had still to write may fail a moment later.
			await expect.poll(listeners, { timeout: 5000 }).toEqual(before);
		},
	);
});
