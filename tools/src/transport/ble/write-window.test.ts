import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { WriteWindow } from "./write-window.ts";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

/** Takes room and says whether it has got it. */
function taking(window: WriteWindow, bytes: number): { got: boolean } {
	const state = { got: false };
	void window.take(bytes).then(() => {
		state.got = true;
	});
	return state;
}

const now = (): number => Date.now();

it("lets a packet wait until the other end has answered", async () => {
	const window = new WriteWindow(1000, now);
	await window.take(900);
	const second = taking(window, 200);
	await vi.advanceTimersByTimeAsync(100);
	expect(second.got).toBe(false);
	window.answered();
	await vi.advanceTimersByTimeAsync(0);
	expect([second.got, window.underWay]).toEqual([true, 200]);
});

it("takes one packet however long it is", async () => {
	const window = new WriteWindow(10, now);
	await window.take(5000);
	expect(window.underWay).toBe(5000);
});

it("does not wait for ever for answers that do not come", async () => {
	const window = new WriteWindow(1000, now);
	await window.take(900);
	const second = taking(window, 900);
	await vi.advanceTimersByTimeAsync(4900);
	expect(second.got).toBe(false);
	await vi.advanceTimersByTimeAsync(200);
	expect([second.got, window.underWay]).toEqual([true, 900]);
});

it("lets all go on when it is over", async () => {
	const window = new WriteWindow(1000, now);
	await window.take(900);
	const waiting = taking(window, 900);
	window.clear();
	await vi.advanceTimersByTimeAsync(0);
	expect(waiting.got).toBe(true);
});
