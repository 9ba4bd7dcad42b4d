import { ResetReason } from "@bodycam/protocol/board/records";
import { expect, test } from "vitest";
import { ATTEMPTS_MAX, countAttempt, encodeAttempts, NO_ATTEMPTS } from "./attempts.ts";

const { exception, watchdog, outOfMemory, stackOverflow, requested, powerOn, powerCut } = ResetReason;

test("every defect, and every restart of its own, counts against the image that was started", () => {
	let attempts = NO_ATTEMPTS;
	for (const reason of [exception, watchdog, outOfMemory, stackOverflow, requested])
		attempts = countAttempt(encodeAttempts(attempts, 1), reason);
	expect(attempts).toEqual({ last: 1, counts: [0, 5] });
	expect(countAttempt(encodeAttempts(attempts, 0), exception).counts).toEqual([1, 5]);
	expect(ATTEMPTS_MAX).toBe(3);
});

test.each([
	["power-on", powerOn],
	["a power cut", powerCut],
])("%s forgets them", (_what, reason) => {
	expect(countAttempt(encodeAttempts({ last: 0, counts: [2, 1] }, 0), reason)).toEqual(NO_ATTEMPTS);
});

test("a defect while nobody was started counts against nobody", () => {
	const kept = encodeAttempts({ last: 0, counts: [3, 3] }, undefined);
	expect(countAttempt(kept, watchdog)).toEqual({ last: undefined, counts: [3, 3] });
});

test.each([
	["nothing", undefined],
	["what is forgotten", new Uint8Array()],
	["too little", Uint8Array.of(0xb1, 0)],
	["something else", Uint8Array.of(1, 2, 3, 4)],
])("%s that was kept counts as none", (_what, kept) => {
	expect(countAttempt(kept, exception)).toEqual(NO_ATTEMPTS);
});

test("so many that a byte cannot hold them stay many", () => {
	expect(countAttempt(encodeAttempts({ last: 0, counts: [300, 0] }, 0), exception).counts).toEqual([256, 0]);
});
