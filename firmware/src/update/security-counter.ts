import { FLASH_SECTOR_BYTES, FLASH_WRITE_BYTES } from "@bodycam/protocol/board/flash-layout";
import type { FlashAccess } from "./flash-access.ts";

const UNITS_PER_SECTOR = FLASH_SECTOR_BYTES / FLASH_WRITE_BYTES;
const SECTORS = 2;
const ERASED = 0xff;

/**
 * The lowest security counter an image may have. Each value it ever had is a write unit of its own: the value and its
 * complement, so that a unit whose write or erasure was interrupted never passes for another value (an interrupted
 * write leaves bits set that ought to be clear, in the value or in its complement). What counts is the highest of all.
 * When a sector is full, the other one is erased and written: the full one stays until then.
 */
export class SecurityCounter {
	private readonly area: FlashAccess;
	private known: number | undefined;
	/** Where the next value goes: a sector and a unit of it. */
	private sector = 0;
	private next = 0;

	/** @param area - the counter's area */
	constructor(area: FlashAccess) {
		this.area = area;
	}

	/** The stored value as it was last read or raised; undefined before the first reading. */
	get lastKnown(): number | undefined {
		return this.known;
	}

	/** The stored value; 0 when none was ever stored. */
	async read(): Promise<number> {
		if (this.known !== undefined) return this.known;
		let highest = 0;
		for (let sector = 0; sector < SECTORS; sector++) {
			const { value, used } = scan(await this.area.read(sector * FLASH_SECTOR_BYTES, FLASH_SECTOR_BYTES));
			if (value <= highest && sector > 0) continue;
			highest = value;
			this.sector = sector;
			this.next = used;
		}
		this.known = highest;
		return highest;
	}

	/** Raises the stored value; a lower or equal one changes nothing. */
	async raise(value: number): Promise<void> {
		if (value <= (await this.read())) return;
		if (this.next >= UNITS_PER_SECTOR) {
			const other = (this.sector + 1) % SECTORS;
			await this.area.erase(other * FLASH_SECTOR_BYTES, FLASH_SECTOR_BYTES);
			this.sector = other;
			this.next = 0;
		}
		const at = this.sector * FLASH_SECTOR_BYTES + this.next * FLASH_WRITE_BYTES;
		this.next++;
		await this.area.write(at, encode(value));
		this.known = value;
	}
}

function encode(value: number): Uint8Array {
	const bytes = new Uint8Array(FLASH_WRITE_BYTES).fill(ERASED);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, value, true);
	view.setUint32(4, ~value, true);
	return bytes;
}

/** The highest value of a sector, and the units up to the last that is not erased. */
function scan(bytes: Uint8Array): { readonly value: number; readonly used: number } {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let value = 0;
	let used = 0;
	for (let unit = 0; unit < UNITS_PER_SECTOR; unit++) {
		const at = unit * FLASH_WRITE_BYTES;
		let blank = true;
		for (let word = 0; word < FLASH_WRITE_BYTES; word += 4)
			if (view.getUint32(at + word) !== 0xffff_ffff) blank = false;
		if (blank) continue;
		used = unit + 1;
		const found = view.getUint32(at, true);
		if (view.getUint32(at + 4, true) === ~found >>> 0 && found > value) value = found;
	}
	return { value, used };
}
