import { KeyValue, Status } from "@bodycam/protocol/board/records";
import { type Bus, inMedia, type Peripheral } from "../bus/peripheral.ts";
import type { ValueStore } from "../storage/value-store.ts";

/** Time to read and to write a value, µs. */
const GET_TIME = 200;
const PUT_TIME = 4_000;

/** Small persistent values by name. A change is whole or not there at all after a power cut. */
export class KeyValuePeripheral implements Peripheral {
	readonly family = KeyValue.GET >> 8;
	readonly #bus: Bus;
	readonly #store: ValueStore;
	readonly #decoder = new TextDecoder();

	constructor(bus: Bus, store: ValueStore) {
		this.#bus = bus;
		this.#store = store;
	}

	receive(
		kind: number,
		_unit: number,
		a: number,
		b: number,
		c: number,
		d: number,
		e: number,
		f: number,
	): void {
		if (kind !== KeyValue.GET && kind !== KeyValue.PUT) {
			this.#bus.violation(`key-value: unknown record ${kind.toString(16)}`);
			return;
		}
		const length = kind === KeyValue.GET ? f : e;
		if (!inMedia(this.#bus, "key-value", a, b) || !inMedia(this.#bus, "key-value", c, length)) return;
		const key = this.#decoder.decode(this.#bus.media.read(a, b));
		if (kind === KeyValue.GET) this.#bus.schedule(GET_TIME, () => this.#get(key, c, f, d));
		else this.#bus.schedule(PUT_TIME, () => this.#put(key, c, e, d));
	}

	halt(): void {}

	#get(key: string, at: number, capacity: number, tag: number): void {
		const value = this.#store.get(key);
		const status = value ? (value.length > capacity ? Status.outOfRange : Status.ok) : Status.noEntry;
		if (value && status === Status.ok) this.#bus.media.write(at, value);
		this.#bus.post(KeyValue.DONE, 0, status, value?.length ?? 0, 0, tag);
	}

	#put(key: string, at: number, length: number, tag: number): void {
		const value = this.#bus.media.read(at, length).slice();
		this.#bus.post(KeyValue.DONE, 0, this.#keep(key, value), length, 0, tag);
	}

	#keep(key: string, value: Uint8Array): number {
		if (value.length === 0 && this.#store.get(key) === undefined) return Status.noEntry;
		try {
			this.#store.set(key, value);
			return Status.ok;
		} catch (error) {
			this.#bus.hostFailure("key-value file", error);
			return Status.ioError;
		}
	}
}
