import { describe, expect, it } from "vitest";
import { type HostTimers, MAXIMUM_AHEAD, Pacer } from "./pacer.ts";
import { createRandomness } from "./random.ts";
import { World } from "./world.ts";

/** A host whose clock the test moves. */
class FakeHost implements HostTimers {
	#ms = 0;
	#pending: { at: number; callback: () => void } | undefined;
	/** What else the host does, between two turns of the pacer. */
	afterTurn: () => void = () => undefined;

	now(): number {
		return this.#ms;
	}

	later(ms: number, callback: () => void): () => void {
		const entry = { at: this.#ms + ms, callback };
		this.#pending = entry;
		return () => {
			if (this.#pending === entry) this.#pending = undefined;
		};
	}

	get waiting(): boolean {
		return this.#pending !== undefined;
	}

	/** Runs what is due now. */
	settle(): void {
		for (let due = this.#pending; due && due.at <= this.#ms; due = this.#pending) {
			this.#pending = undefined;
			due.callback();
			this.afterTurn();
		}
	}

	/** Moves the clock, in steps no coarser than the timers. */
	pass(ms: number): void {
		for (const end = this.#ms + ms; this.#ms < end; ) {
			this.#ms = Math.min(end, Math.max(this.#ms + 0.001, this.#pending?.at ?? end));
			this.settle();
		}
	}

	/** The host was busy elsewhere: the clock jumps. */
	jump(ms: number): void {
		this.#ms += ms;
		this.settle();
	}
}

function paced() {
	const world = new World(createRandomness(1));
	const host = new FakeHost();
	const errors: unknown[] = [];
	const pacer = new Pacer(world, (error) => errors.push(error), host);
	const ran: { world: number; host: number }[] = [];
	const note = () => ran.push({ world: world.now, host: host.now() * 1000 });
	host.settle();
	return { world, host, pacer, errors, ran, note };
}

describe("Pacer", () => {
	it("lets an event happen when the wall clock gets there", () => {
		const { world, host, ran, note } = paced();
		world.inject(() => world.schedule(40_000, note));
		host.pass(30);
		expect(ran).toEqual([]);
		host.pass(20);
		expect(ran.map((entry) => entry.world)).toEqual([40_000]);
		expect((ran[0]?.host ?? 0) - 40_000).toBeLessThan(1_500);
	});

	it("gives the host its turn every few milliseconds while it catches up", () => {
		const { world, host } = paced();
		let answered = Infinity;
		world.inject(() => {
			for (let index = 1; index <= 100; index++) world.schedule(index * 1000, () => undefined);
		});
		host.afterTurn = () => {
			if (answered !== Infinity || world.now < 5_000) return;
			world.inject(() => {
				answered = world.now;
			});
		};
		host.jump(100);
		expect(answered).toBeLessThan(15_000);
	});

	it("catches up after the host was late", () => {
		const { world, host, ran, note } = paced();
		world.inject(() => {
			for (let index = 1; index <= 50; index++) world.schedule(index * 20_000, note);
		});
		host.jump(1_000);
		host.pass(1);
		expect(ran.length).toBe(50);
	});

	it("runs a chain of short latencies at once after something came from outside, but not far ahead", () => {
		const { world, host, ran, note } = paced();
		host.pass(100);
		const chain = () => {
			note();
			world.schedule(500, chain);
		};
		world.inject(() => world.schedule(500, chain));
		host.settle();
		expect(ran.length).toBeGreaterThanOrEqual(9);
		for (const entry of ran) expect(entry.world - entry.host).toBeLessThanOrEqual(MAXIMUM_AHEAD);
	});

	it("lets what comes from outside happen at the wall clock's time", () => {
		const { world, host } = paced();
		host.pass(250);
		let at = 0;
		world.inject(() => {
			at = world.now;
		});
		expect(Math.abs(at - 250_000)).toBeLessThan(100);
	});

	it("stops and reports when an event throws", () => {
		const { world, host, errors } = paced();
		world.inject(() =>
			world.schedule(1_000, () => {
				throw new Error("broken");
			}),
		);
		host.pass(10);
		expect(errors).toEqual([new Error("broken")]);
		expect(host.waiting).toBe(false);
	});

	it("leaves no timer behind once stopped", () => {
		const { pacer, host } = paced();
		pacer.stop();
		expect(host.waiting).toBe(false);
	});
});
