import process from "node:process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fuzzSession } from "./ble-fuzz.ts";
import type { TamperedDirection } from "./hostile-port.ts";

const DIRECTIONS: readonly TamperedDirection[] = ["to the host", "to the controller"];

// The runner of tests takes what nobody catches for itself; outside it that ends the process, unless it is noble's.
const exceptions = process.listeners("uncaughtException");
const rejections = process.listeners("unhandledRejection");
beforeAll(() => {
	process.removeAllListeners("uncaughtException");
	process.removeAllListeners("unhandledRejection");
});
afterAll(() => {
	for (const listener of exceptions) process.on("uncaughtException", listener);
	for (const listener of rejections) process.on("unhandledRejection", listener);
});

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
			expect(listeners()).toEqual(before);
		},
	);
});
