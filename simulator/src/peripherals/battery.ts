import { Battery } from "@bodycam/protocol/board/records";
import type { Bus, Peripheral } from "../bus/peripheral.ts";

/** Minutes of recording a full battery gives. */
const FULL_MINUTES = 14 * 60;

/** Terminal voltage of an empty and of a full lithium cell, mV. */
const EMPTY_MILLIVOLT = 3300;
const FULL_MILLIVOLT = 4200;

/** The battery gauge. The level is what the world says; it does not fall by itself. */
export class BatteryPeripheral implements Peripheral {
	readonly family = Battery.LEVEL >> 8;
	readonly #bus: Bus;
	#percent: number;
	#charging = false;

	/** @param percent - level at the start, 0 to 100 */
	constructor(bus: Bus, percent = 100) {
		this.#bus = bus;
		this.#percent = percent;
	}

	/** Level in percent. */
	get percent(): number {
		return this.#percent;
	}

	/** Whether it is on the charger. */
	get charging(): boolean {
		return this.#charging;
	}

	boot(): void {
		this.#tell();
	}

	/** Sets the level (0 to 100) and whether it is charging, and tells the firmware. */
	set(percent: number, charging: boolean): void {
		this.#percent = Math.min(100, Math.max(0, Math.round(percent)));
		this.#charging = charging;
		this.#tell();
	}

	receive(kind: number): void {
		this.#bus.violation(`battery: unknown record ${kind.toString(16)}`);
	}

	halt(): void {}

	#tell(): void {
		const share = this.#percent / 100;
		const millivolt = Math.round(EMPTY_MILLIVOLT + (FULL_MILLIVOLT - EMPTY_MILLIVOLT) * share);
		const minutes = Math.round(FULL_MINUTES * share);
		this.#bus.post(Battery.LEVEL, 0, this.#percent, millivolt, this.#charging ? 1 : 0, minutes);
	}
}
