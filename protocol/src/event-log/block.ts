import type { CardBytes } from "../card/card-bytes.ts";
import { SECTOR } from "../card/superblock.ts";

/** "BCEL", little-endian: begins a block of the event log. */
export const BLOCK_MAGIC = 0x4c45_4342;

/** Bytes of a block's header. */
export const BLOCK_HEADER = 72;

/** Most sectors of a block: no write is longer, so no torn tail is either. */
export const MAX_BLOCK_SECTORS = 8;

/** Most bytes of entries in a block. */
export const MAX_BLOCK_PAYLOAD = MAX_BLOCK_SECTORS * SECTOR - BLOCK_HEADER;

/** Bytes of the identity of a card. */
export const IDENTITY_BYTES = 16;

/** Bytes of a SHA-256. */
export const HASH_BYTES = 32;

/**
 * Offsets in a block's header; numbers are u32, little-endian. `crc` is the CRC-32 (IEEE 802.3) of the header before
 * it and of everything behind it up to the end of the block's last sector.
 */
export const BlockField = {
	magic: 0,
	identity: 4,
	position: 20,
	length: 24,
	first: 28,
	count: 32,
	before: 36,
	crc: 68,
} as const;

/** A block's header. */
export interface BlockHeader {
	/** Sector of the log at which the block begins. */
	readonly position: number;
	/** Bytes of its entries. */
	readonly length: number;
	/** Number of its first entry; of the next one when it has none. */
	readonly first: number;
	/** Entries in it. */
	readonly count: number;
	/** Sectors it takes. */
	readonly sectors: number;
}

/** Sectors a block with that many bytes of entries takes. */
export function blockSectors(length: number): number {
	return Math.ceil((BLOCK_HEADER + length) / SECTOR);
}

/**
 * Completes a block at `at` of which identity, hash, entries and the zeros behind them are in place.
 * @returns its sectors
 */
export function sealBlock(
	bytes: CardBytes,
	at: number,
	position: number,
	length: number,
	first: number,
	count: number,
): number {
	const { view } = bytes;
	const sectors = blockSectors(length);
	view.setUint32(at + BlockField.magic, BLOCK_MAGIC, true);
	view.setUint32(at + BlockField.position, position, true);
	view.setUint32(at + BlockField.length, length, true);
	view.setUint32(at + BlockField.first, first, true);
	view.setUint32(at + BlockField.count, count, true);
	view.setUint32(at + BlockField.crc, blockCrc(bytes, at, sectors), true);
	return sectors;
}

function blockCrc(bytes: CardBytes, at: number, sectors: number): number {
	const head = bytes.crc32(at, BlockField.crc);
	return bytes.crc32(at + BLOCK_HEADER, sectors * SECTOR - BLOCK_HEADER, head);
}

/** Whether a block may begin at `at`: cheap, for scanning. */
export function mayBeBlock(bytes: CardBytes, at: number): boolean {
	return bytes.view.getUint32(at, true) === BLOCK_MAGIC;
}

/** The header at `at`, its values within their bounds; undefined when there is none. Nothing is verified. */
export function decodeBlockHeader(bytes: CardBytes, at: number): BlockHeader | undefined {
	if (!mayBeBlock(bytes, at)) return undefined;
	const { view } = bytes;
	const length = view.getUint32(at + BlockField.length, true);
	const count = view.getUint32(at + BlockField.count, true);
	if (length > MAX_BLOCK_PAYLOAD || count > length) return undefined;
	return {
		position: view.getUint32(at + BlockField.position, true),
		length,
		first: view.getUint32(at + BlockField.first, true),
		count,
		sectors: blockSectors(length),
	};
}

/** Whether the checksum of the block at `at` is right; all its sectors must be there. */
export function isWhole(bytes: CardBytes, at: number, header: BlockHeader): boolean {
	return bytes.view.getUint32(at + BlockField.crc, true) === blockCrc(bytes, at, header.sectors);
}
