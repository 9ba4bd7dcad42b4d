import { Haptic } from "@bodycam/protocol/board/records";
import type { Bus, Peripheral } from "../bus/peripheral.ts";

/** What the wearer felt. */
export interface HapticPulse {
	/** Board time, µs. */
	readonly time: number;
	/** Length of a pulse, ms. */
	readonly onMs: number;
	/** Pause between pulses, ms. */
	readonly offMs: number;
	/** How many. */
	readonly pulses: number;
}

/** The vibration motor. */
export class HapticPeripheral implements Peripheral {
	readonly family = Haptic.PULSE >> 8;
	readonly #bus: Bus;
	readonly #onPulse: (pulse: HapticPulse) => void;

	constructor(bus: Bus, onPulse: (pulse: HapticPulse) => void) {
		this.#bus = bus;
		this.#onPulse = onPulse;
	}

	receive(kind: number, _unit: number, a: number, b: number, c: number): void {
		if (kind !== Haptic.PULSE) {
			this.#bus.violation(`haptic: unknown record ${kind.toString(16)}`);
			return;
		}
		this.#onPulse({ time: this.#bus.now, onMs: a, offMs: b, pulses: c });
	}

	halt(): void {}
}
