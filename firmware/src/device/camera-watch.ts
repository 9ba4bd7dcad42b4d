import type { Timer, Timers } from "../hal/timers.ts";
import type { Faults } from "./faults.ts";

/** Time after which a camera that failed is tried again, µs. */
const RETRY = 5_000_000;

/** Keeps the fault of the camera, and lets it be tried again after a while. */
export class CameraWatch {
	private readonly faults: Pick<Faults, "set">;
	private readonly timer: Timer;

	/** @param options - clock and timers, and the faults */
	constructor(options: { readonly timers: Timers; readonly faults: Pick<Faults, "set"> }) {
		this.faults = options.faults;
		this.timer = options.timers.create(() => this.faults.set("camera-fault", false));
	}

	/** The camera failed. @param code - what it says of it */
	failed(code: number): void {
		this.faults.set("camera-fault", true, `code ${code}`);
		this.timer.start(RETRY);
	}
}
