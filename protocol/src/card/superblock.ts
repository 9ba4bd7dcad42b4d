import type { CardBytes } from "./card-bytes.ts";

/** Bytes of a sector. */
export const SECTOR = 512;

/** Sectors that hold a copy of the superblock. The second is written first. */
export const SUPERBLOCK_SECTORS = [0, 8] as const;

/** Sectors before the journal; all zero on a card that may be formatted without asking, but for the copies. */
export const RESERVED_SECTORS = 256;

/** "BODYCAM1" as two little-endian words. */
const MAGIC = [0x5944_4f42, 0x314d_4143] as const;
/** 3: segments hold a part of the age file and of the custody record, recordings can be erased. */
const VERSION = 3;
const IDENTITY_AT = 40;
const CRC_AT = SECTOR - 4;

/** Where things lie on a card. All in sectors. */
export interface Geometry {
	/** Sectors of the card when it was formatted. */
	readonly sectors: number;
	/** First sector of the journal. */
	readonly journalStart: number;
	/** Sectors of the journal. */
	readonly journalSectors: number;
	/** First sector for data. */
	readonly dataStart: number;
	/** Sectors of an extent. */
	readonly extentSectors: number;
	/** First sector of the event log. */
	readonly logStart: number;
	/** Sectors of the event log. */
	readonly logSectors: number;
}

/** A decoded superblock. */
export interface Superblock extends Geometry {
	/** 16 random bytes made when the card was formatted. */
	readonly identity: Uint8Array;
	/** First word of the identity: it is in every journal entry and segment. */
	readonly identityWord: number;
}

/** Fewest sectors a card must have: a recording finds room. */
export const MIN_SECTORS = 4096;

/** Regions begin at multiples of this many sectors. */
const ALIGNMENT = 256;

const aligned = (sectors: number): number => Math.ceil(sectors / ALIGNMENT) * ALIGNMENT;

/**
 * The layout of a card of that size: 1/256 of it for the journal (256 KiB to 16 MiB), 1/64 for the event log (128 KiB
 * to 512 MiB), extents of 1 to 64 MiB.
 */
export function planGeometry(sectors: number): Geometry {
	const journalSectors = Math.min(32_768, Math.max(512, Math.floor(sectors / 256)));
	const logStart = RESERVED_SECTORS + aligned(journalSectors);
	const logSectors = Math.min(1_048_576, aligned(Math.max(1, Math.floor(sectors / 64))));
	const dataStart = logStart + logSectors;
	const share = Math.floor((sectors - dataStart) / 16 / 256) * 256;
	const extentSectors = Math.min(131_072, Math.max(2048, share));
	return {
		sectors,
		journalStart: RESERVED_SECTORS,
		journalSectors,
		dataStart,
		extentSectors,
		logStart,
		logSectors,
	};
}

/** Writes a superblock of one sector at `at`. */
export function encodeSuperblock(
	bytes: CardBytes,
	at: number,
	geometry: Geometry,
	identity: Uint8Array,
): void {
	const { view } = bytes;
	for (let i = 0; i < SECTOR; i += 4) view.setUint32(at + i, 0, true);
	view.setUint32(at, MAGIC[0], true);
	view.setUint32(at + 4, MAGIC[1], true);
	view.setUint32(at + 8, VERSION, true);
	view.setUint32(at + 12, geometry.sectors, true);
	view.setUint32(at + 16, geometry.journalStart, true);
	view.setUint32(at + 20, geometry.journalSectors, true);
	view.setUint32(at + 24, geometry.dataStart, true);
	view.setUint32(at + 28, geometry.extentSectors, true);
	view.setUint32(at + 32, geometry.logStart, true);
	view.setUint32(at + 36, geometry.logSectors, true);
	for (let i = 0; i < 16; i++) view.setUint8(at + IDENTITY_AT + i, identity[i] ?? 0);
	view.setUint32(at + CRC_AT, bytes.crc32(at, CRC_AT), true);
}

/** Reads a superblock; undefined when there is none, it is damaged, or it makes no sense. */
export function decodeSuperblock(bytes: CardBytes, at: number): Superblock | undefined {
	const { view } = bytes;
	if (view.getUint32(at, true) !== MAGIC[0] || view.getUint32(at + 4, true) !== MAGIC[1]) return undefined;
	if (view.getUint32(at + CRC_AT, true) !== bytes.crc32(at, CRC_AT)) return undefined;
	if (view.getUint32(at + 8, true) !== VERSION) return undefined;
	const geometry: Geometry = {
		sectors: view.getUint32(at + 12, true),
		journalStart: view.getUint32(at + 16, true),
		journalSectors: view.getUint32(at + 20, true),
		dataStart: view.getUint32(at + 24, true),
		extentSectors: view.getUint32(at + 28, true),
		logStart: view.getUint32(at + 32, true),
		logSectors: view.getUint32(at + 36, true),
	};
	const journalEnd = geometry.journalStart + geometry.journalSectors;
	const logEnd = geometry.logStart + geometry.logSectors;
	if (geometry.journalStart < RESERVED_SECTORS || geometry.logStart < journalEnd) return undefined;
	if (geometry.dataStart < logEnd) return undefined;
	if (geometry.sectors <= geometry.dataStart || geometry.extentSectors === 0) return undefined;
	const identity = new Uint8Array(16);
	for (let i = 0; i < 16; i++) identity[i] = view.getUint8(at + IDENTITY_AT + i);
	return { ...geometry, identity, identityWord: view.getUint32(at + IDENTITY_AT, true) };
}
