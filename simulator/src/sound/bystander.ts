import type { Bus } from "../bus/peripheral.ts";
import type { NearbySound } from "./nearby.ts";
import { mixed, type PcmSource, SAMPLE_RATE, samplesIn } from "./pcm.ts";

/** How long sound that has ended can still be part of a packet that the microphone is collecting, µs. */
const MEMORY = 400_000;

/** What somebody says. Times in µs of world time. */
interface Speech {
	readonly start: number;
	readonly end: number;
	readonly source: PcmSource;
}

/** Somebody in front of the camera who speaks, whatever the camera does: without power it just hears nothing. */
export class Bystander implements NearbySound {
	readonly #bus: Pick<Bus, "now" | "worldNow">;
	#speeches: readonly Speech[] = [];

	/** @param bus - of the camera that hears it */
	constructor(bus: Pick<Bus, "now" | "worldNow">) {
		this.#bus = bus;
	}

	/** Says something from now on. @returns how long it takes, µs */
	say(source: PcmSource): number {
		const start = this.#bus.worldNow;
		const duration = Math.ceil((source.length * 1e6) / SAMPLE_RATE);
		this.#speeches = this.#speeches.filter(({ end }) => end > start - MEMORY);
		this.#speeches = [...this.#speeches, { start, end: start + duration, source }];
		return duration;
	}

	soundsBetween(from: number, to: number): boolean {
		const shift = this.#bus.worldNow - this.#bus.now;
		return this.#speeches.some(({ end, start }) => start < to + shift && end > from + shift);
	}

	mixInto(from: number, into: Int16Array): void {
		const time = from + this.#bus.worldNow - this.#bus.now;
		for (const { source, start } of this.#speeches) {
			const offset = samplesIn(time - start);
			const first = Math.max(0, -offset);
			const last = Math.min(into.length, source.length - offset);
			if (first >= last) continue;
			const part = new Int16Array(last - first);
			source.read(offset + first, part);
			for (let index = first; index < last; index++)
				into[index] = mixed(into[index] ?? 0, part[index - first] ?? 0);
		}
	}
}
