import { Button } from "@bodycam/protocol/board/records";
import type { Bus, Peripheral } from "../bus/peripheral.ts";

/** Units of the two buttons. */
export const ButtonUnit = { event: 0, function: 1 } as const;

/** One of the two buttons. */
export type ButtonName = keyof typeof ButtonUnit;

/** Edges of a contact that bounces, ms after the first one: what a worn switch does. */
const BOUNCES = [1, 2, 4, 5];

/** Two push buttons: raw edges, as the contacts give them. */
export class ButtonsPeripheral implements Peripheral {
	readonly family = Button.EDGE >> 8;
	readonly #bus: Bus;

	constructor(bus: Bus) {
		this.#bus = bus;
	}

	receive(kind: number): void {
		this.#bus.violation(`buttons: unknown record ${kind.toString(16)}`);
	}

	halt(): void {}

	/** Sends one edge now. */
	edge(button: ButtonName, pressed: boolean): void {
		this.#bus.post(Button.EDGE, ButtonUnit[button], pressed ? 1 : 0);
	}

	/** Presses after `delayMs` and releases `heldMs` later; with `bounce` the contact chatters on both edges. */
	press(button: ButtonName, delayMs: number, heldMs: number, bounce = false): void {
		this.#change(button, delayMs, true, bounce);
		this.#change(button, delayMs + heldMs, false, bounce);
	}

	#change(button: ButtonName, atMs: number, pressed: boolean, bounce: boolean): void {
		this.#bus.scheduleLasting(atMs * 1000, () => this.edge(button, pressed));
		if (!bounce) return;
		BOUNCES.forEach((ms, index) => {
			const level = index % 2 === 1 ? pressed : !pressed;
			this.#bus.scheduleLasting((atMs + ms) * 1000, () => this.edge(button, level));
		});
	}
}
