import { Flash, Status } from "@bodycam/protocol/board/records";
import { type Bus, inMedia, type Peripheral } from "../bus/peripheral.ts";
import { ERASE_BYTES, type FlashSlots, SLOT_BYTES, SLOT_NAMES, WRITE_ALIGN } from "../storage/flash-slots.ts";

/** Time of any request before its first byte, µs. */
const LATENCY = 100;

/** Serial NOR flash: bytes read per µs, µs per byte written, µs per block erased. */
const READ_RATE = 25;
const WRITE_TIME = 2;
const ERASE_TIME = 45_000;

interface Request {
	readonly kind: number;
	readonly slot: number;
	readonly offset: number;
	readonly length: number;
	readonly at: number;
	readonly tag: number;
}

/** Flash with slots. A bit once cleared stays so until its block is erased. */
export class FlashPeripheral implements Peripheral {
	readonly family = Flash.READ >> 8;
	readonly #bus: Bus;
	readonly #slots: FlashSlots;
	readonly #complete = () => this.#completed();
	#queue: Request[] = [];

	constructor(bus: Bus, slots: FlashSlots) {
		this.#bus = bus;
		this.#slots = slots;
	}

	receive(kind: number, unit: number, a: number, b: number, c: number, d: number): void {
		if (kind < Flash.STATUS || kind > Flash.ERASE || kind === Flash.INFO) {
			this.#bus.violation(`flash: unknown record ${kind.toString(16)}`);
			return;
		}
		const moves = kind === Flash.READ || kind === Flash.WRITE;
		if (moves && !inMedia(this.#bus, "flash", c, b)) return;
		this.#queue.push({ kind, slot: unit, offset: a, length: b, at: c, tag: d });
		if (this.#queue.length === 1) this.#begin();
	}

	halt(): void {
		this.#queue = [];
	}

	#begin(): void {
		const request = this.#queue[0];
		if (request) this.#bus.schedule(LATENCY + duration(request), this.#complete);
	}

	#completed(): void {
		const request = this.#queue.shift();
		if (!request) return;
		const { kind, slot, tag } = request;
		if (kind === Flash.STATUS) {
			const size = slot < SLOT_NAMES.length ? SLOT_BYTES : 0;
			this.#bus.post(Flash.INFO, slot, size, ERASE_BYTES, WRITE_ALIGN, tag);
		} else {
			this.#bus.post(Flash.DONE, slot, this.#perform(request), 0, 0, tag);
		}
		this.#begin();
	}

	#perform({ kind, slot, offset, length, at }: Request): number {
		if (slot >= SLOT_NAMES.length || offset + length > SLOT_BYTES) return Status.outOfRange;
		const { media } = this.#bus;
		if (kind === Flash.READ) {
			media.write(at, this.#slots.slot(slot).subarray(offset, offset + length));
			return Status.ok;
		}
		const unit = kind === Flash.WRITE ? WRITE_ALIGN : ERASE_BYTES;
		if (offset % unit !== 0 || length % unit !== 0) return Status.outOfRange;
		try {
			this.#slots.change(slot, (bytes) => {
				if (kind === Flash.ERASE) bytes.fill(0xff, offset, offset + length);
				else clearBits(bytes, offset, media.read(at, length));
			});
			return Status.ok;
		} catch (error) {
			this.#bus.hostFailure("flash", error);
			return Status.ioError;
		}
	}
}

function clearBits(bytes: Uint8Array, offset: number, values: Uint8Array): void {
	for (let index = 0; index < values.length; index++) {
		bytes[offset + index] = (bytes[offset + index] ?? 0) & (values[index] ?? 0);
	}
}

function duration({ kind, length }: Request): number {
	if (kind === Flash.READ) return Math.ceil(length / READ_RATE);
	if (kind === Flash.WRITE) return length * WRITE_TIME;
	return kind === Flash.ERASE ? Math.ceil(length / ERASE_BYTES) * ERASE_TIME : 0;
}
