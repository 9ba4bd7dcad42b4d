import process from "node:process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fuzzSession } from "./ble-fuzz.ts";
import type { TamperedDirection } from "./hostile-port.ts";

const DIRECTIONS: readonly TamperedDirection[] = ["to the host", "to the controller"];

// The runner of tests takes rejections for itself; outside it they end the process, unless they are noble's.
const runners = process.listeners("unhandledRejection");
beforeAll(() => {
	for (const listener of runners) process.off("unhandledRejection", listener);
});
afterAll(() => {
	for (const listener of runners) process.on("unhandledRejection", listener);
});

describe.each(DIRECTIONS)("a session whose packets %s are tampered with", (direction) => {
	it.each([1, 2, 3, 4])(
		"ends with an answer or a known error, and leaves nothing behind (seed %i)",
		async (seed) => {
			const listeners = () => ["SIGINT", "exit"].map((name) => process.listenerCount(name));
			const before = listeners();
			const { end, tampered } = await fuzzSession(direction, seed);
			expect(["answered", "connection", "protocol", "no-such-device"]).toContain(end);
			expect(tampered).toBeGreaterThan(0);
			expect(listeners()).toEqual(before);
			expect(process.hasUncaughtExceptionCaptureCallback()).toBe(false);
		},
	);
});
