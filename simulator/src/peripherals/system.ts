import { RETAINED_BYTES, System } from "@bodycam/protocol/board/records";
import { type Bus, inMedia, type Peripheral } from "../bus/peripheral.ts";

/** Time the board's generator takes for a request, µs. */
const ENTROPY_TIME = 50;

/** Levels of log text, by their number in LOG. */
export type LogLevel = "debug" | "info" | "warning" | "error";

const LEVELS: readonly LogLevel[] = ["debug", "info", "warning", "error"];

/** What the system peripheral tells the board. */
export interface SystemEvents {
	/** The firmware asked to be restarted. @param reason - a `ResetReason` */
	onResetRequested(reason: number): void;
	/** The firmware did not feed the watchdog in time. */
	onWatchdog(): void;
	/** The boot stage asks to have the firmware in an image slot started. @param decision - CBOR */
	onStart(slot: number, offset: number, length: number, decision: Uint8Array): void;
	/** Bytes are to be kept over resets. */
	onRetain(bytes: Uint8Array): void;
	/** A line of log text. */
	onLog(level: LogLevel, text: string): void;
}

/** The board itself: one-shot timer, reset, log console, watchdog, entropy. */
export class SystemPeripheral implements Peripheral {
	readonly family = System.BOOT >> 8;
	readonly #bus: Bus;
	readonly #events: SystemEvents;
	readonly #fireTimer = () => this.#timerFired();
	readonly #watch = () => this.#checkWatchdog();
	readonly #decoder = new TextDecoder();
	#timer = 0;
	#deadline = Infinity;
	#watchTicket = 0;

	constructor(bus: Bus, events: SystemEvents) {
		this.#bus = bus;
		this.#events = events;
	}

	receive(kind: number, unit: number, a: number, b: number, c: number, d: number, e: number): void {
		switch (kind) {
			case System.TIMER_SET:
				this.#bus.cancel(this.#timer);
				this.#timer = this.#bus.schedule(Math.max(1, a), this.#fireTimer);
				return;
			case System.WATCHDOG_FEED:
				this.#feed(a);
				return;
			case System.LOG:
				if (inMedia(this.#bus, "log", a, b)) {
					const text = this.#decoder.decode(this.#bus.media.read(a, b));
					this.#events.onLog(LEVELS[c] ?? "error", text);
				}
				this.#bus.post(System.LOG_TAKEN, unit, a, b);
				return;
			case System.ENTROPY:
				if (inMedia(this.#bus, "entropy", a, b)) {
					const bytes = new Uint8Array(b);
					this.#bus.random("entropy").fill(bytes);
					this.#bus.media.write(a, bytes);
				}
				this.#bus.schedule(ENTROPY_TIME, this.#entropyDone, d);
				return;
			case System.RESET:
				this.#events.onResetRequested(a);
				return;
			case System.START:
				if (inMedia(this.#bus, "start", d, e))
					this.#events.onStart(a, b, c, this.#bus.media.read(d, e).slice());
				return;
			case System.RETAIN:
				if (b > RETAINED_BYTES) this.#bus.violation(`${b} bytes cannot be kept, ${RETAINED_BYTES} can`);
				else if (inMedia(this.#bus, "retain", a, b))
					this.#events.onRetain(this.#bus.media.read(a, b).slice());
				return;
			default:
				this.#bus.violation(`system: unknown record ${kind.toString(16)}`);
		}
	}

	halt(): void {
		this.#bus.cancel(this.#timer);
		this.#bus.cancel(this.#watchTicket);
		this.#timer = 0;
		this.#watchTicket = 0;
		this.#deadline = Infinity;
	}

	readonly #entropyDone = (tag: number): void => this.#bus.post(System.ENTROPY_DONE, 0, 0, 0, 0, tag);

	#timerFired(): void {
		this.#timer = 0;
		this.#bus.post(System.TIMER, 0);
	}

	/** One event per time-out, however often the firmware feeds. */
	#feed(timeoutMs: number): void {
		this.#deadline = timeoutMs === 0 ? Infinity : this.#bus.now + timeoutMs * 1000;
		if (this.#watchTicket === 0 && timeoutMs > 0) {
			this.#watchTicket = this.#bus.schedule(timeoutMs * 1000, this.#watch);
		}
	}

	#checkWatchdog(): void {
		this.#watchTicket = 0;
		if (this.#deadline === Infinity) return;
		if (this.#bus.now >= this.#deadline) {
			this.#events.onWatchdog();
			return;
		}
		this.#watchTicket = this.#bus.schedule(this.#deadline - this.#bus.now, this.#watch);
	}
}
