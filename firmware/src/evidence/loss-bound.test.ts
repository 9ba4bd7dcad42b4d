import fc from "fast-check";
import { expect, test } from "vitest";
import { createLossBound, KEEPS_UP_MS } from "./loss-bound.ts";

/** Time between two ticks, ms. */
const TICK = 100;

/** Plays a recording with a segment every 850 ms, each safe once the card answers. @returns what was to be kept, and when */
function play(untilMs: number, safeAt: (begunMs: number) => number, paused = (_ms: number) => false) {
	const bound = createLossBound();
	bound.begin(0);
	const begun: number[] = [];
	const kept: { readonly atMs: number; readonly untilMs: number }[] = [];
	let signedMs = 0;
	for (let now = 0; now <= untilMs; now += 10) {
		if (paused(now)) signedMs = now;
		else if (now - signedMs >= 850) {
			signedMs = now;
			begun.push(now);
		}
		const safe = begun.findIndex((ms) => safeAt(ms) > now);
		bound.safe(safe < 0 ? begun.length : safe);
		if (now % TICK !== 0) continue;
		const until = bound.tick(now, begun.length);
		if (until > 0) kept.push({ atMs: now, untilMs: until });
	}
	return { kept, begun };
}

test("a card that keeps up asks for nothing to be kept, not even after a pause", () => {
	const paused = (ms: number) => ms > 5_000 && ms < 60_000;
	expect(play(90_000, (ms) => ms + 300, paused).kept).toEqual([]);
});

test("a card that stands still has it kept ahead of time, ever less often", () => {
	const { kept } = play(60_000, (ms) => (ms < 10_000 ? ms + 50 : Infinity));
	expect(kept[0]?.atMs).toBeLessThan(12_000);
	expect(kept.length).toBeGreaterThan(3);
	expect(kept.length).toBeLessThan(9);
	expect(kept.at(-1)?.untilMs).toBeGreaterThan(60_000);
});

test("whenever the power fails, it was before the moment that is claimed", () => {
	const stall = fc.record({ from: fc.nat(15_000), ms: fc.nat(20_000) });
	fc.assert(
		fc.property(stall, fc.nat(40_000), ({ from, ms }, cutMs) => {
			const end = from + ms;
			const safeAt = (begunMs: number) => (begunMs >= from && begunMs < end ? end : begunMs) + 60;
			const { kept, begun } = play(cutMs, safeAt);
			const last = Math.max(0, ...begun.filter((begunMs) => safeAt(begunMs) <= cutMs));
			const claimed = Math.max(last + KEEPS_UP_MS, ...kept.map(({ untilMs }) => untilMs));
			expect(claimed).toBeGreaterThanOrEqual(cutMs);
		}),
	);
});

test("another recording begins anew", () => {
	const bound = createLossBound();
	bound.begin(0);
	expect(bound.tick(1000, 1)).toBe(0);
	expect(bound.tick(1600, 1)).toBeGreaterThan(1600);
	bound.begin(20_000);
	expect(bound.tick(20_100, 1)).toBe(0);
});
