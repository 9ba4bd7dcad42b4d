import { Clock } from "@bodycam/protocol/board/records";
import type { Bus, Peripheral } from "../bus/peripheral.ts";

/** Uncertainty of a clock that was just set, ms. */
const SET_UNCERTAINTY = 20;

/** Drift of the clock's crystal, parts per million. */
const DRIFT_PPM = 20;

/** What a clock that keeps running while the board is off remembers. Times in ms. */
export interface ClockSetting {
	/** Wall time it was set to, ms since 1970 UTC. */
	readonly wallMs: number;
	/** World time at that moment, by `WallReference`. */
	readonly referenceMs: number;
}

/** A time base that goes on while the board is off. */
export interface WallReference {
	/** Milliseconds; only differences count. */
	now(): number;
	/** Keeps the setting across restarts; undefined: it is unset. */
	save(setting: ClockSetting | undefined): void;
}

/** The battery-backed real-time clock. */
export class ClockPeripheral implements Peripheral {
	readonly family = Clock.TIME >> 8;
	readonly #bus: Bus;
	readonly #reference: WallReference;
	#setting: ClockSetting | undefined;
	/** Drift besides what its crystal is allowed, parts per million, and since when, by `WallReference`. */
	#drift = 0;
	#driftSince = 0;
	/** What it had drifted until then, ms. */
	#drifted = 0;

	/** @param setting - from an earlier run; undefined when the clock was never set */
	constructor(bus: Bus, reference: WallReference, setting?: ClockSetting) {
		this.#bus = bus;
		this.#reference = reference;
		this.#setting = setting;
	}

	/** Wall time in ms since 1970 UTC, undefined while unset. */
	get wallMs(): number | undefined {
		const setting = this.#setting;
		if (setting === undefined) return undefined;
		return Math.round(setting.wallMs + this.#reference.now() - setting.referenceMs + this.#offset());
	}

	/** Sets the clock from outside, as a wrong clock at delivery, and tells the firmware; undefined unsets it. */
	set(wallMs: number | undefined): void {
		this.#setting = wallMs === undefined ? undefined : { wallMs, referenceMs: this.#reference.now() };
		this.#drifted = 0;
		this.#driftSince = this.#reference.now();
		this.#reference.save(this.#setting);
		this.#tell();
	}

	/**
	 * Lets it run fast (or slow, below zero) from now on, in parts per million. The firmware is told at the next
	 * start, when it asks the clock; what it had drifted when this process ends is forgotten.
	 */
	drift(partsPerMillion: number): void {
		this.#drifted = this.#offset();
		this.#driftSince = this.#reference.now();
		this.#drift = partsPerMillion;
	}

	boot(): void {
		this.#tell();
	}

	receive(kind: number, _unit: number, a: number, b: number): void {
		if (kind !== Clock.SET) {
			this.#bus.violation(`clock: unknown record ${kind.toString(16)}`);
			return;
		}
		this.set(b * 2 ** 32 + a);
	}

	halt(): void {}

	#offset(): number {
		return this.#drifted + ((this.#reference.now() - this.#driftSince) * this.#drift) / 1e6;
	}

	#tell(): void {
		const wall = this.wallMs;
		if (wall === undefined || this.#setting === undefined) {
			this.#bus.post(Clock.TIME, 0, 0, 0, 0, 0);
			return;
		}
		const age = Math.max(0, wall - this.#setting.wallMs);
		const uncertainty = Math.min(0xffffffff, SET_UNCERTAINTY + Math.round((age * DRIFT_PPM) / 1e6));
		this.#bus.post(Clock.TIME, 0, wall % 2 ** 32, Math.floor(wall / 2 ** 32), uncertainty, 1);
	}
}
