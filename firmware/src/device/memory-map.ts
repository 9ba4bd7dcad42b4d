import { GATT_WORK_BYTES } from "../board/gatt-server.ts";
import { EVENT_LOG_WORK_BYTES } from "../event-log/work.ts";
import { EVIDENCE_BYTES } from "../evidence/sealed-file.ts";
import type { MediaRegion } from "../hal/media-memory.ts";
import { GATT_ASSEMBLY_BYTES, GATT_SEND_BYTES } from "../link/gatt-endpoint.ts";
import { LOG_STORE_BYTES } from "../log-store/log-store.ts";
import { INDEX_BYTES, RECORDER_WORK_BYTES } from "../recorder/recorder-interface.ts";
import { CATALOG_BYTES, STAGING_BYTES, STORE_WORK_BYTES } from "../storage/store-interface.ts";
import { UPLOAD_REGION_BYTES } from "../update/image-upload.ts";

/** Bytes below the first region, which the board uses for what it tells at boot. */
export const BOARD_WINDOW_BYTES = 256 * 1024;

const KIB = 1024;

/** What each part of the media memory is for, with its size in bytes; in the order in which they lie there. */
const SIZES = {
	/** DMA buffer of the camera: about three seconds at 10 Mbit/s. */
	camera: 4096 * KIB,
	/** DMA buffer of the microphone: about twenty seconds. */
	microphone: 64 * KIB,
	/** Bytes received on the serial port. */
	serialReceive: 64 * KIB,
	/** Frames to be sent on the serial port: one part is filled while the other is sent. */
	serialSend: 128 * KIB,
	/** Datagrams received. */
	datagramReceive: 64 * KIB,
	/** Datagrams to be sent. */
	datagramSend: 64 * KIB,
	/** The GATT server's table of services and its advertisement. */
	gattWork: GATT_WORK_BYTES,
	/** Values written by Bluetooth clients. */
	gattReceive: 32 * KIB,
	/** Where their requests are put together. */
	gattAssembly: GATT_ASSEMBLY_BYTES,
	/** Responses to be sent to them. */
	gattSend: GATT_SEND_BYTES,
	/** Where the link assembles packets. */
	linkAssembly: 32 * KIB,
	/** Where recordings are read for the link. */
	linkRead: 64 * KIB,
	/** Lines of the log. */
	log: 96 * KIB,
	/** Lines of the log on their way from and to the flash. */
	logStore: LOG_STORE_BYTES,
	/** Events. */
	events: 256 * KIB,
	/** The event log's working memory. */
	eventLog: EVENT_LOG_WORK_BYTES,
	/** Spoken announcements. */
	prompts: 128 * KIB,
	/** A key and a value on their way to or from the key-value store. */
	keyValue: 8 * KIB,
	/** Text on its way to the display. */
	display: 1 * KIB,
	/** State of the random generator. */
	random: 1 * KIB,
	/** Messages on their way to be signed or verified. */
	signature: 16 * KIB,
	/** Bytes on their way from and to the flash. */
	flash: 16 * KIB + 256,
	/** Pieces of a firmware image on their way to the flash. */
	upload: UPLOAD_REGION_BYTES,
	/** Keys, the chunk being encrypted and the record of the recording under way: zero while there is none. */
	evidence: Math.ceil(EVIDENCE_BYTES / 64) * 64,
	/** The list of the recordings on the card. */
	catalog: CATALOG_BYTES,
	/** Blocks on their way to the card. */
	staging: STAGING_BYTES,
	/** The store's working memory. */
	storeWork: STORE_WORK_BYTES,
	/** The ring's index. */
	ringIndex: INDEX_BYTES,
	/** The recorder's working memory. */
	recorderWork: RECORDER_WORK_BYTES,
} as const;

/** The parts of the media memory below the ring arena. */
export type RegionName = keyof typeof SIZES;

/** Where everything lies in media memory. The firmware lays it out, as drivers do. */
export type MemoryMap = Readonly<Record<RegionName, MediaRegion>> & {
	/** The pre-record ring: everything above the other parts. */
	readonly arena: MediaRegion;
};

/** The board has too little media memory for the firmware. */
export class MemoryTooSmallError extends Error {
	/** @param needed - bytes the firmware needs besides the arena @param given - bytes the board gives besides it */
	constructor(needed: number, given: number) {
		super(`the board gives ${given} bytes of media memory besides the ring arena, ${needed} are needed`);
		this.name = "MemoryTooSmallError";
	}
}

/**
 * Lays out the media memory.
 * @param total - bytes of media memory
 * @param arenaBytes - bytes of it that are the ring arena
 * @throws MemoryTooSmallError when the parts and the arena do not fit
 */
export function layOutMemory(total: number, arenaBytes: number): MemoryMap {
	const regions: Partial<Record<RegionName, MediaRegion>> = {};
	let at = BOARD_WINDOW_BYTES;
	for (const [name, bytes] of Object.entries(SIZES)) {
		regions[name as RegionName] = { at, bytes };
		at += bytes;
	}
	const arenaAt = total - arenaBytes;
	if (arenaAt < at) throw new MemoryTooSmallError(at, arenaAt);
	return { ...(regions as Record<RegionName, MediaRegion>), arena: { at: arenaAt, bytes: arenaBytes } };
}
