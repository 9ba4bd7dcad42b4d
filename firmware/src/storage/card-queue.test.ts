import { Status } from "@bodycam/protocol/board/records";
import { describe, expect, it } from "vitest";
import { createFakeCard } from "../testing/fake-card.ts";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { createVirtualTimers } from "../testing/virtual-timers.ts";
import { createCardMeter } from "./card-meter.ts";
import { createCardQueue, Operation } from "./card-queue.ts";

function setUp() {
	const memory = createNodeMediaMemory(65_536);
	const timers = createVirtualTimers();
	const card = createFakeCard(memory, timers, { sectors: 128 });
	const stalls: boolean[] = [];
	const removals: number[] = [];
	const queue = createCardQueue({
		timers,
		meter: createCardMeter(timers),
		openCard: (options) => card.open(options),
		onInserted: () => undefined,
		onRemoved: () => removals.push(timers.now()),
		onStall: (stalled) => stalls.push(stalled),
	});
	card.insert();
	const done: [number, number][] = [];
	const onDone = (id: number, status: number) => done.push([id, status]);
	return { memory, timers, card, queue, stalls, removals, done, onDone };
}

describe("card queue", () => {
	it("ends requests in their order, each with its own id", async () => {
		const { queue, timers, done, onDone } = setUp();
		await timers.advance(1000);
		for (let id = 0; id < 20; id++) queue.submit(Operation.write, id, 1, id * 512, onDone, id);
		await timers.advance(1_000_000);
		expect(done).toEqual(Array.from({ length: 20 }, (_, id) => [id, Status.ok]));
	});

	it("tries a failed request once more and reports the second failure", async () => {
		const { queue, timers, card, done, onDone } = setUp();
		await timers.advance(1000);
		card.fail("read", 1);
		queue.submit(Operation.read, 0, 1, 0, onDone, 1);
		await timers.advance(100_000);
		card.fail("read", 2);
		queue.submit(Operation.read, 0, 1, 0, onDone, 2);
		await timers.advance(100_000);
		expect(done).toEqual([
			[1, Status.ok],
			[2, Status.ioError],
		]);
	});

	it("makes a flush again that was asked for before a failed write was made again", async () => {
		const { queue, timers, card, memory, done, onDone } = setUp();
		await timers.advance(1000);
		memory.bytes.fill(9, 0, 512);
		card.fail("write", 1);
		queue.submit(Operation.write, 5, 1, 0, onDone, 1);
		queue.submit(Operation.flush, 0, 0, 0, onDone, 2);
		await timers.advance(100_000);
		expect(done).toEqual([
			[1, Status.ok],
			[2, Status.ok],
		]);
		expect(card.afterPowerCut(() => 0)[5 * 512]).toBe(9);
	});

	it("tells of a stall once, and of its end", async () => {
		const { queue, timers, card, stalls, onDone } = setUp();
		await timers.advance(1000);
		card.stallUntil(timers.now() + 10_000_000);
		queue.submit(Operation.read, 0, 1, 0, onDone, 1);
		await timers.advance(4_000_000);
		expect(stalls).toEqual([true]);
		await timers.advance(7_000_000);
		expect(stalls).toEqual([true, false]);
	});

	it("does not call an idle card stalled", async () => {
		const { timers, stalls } = setUp();
		await timers.advance(60_000_000);
		expect(stalls).toEqual([]);
	});

	it("ends what is under way when the card is taken out", async () => {
		const { queue, timers, card, removals, done, onDone } = setUp();
		await timers.advance(1000);
		queue.submit(Operation.write, 0, 1, 0, onDone, 1);
		card.remove();
		const failed = expect(queue.read(0, 1, 0)).rejects.toThrow("taken out");
		await timers.advance(1000);
		await failed;
		expect(done).toEqual([[1, Status.noMedium]]);
		expect(removals.length).toBe(1);
	});

	it("calls nobody after it is closed", async () => {
		const { queue, timers, done, onDone } = setUp();
		await timers.advance(1000);
		queue.submit(Operation.write, 0, 1, 0, onDone, 1);
		queue.close();
		queue.close();
		await timers.advance(100_000);
		expect(done).toEqual([]);
	});
});
