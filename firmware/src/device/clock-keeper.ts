import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { RealTimeClock } from "../hal/real-time-clock.ts";
import type { Faults } from "./faults.ts";

/** Difference that counts as a correction of the clock, ms; less is rounding. */
const CORRECTION = 2;

/** Watches the wall clock: tells when it was set, with what it said before, and that it is unset. */
export class ClockKeeper {
	private readonly clock: RealTimeClock;
	private readonly now: () => number;
	private readonly faults: Pick<Faults, "set">;
	private readonly emit: (event: CameraEventBody) => void;
	/** Wall clock at monotonic time 0, ms; undefined while unset. */
	private origin: number | undefined;
	private known = false;

	/** @param options - the clock, the monotonic clock (µs), the faults, and what takes events */
	constructor(options: {
		readonly clock: RealTimeClock;
		readonly now: () => number;
		readonly faults: Pick<Faults, "set">;
		readonly emit: (event: CameraEventBody) => void;
	}) {
		this.clock = options.clock;
		this.now = options.now;
		this.faults = options.faults;
		this.emit = options.emit;
	}

	/** The clock told its time. */
	told(): void {
		const monotonic = this.now() / 1000;
		const { time, uncertainty } = this.clock;
		const origin = time === undefined ? undefined : time - monotonic;
		const before = this.origin;
		const corrected =
			origin !== undefined && (before === undefined || Math.abs(origin - before) > CORRECTION);
		if (this.known && corrected) {
			const previousMs = before === undefined ? undefined : Math.round(before + monotonic);
			const offsetMs = before === undefined ? undefined : Math.round(origin - before);
			this.emit({ type: "clock-set", previousMs, offsetMs, uncertaintyMs: uncertainty });
		}
		this.origin = origin;
		this.known = true;
		this.faults.set("clock-unset", origin === undefined);
	}
}
