import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { Fault, StopReason } from "@bodycam/protocol/camera/terms";

/** Faults with which nothing can be recorded, and the reason with which they end a recording. */
const BLOCKING: Partial<Readonly<Record<Fault, StopReason>>> = {
	"card-missing": "card-missing",
	"card-full": "card-full",
	"card-error": "card-error",
	"card-read-only": "card-error",
	"camera-fault": "camera-fault",
};

/** Options of `Faults`. */
export interface FaultsOptions {
	/** Takes the events of faults that come and go. */
	readonly emit: (event: CameraEventBody) => void;
	/** The set of faults changed. @param appeared - the one that came; undefined when one went */
	readonly onChange: (appeared: Fault | undefined) => void;
}

/** What is wrong with the camera now. */
export class Faults {
	private readonly options: FaultsOptions;
	private readonly present: Fault[] = [];

	/** @param options - see `FaultsOptions` */
	constructor(options: FaultsOptions) {
		this.options = options;
	}

	/** The faults present, in the order in which they came. */
	get active(): readonly Fault[] {
		return this.present;
	}

	/** Why nothing can be recorded; undefined when something can. */
	get obstacle(): StopReason | undefined {
		for (const fault of this.present) if (BLOCKING[fault] !== undefined) return BLOCKING[fault];
		return undefined;
	}

	/** Sets whether a fault is present. @param detail - more about it, for people */
	set(fault: Fault, active: boolean, detail?: string): void {
		const index = this.present.indexOf(fault);
		if (active === index >= 0) return;
		if (active) this.present.push(fault);
		else this.present.splice(index, 1);
		this.options.emit({ type: "fault", fault, active, detail });
		this.options.onChange(active ? fault : undefined);
	}
}
