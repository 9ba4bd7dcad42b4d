import type { CameraEventType } from "@bodycam/protocol/camera/events";
import { describe, expect, it } from "vitest";
import { bootSequenceCamera, type SequenceCamera } from "./sequence-camera.ts";
import { checkLiving, checkLog, checkRecordings, checkTriggers } from "./sequence-promises.ts";

describe("the checks from outside", () => {
	/** A camera that has recorded once, as it should; what is known of it can be doctored. */
	async function recorded(): Promise<SequenceCamera> {
		const camera = await bootSequenceCamera();
		camera.booted.press("start");
		camera.booted.advance(2_000);
		camera.booted.press("stop");
		camera.booted.advance(2_000);
		camera.listen();
		camera.booted.advance(1_500);
		return camera;
	}

	const without = (camera: SequenceCamera, type: CameraEventType): void => {
		const { events } = camera;
		for (let index = events.length - 1; index >= 0; index--)
			if (events[index]?.type === type) events.splice(index, 1);
	};

	it("have nothing to say against a camera that does as it should", async () => {
		const camera = await recorded();
		checkLiving(camera);
		checkTriggers(camera);
		expect(await checkRecordings(camera)).toBeGreaterThan(20);
		await checkLog(camera);
	});

	it("find a trigger that no hand made", async () => {
		const camera = await recorded();
		camera.hands.length = 0;
		expect(() => checkTriggers(camera)).toThrow("never a recording without a hand");
	});

	it("find a recording that nobody was told of", async () => {
		const camera = await recorded();
		without(camera, "announcement-started");
		expect(() => checkTriggers(camera)).toThrow("never recording without announcement");
	});

	it("find a recording without a trigger", async () => {
		const camera = await recorded();
		without(camera, "trigger");
		await expect(checkRecordings(camera)).rejects.toThrow("never a stored frame without a trigger");
	});

	it("find an event that is missing, and one that is another one on the card", async () => {
		const missing = await recorded();
		without(missing, "button");
		await expect(checkLog(missing)).rejects.toThrow("never a lost event");
		const other = await recorded();
		const [first] = other.events;
		if (first !== undefined) other.events[0] = { ...first, monotonicMs: first.monotonicMs + 1 };
		await expect(checkLog(other)).rejects.toThrow("never a lost event");
	});

	it("find a light that says what is not so", async () => {
		const camera = await recorded();
		const { indicators } = camera.booted.board.peripherals;
		indicators.state = () => ({ colour: 0xff0000, onMs: 1, offMs: 0 });
		expect(() => checkLiving(camera)).toThrow("what is shown is so");
	});
});
