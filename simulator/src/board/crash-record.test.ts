import { expect, it } from "vitest";
import { crashRecordOf } from "./crash-record.ts";

const base = { build: "b", reason: "exception", message: "m", stack: "", uptimeMs: 1 } as const;

it.each([
	["exception", "exception"],
	["watchdog", "watchdog"],
	["outOfMemory", "out-of-memory"],
	["stackOverflow", "stack-overflow"],
] as const)("calls %s %s", (reason, word) => {
	expect(crashRecordOf({ ...base, reason }).reason).toBe(word);
});

it("cuts long texts between two characters", () => {
	const { message, stack } = crashRecordOf({
		...base,
		message: "ü".repeat(600),
		stack: `a${"ü".repeat(2000)}`,
	});
	expect(message).toBe("ü".repeat(256));
	expect(stack).toBe(`a${"ü".repeat(1023)}`);
});
