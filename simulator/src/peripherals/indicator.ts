import { Indicator } from "@bodycam/protocol/board/records";
import type { Bus, Peripheral } from "../bus/peripheral.ts";

/** What one light shows. */
export interface LightState {
	/** 0xRRGGBB, 0 is off. */
	readonly colour: number;
	/** Time on in ms; with `offMs` 0 it is steady. */
	readonly onMs: number;
	/** Time off in ms. */
	readonly offMs: number;
}

const DARK: LightState = { colour: 0, onMs: 0, offMs: 0 };

/** The indicator lights: unit 0 faces the public, unit 1 the wearer. */
export class IndicatorPeripheral implements Peripheral {
	readonly family = Indicator.SET >> 8;
	readonly #bus: Bus;
	readonly #onChange: (unit: number, state: LightState) => void;
	#lights: LightState[] = [DARK, DARK];

	constructor(bus: Bus, onChange: (unit: number, state: LightState) => void) {
		this.#bus = bus;
		this.#onChange = onChange;
	}

	/** What the light of that unit shows. */
	state(unit: number): LightState {
		return this.#lights[unit] ?? DARK;
	}

	receive(kind: number, unit: number, a: number, b: number, c: number): void {
		if (kind !== Indicator.SET || unit >= this.#lights.length) {
			this.#bus.violation(`indicator: unknown record ${kind.toString(16)} for light ${unit}`);
			return;
		}
		const state = { colour: a, onMs: b, offMs: c };
		this.#lights[unit] = state;
		this.#onChange(unit, state);
	}

	halt(): void {
		this.#lights = [DARK, DARK];
	}
}
