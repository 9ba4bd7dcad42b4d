import type { Bus } from "../bus/peripheral.ts";
import { LocalMediaMemory, type MediaMemory } from "../machine/media-memory.ts";
import type { Era, EventHandler } from "../world/event-queue.ts";
import { createRandomness, type RandomStream } from "../world/random.ts";
import { World } from "../world/world.ts";

/** A record a peripheral has sent. */
export interface SentRecord {
	/** Board time, µs. */
	readonly time: number;
	/** Kind of the record. */
	readonly kind: number;
	/** Unit. */
	readonly unit: number;
	/** Arguments a to f. */
	readonly a: number;
	readonly b: number;
	readonly c: number;
	readonly d: number;
	readonly e: number;
	readonly f: number;
}

/** A bus without an engine, to test one peripheral alone: keeps what it sends. */
export class FakeBus implements Bus {
	/** The world it is in. */
	readonly world: World;
	/** Media memory, as a peripheral sees it. */
	readonly media: MediaMemory;
	/** Media memory itself. */
	readonly memory: Uint8Array;
	/** What was sent, oldest first. */
	readonly sent: SentRecord[] = [];
	/** Rules that were broken. */
	readonly violations: string[] = [];
	/** What the host could not keep. */
	readonly hostFailures: string[] = [];
	readonly #streams = new Map<string, RandomStream>();
	#era: Era = { over: false };

	/** @param mediaBytes - size of media memory */
	constructor(mediaBytes = 65_536, seed = 1) {
		this.world = new World(createRandomness(seed));
		this.memory = new Uint8Array(mediaBytes);
		this.media = new LocalMediaMemory(this.memory);
	}

	get now(): number {
		return this.world.now;
	}

	get worldNow(): number {
		return this.world.now;
	}

	post(kind: number, unit: number, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0): void {
		this.sent.push({ time: this.now, kind, unit, a, b, c, d, e, f });
	}

	serialIn(at: number, bytes: Uint8Array): void {
		this.media.write(at, bytes);
	}

	serialOut(at: number, length: number): Uint8Array {
		return this.media.read(at, length);
	}

	schedule(delay: number, handler: EventHandler, argument = 0): number {
		return this.world.schedule(delay, handler, argument, this.#era);
	}

	scheduleLasting(delay: number, handler: EventHandler, argument = 0): number {
		return this.world.schedule(delay, handler, argument);
	}

	cancel(ticket: number): void {
		this.world.cancel(ticket);
	}

	inject(action: () => void): void {
		this.world.inject(action);
	}

	random(name: string): RandomStream {
		const known = this.#streams.get(name) ?? this.world.random.stream(name);
		this.#streams.set(name, known);
		return known;
	}

	violation(message: string): void {
		this.violations.push(message);
	}

	hostFailure(what: string, error: unknown): void {
		this.hostFailures.push(`${what}: ${String(error)}`);
	}

	/** The engine stops: nothing that was scheduled happens. */
	stopEngine(): void {
		this.#era.over = true;
		this.#era = { over: false };
	}

	/** Lets so many milliseconds pass. */
	advance(ms: number): void {
		this.world.advanceTo(this.world.now + ms * 1000);
	}

	/** Records of one kind that were sent. */
	ofKind(kind: number): SentRecord[] {
		return this.sent.filter((record) => record.kind === kind);
	}
}
