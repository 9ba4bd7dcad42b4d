import { Display } from "@bodycam/protocol/board/records";
import { type Bus, inMedia, type Peripheral } from "../bus/peripheral.ts";

/** Time the display's controller takes for a text, µs. */
const TRANSFER_TIME = 2_000;

/** The front display: text in lines. */
export class DisplayPeripheral implements Peripheral {
	readonly family = Display.SHOW >> 8;
	readonly #bus: Bus;
	readonly #onChange: (text: string) => void;
	readonly #decoder = new TextDecoder();
	readonly #done = (tag: number) => this.#bus.post(Display.DONE, 0, 0, 0, 0, tag);
	#text = "";

	constructor(bus: Bus, onChange: (text: string) => void) {
		this.#bus = bus;
		this.#onChange = onChange;
	}

	/** What it shows, lines separated by LF. */
	get text(): string {
		return this.#text;
	}

	receive(kind: number, _unit: number, a: number, b: number, _c: number, d: number): void {
		if (kind !== Display.SHOW) {
			this.#bus.violation(`display: unknown record ${kind.toString(16)}`);
			return;
		}
		if (inMedia(this.#bus, "display", a, b)) {
			this.#text = this.#decoder.decode(this.#bus.media.read(a, b));
			this.#onChange(this.#text);
		}
		this.#bus.schedule(TRANSFER_TIME, this.#done, d);
	}

	halt(): void {
		this.#text = "";
	}
}
