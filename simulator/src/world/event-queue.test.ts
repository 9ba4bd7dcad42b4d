import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventQueue } from "./event-queue.ts";

describe("EventQueue", () => {
	it("runs events in order of time, and of scheduling where times are equal, without the cancelled ones", () => {
		const plan = fc.array(fc.record({ time: fc.nat(20), cancel: fc.boolean() }), { maxLength: 200 });
		fc.assert(
			fc.property(plan, (events) => {
				const queue = new EventQueue();
				const ran: number[] = [];
				const tickets = events.map(({ time }, index) =>
					queue.schedule(time, (label) => ran.push(label), index),
				);
				events.forEach(({ cancel }, index) => {
					if (cancel) queue.cancel(tickets[index] ?? 0);
				});
				while (queue.nextTime < Infinity) queue.runNext();
				const expected = events
					.map(({ time, cancel }, index) => ({ time, cancel, index }))
					.filter(({ cancel }) => !cancel)
					.sort((a, b) => a.time - b.time || a.index - b.index)
					.map(({ index }) => index);
				expect(ran).toEqual(expected);
				expect(queue.count).toBe(0);
			}),
		);
	});

	it("ignores a ticket whose event has run, also when its place is used again", () => {
		const queue = new EventQueue();
		const ran: string[] = [];
		const old = queue.schedule(1, () => ran.push("first"));
		queue.runNext();
		queue.schedule(2, () => ran.push("second"));
		queue.cancel(old);
		queue.runNext();
		expect(ran).toEqual(["first", "second"]);
	});

	it("skips events of an era that is over", () => {
		const queue = new EventQueue();
		const era = { over: false };
		let ran = 0;
		queue.schedule(1, () => ran++, 0, era);
		queue.schedule(2, () => ran++);
		era.over = true;
		queue.runNext();
		queue.runNext();
		expect(ran).toBe(1);
	});
});
