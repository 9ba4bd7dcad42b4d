import { RETAINED_BYTES } from "@bodycam/protocol/board/records";
import { SIGNATURE_REGION_BYTES } from "../board/signature.ts";
import type { MediaRegion } from "../hal/media-memory.ts";
import { UPLOAD_REGION_BYTES } from "../update/image-upload.ts";

const KIB = 1024;

/** What each part of the media memory is for, with its size in bytes; in the order in which they lie there. */
const SIZES = {
	/** The boot block. */
	block: 8 * KIB,
	/** Signatures on their way to be verified. */
	signature: Math.ceil(SIGNATURE_REGION_BYTES / 8) * 8,
	/** Bytes on their way from and to the flash. */
	flash: 64 * KIB + 256,
	/** What was decided. */
	decision: 4 * KIB,
	/** What is kept over a reset. */
	retained: RETAINED_BYTES,
	/** Lines of the log. */
	log: 1 * KIB,
	/** Recovery: bytes received on the serial port. */
	serialReceive: 64 * KIB,
	/** Recovery: frames to be sent there. */
	serialSend: 128 * KIB,
	/** Recovery: where packets are put together. */
	linkAssembly: 32 * KIB,
	/** Recovery: pieces of an image. */
	upload: UPLOAD_REGION_BYTES,
} as const;

/** Where everything lies in the media memory of the boot stage. */
export type BootMemory = Readonly<Record<keyof typeof SIZES, MediaRegion>>;

/** Lays out the media memory. */
export function layOutBootMemory(): BootMemory {
	const regions: Partial<Record<keyof typeof SIZES, MediaRegion>> = {};
	let at = 0;
	for (const name of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
		regions[name] = { at, bytes: SIZES[name] };
		at += SIZES[name];
	}
	return regions as BootMemory;
}
