import type { Timer, Timers } from "../hal/timers.ts";
import type { RecorderStatus } from "../recorder/recorder-interface.ts";
import type { Faults } from "./faults.ts";

/** Time after which a camera that failed is tried again, µs. */
const RETRY = 5_000_000;

/** Keeps the fault of the camera, and lets it be tried again after a while. */
export class CameraWatch {
	private readonly faults: Pick<Faults, "set" | "active">;
	private readonly timer: Timer;

	/** @param options - clock and timers, and the faults */
	constructor(options: { readonly timers: Timers; readonly faults: Pick<Faults, "set" | "active"> }) {
		this.faults = options.faults;
		this.timer = options.timers.create(() => this.faults.set("camera-fault", false));
	}

	/** The camera failed. @param code - what it says of it */
	failed(code: number): void {
		this.faults.set("camera-fault", true, `code ${code}`);
		this.timer.start(RETRY);
	}

	/**
	 * Whether the camera has been seen to work: it has no fault, and while it pre-records there are pictures. Where
	 * nothing is to be captured it is not switched on for that.
	 */
	works({ state, preRecord }: Pick<RecorderStatus, "state" | "preRecord">): boolean {
		if (this.faults.active.includes("camera-fault")) return false;
		return state !== "armed" || preRecord.configuredMs === 0 || preRecord.heldMs > 0;
	}
}
