import process from "node:process";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { withoutRunner } from "../../testing/without-runner.ts";
import { shieldNoble } from "./shield.ts";

withoutRunner();

const ends: (() => void)[] = [];
beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	for (const end of ends.splice(0)) end();
	vi.advanceTimersByTime(2000);
	vi.useRealTimers();
});

function shielded(): Error[] {
	const failures: Error[] = [];
	ends.push(shieldNoble((error) => failures.push(error)));
	return failures;
}

function thrown(stack: string, code?: string): Error {
	return Object.assign(new Error("out of range"), { stack, ...(code !== undefined && { code }) });
}

it("takes what noble throws, and what its port says when it has gone", () => {
	const failures = shielded();
	const nobles = thrown(
		"Error: x\n    at Hci.onSocketData (/app/node_modules/@stoprocent/noble/lib/hci.js:9:9)",
	);
	const ports = thrown("Error: EIO: i/o error, write", "EIO");
	for (const error of [nobles, ports]) process.emit("uncaughtException", error);
	expect(failures).toEqual([nobles, ports]);
});

it("leaves everything else to whoever listens besides", () => {
	const failures = shielded();
	const others: unknown[] = [];
	const other = (error: unknown): void => {
		others.push(error);
	};
	process.on("uncaughtException", other);
	ends.push(() => process.off("uncaughtException", other));
	const ours = thrown("Error: x\n    at work (/app/tools/src/cli/main.ts:9:9)");
	process.emit("uncaughtException", ours);
	expect([failures, others]).toEqual([[], [ours]]);
});

it("is there for a moment after its end, and then no longer", () => {
	const before = process.listenerCount("uncaughtException");
	const end = shieldNoble(() => undefined);
	end();
	expect(process.listenerCount("uncaughtException")).toBe(before + 1);
	vi.advanceTimersByTime(2000);
	expect(process.listenerCount("uncaughtException")).toBe(before);
});
