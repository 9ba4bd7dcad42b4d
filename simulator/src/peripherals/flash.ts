import {
	FLASH_AREAS,
	FLASH_BLOCK_BYTES,
	FLASH_SECTOR_BYTES,
	FLASH_WRITE_BYTES,
} from "@bodycam/protocol/board/flash-layout";
import { Flash, Status } from "@bodycam/protocol/board/records";
import { type Bus, inMedia, type Peripheral } from "../bus/peripheral.ts";
import { eraseSteps, type FlashChange, type FlashMemory, FlashRuleError } from "../storage/flash-memory.ts";
import type { CutMode } from "../storage/write-cache.ts";

/** Time of any request before its first byte, µs. */
const LATENCY = 100;

/** Serial NOR flash (typical of 64 Mbit parts): bytes read per µs, µs per byte written, µs per sector and per block erased. */
const READ_RATE = 25;
const WRITE_TIME = 2;
const SECTOR_ERASE_TIME = 45_000;
const BLOCK_ERASE_TIME = 150_000;

interface Request {
	readonly kind: number;
	readonly unit: number;
	readonly offset: number;
	readonly length: number;
	readonly at: number;
	readonly tag: number;
	/** Undefined of what only reads. */
	readonly change: FlashChange | undefined;
}

/** The flash: one request after the other. */
export class FlashPeripheral implements Peripheral {
	readonly family = Flash.READ >> 8;
	/** Told of every change before it begins. */
	onChange: ((change: FlashChange) => void) | undefined;
	readonly #bus: Bus;
	readonly #memory: FlashMemory;
	readonly #complete = () => this.#completed();
	#queue: Request[] = [];
	#begun = 0;

	constructor(bus: Bus, memory: FlashMemory) {
		this.#bus = bus;
		this.#memory = memory;
	}

	receive(kind: number, unit: number, a: number, b: number, c: number, d: number): void {
		if (kind < Flash.STATUS || kind > Flash.ERASE || kind === Flash.INFO) {
			this.#bus.violation(`flash: unknown record ${kind.toString(16)}`);
			return;
		}
		const moves = kind === Flash.READ || kind === Flash.WRITE;
		if (moves && !inMedia(this.#bus, "flash", c, b)) return;
		const change = this.#changeOf(kind, unit, a, b, c);
		this.#queue.push({ kind, unit, offset: a, length: b, at: c, tag: d, change });
		if (this.#queue.length === 1) this.#begin();
	}

	/** The chip ends what it has begun, whatever becomes of the engine. */
	halt(): void {
		const under = this.#queue[0]?.change;
		this.#queue = [];
		if (under !== undefined) this.#change(() => this.#memory.apply(under));
	}

	/** The power goes. @param mode - what becomes of the change under way: done, not done, or as far as it has come */
	powerLost(mode: CutMode): void {
		const [request] = this.#queue;
		const under = request?.change;
		if (mode === "keep" || under === undefined || request === undefined) return;
		this.#queue = [];
		if (mode === "lose") return;
		const progress = Math.min(1, (this.#bus.now - this.#begun) / duration(request));
		this.#change(() => this.#memory.tear(under, progress, this.#bus.random("flash")));
	}

	#changeOf(kind: number, unit: number, offset: number, length: number, at: number): FlashChange | undefined {
		if (kind === Flash.ERASE) return { kind: "erase", unit, offset, length };
		if (kind !== Flash.WRITE) return undefined;
		return { kind: "write", unit, offset, bytes: this.#bus.media.read(at, length).slice() };
	}

	#begin(): void {
		const request = this.#queue[0];
		if (!request) return;
		this.#begun = this.#bus.now;
		if (request.change !== undefined) this.onChange?.(request.change);
		this.#bus.schedule(duration(request), this.#complete);
	}

	#completed(): void {
		const request = this.#queue.shift();
		if (!request) return;
		const { kind, unit, tag } = request;
		if (kind === Flash.STATUS) {
			const size = FLASH_AREAS[unit]?.bytes ?? 0;
			this.#bus.post(Flash.INFO, unit, size, FLASH_SECTOR_BYTES, FLASH_WRITE_BYTES, tag);
		} else {
			this.#bus.post(Flash.DONE, unit, this.#perform(request), 0, 0, tag);
		}
		this.#begin();
	}

	#perform({ change, unit, offset, length, at }: Request): number {
		if (change !== undefined) return this.#change(() => this.#memory.apply(change));
		const area = this.#memory.area(unit);
		if (offset + length > area.length) return Status.outOfRange;
		this.#bus.media.write(at, area.subarray(offset, offset + length));
		return Status.ok;
	}

	#change(action: () => void): number {
		try {
			action();
			return Status.ok;
		} catch (error) {
			if (error instanceof FlashRuleError) return Status.outOfRange;
			this.#bus.hostFailure("flash", error);
			return Status.ioError;
		}
	}
}

/** Time of a request, µs. */
function duration({ kind, offset, length }: Request): number {
	if (kind === Flash.READ) return LATENCY + Math.ceil(length / READ_RATE);
	if (kind === Flash.WRITE) return LATENCY + length * WRITE_TIME;
	if (kind !== Flash.ERASE) return LATENCY;
	return eraseSteps(offset, length).reduce(
		(time, step) => time + (step.length === FLASH_BLOCK_BYTES ? BLOCK_ERASE_TIME : SECTOR_ERASE_TIME),
		LATENCY,
	);
}
