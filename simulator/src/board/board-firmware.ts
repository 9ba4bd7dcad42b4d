/** The firmware of a board. */
export type BoardFirmware = StagedFirmware | BareFirmware;

/** A boot stage, which chooses among the images in the flash. */
export interface StagedFirmware {
	/** The boot stage: what the board has in its read-only memory. */
	readonly bootStage: Uint8Array;
	/** Public keys in the one-time-programmable memory: whose images may run. */
	readonly keys: readonly Uint8Array[];
	/** Those of them that are for development only. */
	readonly developmentKeys?: readonly Uint8Array[];
	/** Maps stacks of the boot stage to its sources. */
	readonly mapStack?: (stack: string) => string;
}

/** An artefact that a debugger puts straight into the engine, with nothing before it. */
export interface BareFirmware {
	readonly artefact: Uint8Array;
}

/** The image that a boot stage wants to have started. */
export interface StartRequest {
	/** Image slot, 0 or 1. */
	readonly slot: number;
	/** Of the firmware in the slot, bytes. */
	readonly offset: number;
	readonly length: number;
	/** What the boot stage decided (CBOR `BootDecision`). */
	readonly decision: Uint8Array;
}
