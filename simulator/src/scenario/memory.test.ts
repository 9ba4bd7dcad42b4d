import { describe, expect, it } from "vitest";
import { bootCamera } from "../testing/boot-camera.ts";
import { record } from "../testing/record.ts";

const FRAMES = 10_000;
const FRAME_MS = 40;
const FRAMES_A_WINDOW = 5;

describe("memory of the engine", () => {
	it("is not allocated from by 10,000 frames and their sound while the ring is armed", async () => {
		const camera = await bootCamera({ preRecordSeconds: 10 });
		camera.advance(20_000);
		let windows = 0;
		let untouched = 0;
		let before = camera.counters;
		for (let passed = 0; passed < FRAMES; passed += FRAMES_A_WINDOW) {
			camera.advance(FRAMES_A_WINDOW * FRAME_MS);
			const after = camera.counters;
			windows += 1;
			if (
				after.slotAllocations === before.slotAllocations &&
				after.chunkAllocations === before.chunkAllocations
			)
				untouched += 1;
			before = after;
		}
		// What is allocated is allocated by the clock (a heartbeat every 2.5 s), never by a frame.
		expect(untouched / windows).toBeGreaterThan(0.85);
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
