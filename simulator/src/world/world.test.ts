import { describe, expect, it } from "vitest";
import { createRandomness } from "./random.ts";
import { World } from "./world.ts";

describe("World", () => {
	it("settles once after all events of an instant, before time moves on", () => {
		const world = new World(createRandomness(1));
		const seen: string[] = [];
		const settler = { settle: () => seen.push(`settled ${world.now}`) };
		world.schedule(10, () => {
			seen.push("a");
			world.settleLater(settler);
		});
		world.schedule(10, () => seen.push("b"));
		world.schedule(11, () => seen.push("c"));
		world.advanceTo(20);
		expect(seen).toEqual(["a", "b", "settled 10", "c"]);
	});

	it("runs what is scheduled for now while settling", () => {
		const world = new World(createRandomness(1));
		const times: number[] = [];
		world.schedule(5, () =>
			world.settleLater({ settle: () => void world.schedule(0, () => times.push(world.now)) }),
		);
		world.advanceTo(5);
		expect(times).toEqual([5]);
	});

	it("stands at the last event after runUntil and at the time asked for after advanceTo", () => {
		const world = new World(createRandomness(1));
		world.schedule(3, () => undefined);
		world.runUntil(10);
		expect(world.now).toBe(3);
		world.advanceTo(10);
		expect(world.now).toBe(10);
	});
});
