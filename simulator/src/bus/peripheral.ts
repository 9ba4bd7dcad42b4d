import type { MediaMemory } from "../machine/media-memory.ts";
import type { EventHandler } from "../world/event-queue.ts";
import type { RandomStream } from "../world/random.ts";

/** What a peripheral sees of the board it sits on. All times are board time: µs since power-on. */
export interface Bus {
	/** Board time, µs. */
	readonly now: number;
	/** World time, µs: it goes on while the board is off. */
	readonly worldNow: number;
	/** Media memory of the engine that runs now; another one after each boot. */
	readonly media: MediaMemory;
	/** Sends a record to the firmware. Without a running engine it is lost, as an interrupt would be. */
	post(
		kind: number,
		unit: number,
		a?: number,
		b?: number,
		c?: number,
		d?: number,
		e?: number,
		f?: number,
	): void;
	/** Bytes that arrive at serial port 0; the RECEIVED record that names the place `at` must follow. */
	serialIn(at: number, bytes: Uint8Array): void;
	/** The bytes of a WRITE record of serial port 0, valid while the record is handled. */
	serialOut(at: number, length: number): Uint8Array;
	/** Has `handler` called in `delay` µs, unless the engine stops before. Returns a ticket. */
	schedule(delay: number, handler: EventHandler, argument?: number): number;
	/** Has `handler` called in `delay` µs whatever happens to the engine: the world does not stop with it. */
	scheduleLasting(delay: number, handler: EventHandler, argument?: number): number;
	/** Forgets a scheduled call; harmless when it has run. */
	cancel(ticket: number): void;
	/** Lets something from outside happen now; every call from a port or a person goes through it. */
	inject(action: () => void): void;
	/** The named stream of random numbers of this board. */
	random(name: string): RandomStream;
	/** Reports firmware that breaks a peripheral's rules (real hardware would misbehave silently). */
	violation(message: string): void;
	/** Reports that this host could not keep what was written, e.g. because its disk is full. */
	hostFailure(what: string, error: unknown): void;
}

/** A peripheral: the board's side of one family of records in `protocol/src/board/records.ts`. */
export interface Peripheral {
	/** High byte of its records' kinds. */
	readonly family: number;
	/** Handles a record from the firmware. */
	receive(kind: number, unit: number, a: number, b: number, c: number, d: number, e: number, f: number): void;
	/** The firmware has just been sent BOOT: tell it what it must know. */
	boot?(): void;
	/** The engine is gone: forget its buffers and what it asked for. */
	halt(): void;
	/** Leaves nothing open. Idempotent. */
	close?(): void;
}

/** True when the range lies in media memory; else the violation is reported. */
export function inMedia(bus: Bus, what: string, at: number, length: number): boolean {
	if (at + length <= bus.media.length) return true;
	bus.violation(`${what}: ${length} bytes at ${at} leave media memory (${bus.media.length} bytes)`);
	return false;
}
