import { describe, expect, it } from "vitest";
import { bootCamera } from "../testing/boot-camera.ts";
import { record } from "../testing/record.ts";

const FRAMES = 10_000;
const FRAME_MS = 40;

describe("memory of the engine", () => {
	it("is not allocated from by 10,000 frames and their sound while the ring is armed", async () => {
		const camera = await bootCamera({ preRecordSeconds: 10 });
		camera.advance(20_000);
		const seconds = (FRAMES * FRAME_MS) / 1000;
		const before = camera.counters;
		camera.advance(seconds * 1000);
		const after = camera.counters;
		// What is allocated is allocated by the clock (heartbeat, battery), not by frames: well below one a second.
		expect(after.slotAllocations - before.slotAllocations).toBeLessThan(FRAMES / 100);
		expect(after.chunkAllocations - before.chunkAllocations).toBeLessThan(FRAMES / 100);
	});

	it("is the same after the tenth recording as after the third", async () => {
		const camera = await bootCamera({ preRecordSeconds: 5 });
		camera.advance(6_000);
		const heap: number[] = [];
		for (let number = 1; number <= 10; number++) {
			record(camera, 2);
			heap.push(camera.heap());
		}
		expect(Math.abs((heap[9] ?? 0) - (heap[2] ?? 0))).toBeLessThan(1024);
	});

	it("gives the same bytes for the same seed", async () => {
		const run = async (seed: number) => {
			const camera = await bootCamera({ preRecordSeconds: 5, seed });
			camera.advance(7_000);
			record(camera, 3);
			return Buffer.from(camera.pull(1)).toString("base64");
		};
		expect(await run(7)).toBe(await run(7));
	});
});
