import { SECTOR } from "@bodycam/protocol/card/superblock";
import { HASH_BYTES, IDENTITY_BYTES, MAX_BLOCK_SECTORS } from "@bodycam/protocol/event-log/block";
import { type MediaRegion, SHA256_CONTEXT_BYTES } from "../hal/media-memory.ts";

/** Sectors the log's reading window holds. */
export const WINDOW_SECTORS = 64;

/** Bytes for a short text. */
const TEXT_BYTES = 64;

const BLOCK_BYTES = MAX_BLOCK_SECTORS * SECTOR;
const SMALL_BYTES = SHA256_CONTEXT_BYTES + 2 * HASH_BYTES + IDENTITY_BYTES + TEXT_BYTES;

/** Bytes of media memory the event log works in. */
export const EVENT_LOG_WORK_BYTES =
	BLOCK_BYTES + WINDOW_SECTORS * SECTOR + Math.ceil(SMALL_BYTES / SECTOR) * SECTOR;

/** Where the parts of the working memory lie: offsets in media memory. */
export interface LogWork {
	/** The block that is put together or written. */
	readonly block: number;
	/** `WINDOW_SECTORS` of the card. */
	readonly window: number;
	/** A SHA-256 that is under way; 8-aligned. */
	readonly context: number;
	/** The chain's hash behind what is safe on the card. */
	readonly head: number;
	/** The chain's hash behind what is being written. */
	readonly ahead: number;
	/** Identity of the card. */
	readonly identity: number;
	/** Room for a short text. */
	readonly text: number;
}

/** Lays out the working memory. @param region - `EVENT_LOG_WORK_BYTES`, 8-aligned */
export function layOutWork(region: MediaRegion): LogWork {
	const window = region.at + BLOCK_BYTES;
	const context = window + WINDOW_SECTORS * SECTOR;
	const head = context + SHA256_CONTEXT_BYTES;
	const ahead = head + HASH_BYTES;
	const identity = ahead + HASH_BYTES;
	return { block: region.at, window, context, head, ahead, identity, text: identity + IDENTITY_BYTES };
}
