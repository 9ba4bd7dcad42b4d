import { Serial, Status } from "@bodycam/protocol/board/records";
import { DmaRing } from "../bus/dma-ring.ts";
import { type Bus, inMedia, type Peripheral } from "../bus/peripheral.ts";
import type { BytePort } from "../ports/byte-port.ts";

/** Received bytes that wait outside the firmware's buffer before the other end is told to stop. */
const WAITING_BYTES = 65_536;

/** Most bytes of one RECEIVED record. */
const CHUNK_BYTES = 4096;

/** Serial ports, one per unit. */
export class SerialPeripheral implements Peripheral {
	readonly family = Serial.CONFIGURE >> 8;
	readonly #bus: Bus;
	readonly #lines: readonly SerialLine[];

	/** @param ports - the lines, in order of units */
	constructor(bus: Bus, ports: readonly BytePort[]) {
		this.#bus = bus;
		this.#lines = ports.map((port, unit) => new SerialLine(bus, unit, port));
	}

	receive(kind: number, unit: number, a: number, b: number, c: number, d: number): void {
		const line = this.#lines[unit];
		if (line) line.receive(kind, a, b, d);
		else if (kind === Serial.WRITE) this.#bus.post(Serial.WRITTEN, unit, Status.ok, 0, 0, d);
		else if (kind !== Serial.CONFIGURE)
			this.#bus.violation(`serial: unknown record ${kind.toString(16)} ${c}`);
	}

	boot(): void {
		for (const line of this.#lines) line.boot();
	}

	halt(): void {
		for (const line of this.#lines) line.halt();
	}

	close(): void {
		for (const line of this.#lines) line.close();
	}
}

class SerialLine {
	readonly #bus: Bus;
	readonly #unit: number;
	readonly #port: BytePort;
	readonly #ring = new DmaRing();
	#waiting: Uint8Array[] = [];
	#waitingBytes = 0;
	#paused = false;
	#carrier = false;
	#boots = 0;

	constructor(bus: Bus, unit: number, port: BytePort) {
		this.#bus = bus;
		this.#unit = unit;
		this.#port = port;
		port.connect({
			received: (bytes) => this.#received(bytes.slice()),
			carrier: (open) => bus.inject(() => this.#setCarrier(open)),
		});
	}

	receive(kind: number, a: number, b: number, d: number): void {
		switch (kind) {
			case Serial.CONFIGURE:
				if (!inMedia(this.#bus, "serial", a, b)) return;
				this.#ring.configure(a, b);
				if (this.#carrier) this.#bus.post(Serial.CARRIER, this.#unit, 1);
				this.#deliver();
				return;
			case Serial.RELEASE:
				if (!this.#ring.release(a, b))
					this.#bus.violation(`serial: ${b} bytes at ${a} released out of order`);
				this.#deliver();
				return;
			case Serial.WRITE:
				if (inMedia(this.#bus, "serial", a, b)) this.#write(a, b, d);
				return;
			default:
				this.#bus.violation(`serial: unknown record ${kind.toString(16)}`);
		}
	}

	boot(): void {
		this.#boots += 1;
	}

	/** A line has no memory: what came in while nobody listened is gone. */
	halt(): void {
		this.#boots += 1;
		this.#ring.forget();
		this.#waiting = [];
		this.#waitingBytes = 0;
		this.#resume();
	}

	close(): void {
		this.#port.close();
	}

	#write(at: number, length: number, tag: number): void {
		const boot = this.#boots;
		const bytes = this.#unit === 0 ? this.#bus.serialOut(at, length) : this.#bus.media.read(at, length);
		this.#port.write(bytes.slice(), () => {
			this.#bus.inject(() => {
				if (boot === this.#boots) this.#bus.post(Serial.WRITTEN, this.#unit, Status.ok, 0, 0, tag);
			});
		});
	}

	#received(bytes: Uint8Array): void {
		this.#bus.inject(() => {
			if (!this.#ring.configured) return;
			for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
				this.#waiting.push(bytes.subarray(at, Math.min(bytes.length, at + CHUNK_BYTES)));
			}
			this.#waitingBytes += bytes.length;
			this.#deliver();
			if (this.#waitingBytes > WAITING_BYTES && !this.#paused) {
				this.#paused = true;
				this.#port.pause(true);
			}
		});
	}

	#deliver(): void {
		for (let chunk = this.#waiting[0]; chunk; chunk = this.#waiting[0]) {
			const at = this.#ring.reserve(chunk.length);
			if (at < 0) return;
			if (this.#unit === 0) this.#bus.serialIn(at, chunk);
			else this.#bus.media.write(at, chunk);
			this.#bus.post(Serial.RECEIVED, this.#unit, at, chunk.length);
			this.#waiting.shift();
			this.#waitingBytes -= chunk.length;
		}
		this.#resume();
	}

	#resume(): void {
		if (!this.#paused || this.#waitingBytes > 0) return;
		this.#paused = false;
		this.#port.pause(false);
	}

	#setCarrier(open: boolean): void {
		if (open === this.#carrier) return;
		this.#carrier = open;
		this.#bus.post(Serial.CARRIER, this.#unit, open ? 1 : 0);
	}
}
