import type { CardBytes } from "@bodycam/protocol/card/card-bytes";
import {
	decodeSuperblock,
	encodeSuperblock,
	MIN_SECTORS,
	planGeometry,
	RESERVED_SECTORS,
	SECTOR,
	SUPERBLOCK_SECTORS,
	type Superblock,
} from "@bodycam/protocol/card/superblock";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import type { CardQueue } from "./card-queue.ts";
import { StoreError } from "./store-interface.ts";

const [FIRST, SECOND] = SUPERBLOCK_SECTORS;

/** What finding and making superblocks needs. */
export interface MountContext {
	/** The card. */
	readonly queue: CardQueue;
	/** Media memory. */
	readonly memory: MediaMemory;
	/** The same, for the layout's functions. */
	readonly bytes: CardBytes;
	/** At least 64 KiB to read into. */
	readonly scratch: MediaRegion;
}

/** Whether nothing but an unfinished second superblock lies in the reserved sectors: then nobody's data is lost. */
async function isBlank({ queue, memory, scratch }: MountContext): Promise<boolean> {
	const chunk = Math.min(RESERVED_SECTORS, Math.floor(scratch.bytes / SECTOR));
	for (let sector = 0; sector < RESERVED_SECTORS; sector += chunk) {
		const count = Math.min(chunk, RESERVED_SECTORS - sector);
		const { at } = scratch;
		await queue.read(sector, count, at);
		if (sector <= SECOND && SECOND < sector + count) memory.zero(at + (SECOND - sector) * SECTOR, SECTOR);
		const length = count * SECTOR;
		if (memory.load32(at) !== 0 || memory.compare(at, at + 4, length - 4) !== 0) return false;
	}
	return true;
}

async function writeSuperblock(
	{ queue, bytes, scratch }: MountContext,
	superblock: Superblock,
	sector: number,
): Promise<void> {
	encodeSuperblock(bytes, scratch.at, superblock, superblock.identity);
	await queue.write(sector, 1, scratch.at);
	await queue.flush();
}

/**
 * Lays out a card: the second superblock first, so that a first one, once there, never stands alone.
 * @throws {StoreError} when the card is too small or cannot be written
 */
export async function formatCard(
	context: MountContext,
	sectors: number,
	identity: Uint8Array,
): Promise<Superblock> {
	if (sectors < MIN_SECTORS) throw new StoreError("full", `the card has only ${sectors} sectors`);
	const geometry = planGeometry(sectors);
	encodeSuperblock(context.bytes, context.scratch.at, geometry, identity);
	const superblock = decodeSuperblock(context.bytes, context.scratch.at);
	if (!superblock) throw new StoreError("full", `the card has only ${sectors} sectors`);
	await writeSuperblock(context, superblock, SECOND);
	await writeSuperblock(context, superblock, FIRST);
	return superblock;
}

/**
 * Finds the superblock; a damaged copy is repaired from the other, a blank card is formatted.
 * @throws {StoreError} `unknown-format` when the card holds something else
 */
export async function mountCard(
	context: MountContext,
	sectors: number,
	readOnly: boolean,
	createIdentity: () => Uint8Array,
): Promise<Superblock> {
	const { queue, memory, bytes, scratch } = context;
	await queue.read(0, SECOND + 1, scratch.at);
	const first = decodeSuperblock(bytes, scratch.at);
	const second = decodeSuperblock(bytes, scratch.at + SECOND * SECTOR);
	const found = first ?? second;
	if (found) {
		if (found.dataStart >= sectors)
			throw new StoreError("unknown-format", "the card is smaller than its layout says");
		const intact = first && second && memory.compare(scratch.at, scratch.at + SECOND * SECTOR, SECTOR) === 0;
		if (!intact && !readOnly) await writeSuperblock(context, found, first ? SECOND : FIRST);
		return found;
	}
	if (!(await isBlank(context)))
		throw new StoreError("unknown-format", "the card holds something else; format it to use it");
	if (readOnly) throw new StoreError("read-only", "the card is blank and refuses writes");
	return formatCard(context, sectors, createIdentity());
}
