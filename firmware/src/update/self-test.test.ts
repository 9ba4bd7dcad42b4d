import { expect, test } from "vitest";
import { createVirtualTimers } from "../testing/virtual-timers.ts";
import { SelfTest, type SelfTestPart } from "./self-test.ts";

const SECOND = 1_000_000;

function start() {
	const timers = createVirtualTimers();
	const works: Record<SelfTestPart, boolean> = { camera: true, card: false, clock: true, link: false };
	const told: string[] = [];
	const selfTest = new SelfTest({
		timers,
		parts: {
			camera: () => works.camera,
			card: () => works.card,
			clock: () => works.clock,
			link: () => works.link,
		},
		onPassed: () => told.push("passed"),
		onFailed: () => told.push("failed"),
	});
	return { timers, works, told, selfTest };
}

test("passes once everything has been seen to work, each at its time", async () => {
	const { timers, works, told, selfTest } = start();
	await timers.advance(2 * SECOND);
	expect(selfTest.status).toEqual({ state: "running", open: ["card", "link"] });
	works.card = true;
	await timers.advance(SECOND);
	works.card = false;
	works.link = true;
	await timers.advance(SECOND);
	expect(selfTest.status).toEqual({ state: "passed", open: [] });
	await timers.advance(100 * SECOND);
	expect(told).toEqual(["passed"]);
});

test("fails when something has not been seen to work within a minute", async () => {
	const { timers, works, told, selfTest } = start();
	works.link = true;
	await timers.advance(59 * SECOND);
	expect(told).toEqual([]);
	await timers.advance(2 * SECOND);
	expect(told).toEqual(["failed"]);
	expect(selfTest.status).toEqual({ state: "failed", open: ["card"] });
});
