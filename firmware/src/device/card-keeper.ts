import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { Fault } from "@bodycam/protocol/camera/terms";
import type { CardFault, StoreStatus } from "../storage/store-interface.ts";
import type { Faults } from "./faults.ts";

/** The camera's fault for each fault of the card. */
export const FAULT_OF_CARD: Readonly<Record<CardFault, Fault>> = {
	absent: "card-missing",
	"read-only": "card-read-only",
	full: "card-full",
	"write-error": "card-error",
	"read-error": "card-error",
	stalled: "card-stalled",
	"unknown-format": "card-error",
};

const DETAIL: Partial<Readonly<Record<CardFault, string>>> = {
	"write-error": "the card cannot be written",
	"read-error": "the card cannot be read",
	"unknown-format": "the card holds something else and has to be formatted",
};

const CARD_FAULTS: readonly Fault[] = [
	"card-missing",
	"card-read-only",
	"card-full",
	"card-error",
	"card-stalled",
];

/** Watches the card: keeps the faults in step with the store, and tells when a card comes or goes. */
export class CardKeeper {
	private readonly faults: Pick<Faults, "set">;
	private readonly emit: (event: CameraEventBody) => void;
	private present = false;
	/** Recordings on the card that cannot be read. */
	private readonly damagedRecordings = new Set<number>();
	/** The fault kept now. */
	private kept: Fault | undefined;

	/** @param options - the faults, and what takes events */
	constructor(options: {
		readonly faults: Pick<Faults, "set">;
		readonly emit: (event: CameraEventBody) => void;
	}) {
		this.faults = options.faults;
		this.emit = options.emit;
	}

	/** A recording cannot be read, or not as it was written. Others can be made meanwhile. */
	damaged(recording: number): void {
		if (this.damagedRecordings.has(recording)) return;
		const first = this.damagedRecordings.size === 0;
		this.damagedRecordings.add(recording);
		const detail = `recording ${recording} cannot be read`;
		if (first) this.faults.set("recording-damaged", true, detail);
		else this.emit({ type: "fault", fault: "recording-damaged", active: true, detail });
	}

	/** The store's condition may have changed. */
	changed(status: StoreStatus): void {
		if (status.state === "mounting") return;
		const present = status.state !== "absent";
		if (present !== this.present) {
			this.present = present;
			this.damagedRecordings.clear();
			this.faults.set("recording-damaged", false);
			const { cardBytes: bytes, freeBytes } = status;
			this.emit({ type: "card", state: present ? "inserted" : "removed", bytes, freeBytes });
		}
		const cause = status.state === "absent" ? "absent" : status.fault;
		// A card that failed has to prove itself by closing what it cut off before it counts as good again.
		if (cause === undefined && status.recovering && this.kept === "card-error") return;
		const fault = cause === undefined ? undefined : FAULT_OF_CARD[cause];
		for (const other of CARD_FAULTS) if (other !== fault) this.faults.set(other, false);
		if (fault !== undefined) this.faults.set(fault, true, cause === undefined ? undefined : DETAIL[cause]);
		this.kept = fault;
	}
}
