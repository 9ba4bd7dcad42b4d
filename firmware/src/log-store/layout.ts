import type { StoredLogLine } from "@bodycam/protocol/camera/log";
import { LOG_LEVELS, LOG_TEXT_MAX } from "@bodycam/protocol/camera/log";
import type { LineInMemory } from "../events/log-book.ts";
import type { MediaMemory } from "../hal/media-memory.ts";

/**
 * The log in flash: a ring of sectors, each a header and entries one after the other, in units of 16 bytes that are
 * written once after an erase. Little-endian.
 *
 * | at | header of a sector |
 * |---|---|
 * | 0 | u32 magic "BCLG" |
 * | 4 | u32 sequence of the sector: the highest is the newest |
 * | 8 | u32 number of its first entry |
 * | 12 | u32 CRC-32 of the 12 bytes before |
 *
 * | at | entry |
 * |---|---|
 * | 0 | u16 CRC-16/XMODEM of all from 2 to the end of the text |
 * | 2 | u8 bytes of text |
 * | 3 | u8 0x40, bits 0-1 level, bits 2-5 the high bits of the time |
 * | 4 | u32 number |
 * | 8 | u32 number of the boot |
 * | 12 | u32 low bits of the time, ms since power-on |
 * | 16 | text, UTF-8, zeros up to the next unit |
 */
export const SECTOR_BYTES = 4096;

/** What the flash writes at once. */
export const UNIT_BYTES = 16;

/** Most bytes of an entry. */
export const ENTRY_BYTES_MAX = UNIT_BYTES + Math.ceil(LOG_TEXT_MAX / UNIT_BYTES) * UNIT_BYTES;

const MAGIC = 0x474c_4342;
const ENTRY_MARK = 0x40;
const MARK_BITS = 0xc0;
const CHECKSUM_BYTES = 2;
const WORD = 0x1_0000_0000;

/** Header of a sector. */
export interface SectorHeader {
	/** The highest is the newest. */
	readonly sequence: number;
	/** Number of its first entry. */
	readonly first: number;
}

/** Writes the header of a sector, one unit. */
export function writeSectorHeader(memory: MediaMemory, at: number, { sequence, first }: SectorHeader): void {
	memory.store32(at, MAGIC, sequence, first);
	memory.store32(at + 12, memory.crc32(at, 12));
}

/** The header of a sector; undefined when it is erased or damaged. */
export function readSectorHeader(memory: MediaMemory, at: number): SectorHeader | undefined {
	if (memory.load32(at) !== MAGIC || memory.load32(at + 12) !== memory.crc32(at, 12)) return undefined;
	return { sequence: memory.load32(at + 4), first: memory.load32(at + 8) };
}

/** Bytes of an entry with so many bytes of text. */
export function entryBytes(textBytes: number): number {
	return UNIT_BYTES + Math.ceil(textBytes / UNIT_BYTES) * UNIT_BYTES;
}

/** Writes an entry. @returns its bytes */
export function writeEntry(
	memory: MediaMemory,
	at: number,
	line: LineInMemory,
	number: number,
	boot: number,
): number {
	const { level, monotonicMs, textAt, textBytes } = line;
	const bytes = entryBytes(textBytes);
	memory.zero(at, bytes);
	const high = Math.floor(monotonicMs / WORD) & 0xf;
	const words = (textBytes << 16) | ((ENTRY_MARK | level | (high << 2)) << 24);
	memory.store32(at, words >>> 0, number, boot, monotonicMs % WORD);
	memory.copy(at + UNIT_BYTES, textAt, textBytes);
	const crc = memory.crc16(at + CHECKSUM_BYTES, UNIT_BYTES + textBytes - CHECKSUM_BYTES);
	memory.store32(at, (words | crc) >>> 0);
	return bytes;
}

/** Bytes of the entry there; 0 when there is none, or a damaged one. @param room - bytes up to the end of the sector */
export function entryBytesAt(memory: MediaMemory, at: number, room: number): number {
	if (room < UNIT_BYTES) return 0;
	const words = memory.load32(at);
	const textBytes = (words >>> 16) & 0xff;
	const bytes = entryBytes(textBytes);
	if (((words >>> 24) & MARK_BITS) !== ENTRY_MARK || textBytes > LOG_TEXT_MAX || bytes > room) return 0;
	const crc = memory.crc16(at + CHECKSUM_BYTES, UNIT_BYTES + textBytes - CHECKSUM_BYTES);
	return crc === (words & 0xffff) ? bytes : 0;
}

/** Number of the entry there. */
export function entryNumber(memory: MediaMemory, at: number): number {
	return memory.load32(at + 4);
}

/** The entry there. */
export function readEntry(memory: MediaMemory, at: number): StoredLogLine {
	const words = memory.load32(at);
	const flags = words >>> 24;
	return {
		number: memory.load32(at + 4),
		boot: memory.load32(at + 8),
		monotonicMs: ((flags >> 2) & 0xf) * WORD + memory.load32(at + 12),
		level: LOG_LEVELS[flags & 3] ?? "error",
		text: memory.readText(at + UNIT_BYTES, (words >>> 16) & 0xff),
	};
}

/** Whether a unit is erased. */
export function isErased(memory: MediaMemory, at: number): boolean {
	for (let word = 0; word < UNIT_BYTES; word += 4) if (memory.load32(at + word) !== WORD - 1) return false;
	return true;
}
