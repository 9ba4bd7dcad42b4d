import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { Battery } from "../hal/battery.ts";
import type { Faults } from "./faults.ts";

/** Minutes above the warning's limit at which the warning goes again. */
const MARGIN_MINUTES = 5;

/** Watches the battery: tells its changes, and warns while there is still time to act. */
export class BatteryKeeper {
	private readonly battery: Battery;
	private readonly warnAt: () => number;
	private readonly faults: Pick<Faults, "set">;
	private readonly emit: (event: CameraEventBody) => void;
	private low = false;
	private told = "";

	/** @param options - the battery, the minutes of recording left that warn now, the faults, and what takes events */
	constructor(options: {
		readonly battery: Battery;
		readonly warnAtMinutes: () => number;
		readonly faults: Pick<Faults, "set">;
		readonly emit: (event: CameraEventBody) => void;
	}) {
		this.battery = options.battery;
		this.warnAt = options.warnAtMinutes;
		this.faults = options.faults;
		this.emit = options.emit;
	}

	/** A reading is there. */
	read(): void {
		const reading = this.battery.read();
		if (reading === undefined) return;
		const { percent, charging, minutesLeft } = reading;
		const summary = `${percent} ${charging}`;
		if (summary !== this.told) this.emit({ type: "battery", percent, charging, minutesLeft });
		this.told = summary;
		const warnAt = this.warnAt();
		const limit = this.low ? warnAt + MARGIN_MINUTES : warnAt;
		this.low = !charging && minutesLeft <= limit;
		this.faults.set(
			"battery-low",
			this.low,
			this.low ? `${minutesLeft} minutes of recording left` : undefined,
		);
	}
}
