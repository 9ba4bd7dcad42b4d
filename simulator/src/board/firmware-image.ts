import { createHash } from "node:crypto";

/** Layout of the artefact's header (`firmware/runtime/common/artefact.h`). */
const MAGIC = 0x43425358;
const HEADER_BYTES = 24;
const VERSION_AT = 8;
const NAMES_SIZE_AT = 12;
const CODE_SIZE_AT = 16;

/** What a flash slot holds. */
export interface FirmwareImage {
	/** The artefact. */
	readonly artefact: Uint8Array;
	/** First 16 hexadecimal digits of its SHA-256. */
	readonly buildId: string;
	/** Version of the engine it was made for, e.g. `13.3.0`. */
	readonly engineVersion: string;
}

/** Finds the firmware at the beginning of a flash slot; undefined when there is none. */
export function firmwareIn(slot: Uint8Array): FirmwareImage | undefined {
	const view = new DataView(slot.buffer, slot.byteOffset, slot.byteLength);
	if (slot.length < HEADER_BYTES || view.getUint32(0, true) !== MAGIC) return undefined;
	const length = HEADER_BYTES + view.getUint32(NAMES_SIZE_AT, true) + view.getUint32(CODE_SIZE_AT, true);
	if (length > slot.length) return undefined;
	const artefact = slot.slice(0, length);
	return {
		artefact,
		buildId: createHash("sha256").update(artefact).digest("hex").slice(0, 16),
		engineVersion: [...slot.subarray(VERSION_AT, VERSION_AT + 3)].join("."),
	};
}
