import { type CardBytes, cardBytes } from "../card/card-bytes.ts";
import { SECTOR } from "../card/superblock.ts";
import { measureItem } from "../cbor/structure.ts";
import {
	BLOCK_HEADER,
	BlockField,
	type BlockHeader,
	decodeBlockHeader,
	HASH_BYTES,
	IDENTITY_BYTES,
	isWhole,
	MAX_BLOCK_SECTORS,
} from "./block.ts";

/** Sectors read at once. */
const CHUNK = 256;

/** The bytes of an event log: a part of a card or of its image, an exported file, or a camera that is asked. */
export interface LogSource {
	/** Its bytes; whole sectors. */
	readonly bytes: number;
	/** Identity of the card; undefined for a file: then that of the first block counts. */
	readonly identity: Uint8Array | undefined;
	/** Reads whole sectors; exactly `length` bytes. */
	read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
}

/** A block of the log whose checksum is right. Nothing else is verified. */
export interface LogBlock extends BlockHeader {
	readonly kind: "block";
	/** Identity of the card it was written for. */
	readonly identity: Uint8Array;
	/** Hash before its first entry. */
	readonly before: Uint8Array;
	/** All its bytes. */
	readonly raw: Uint8Array;
	/** The entries, each one item of CBOR; what is none at the end is one too. */
	readonly entries: readonly Uint8Array[];
}

/** Sectors that hold something and are no block. */
export interface LogDamage {
	readonly kind: "damage";
	/** Sector of the log at which it begins. */
	readonly position: number;
	/** Sectors. */
	readonly sectors: number;
	/** `inside`: blocks follow; `torn`: the beginning of a block ends the log; `remains`: something unknown does. */
	readonly where: "inside" | "torn" | "remains";
}

/** What a log consists of. */
export type LogPiece = LogBlock | LogDamage;

/** Reads a log from its start; the blocks behind a damaged place are found again. */
export async function* readLog(source: LogSource): AsyncGenerator<LogPiece, void, undefined> {
	const window = new Window(source);
	const sectors = Math.floor(source.bytes / SECTOR);
	let { identity } = source;
	let end = 0;
	for (let position = 0; position < sectors; ) {
		const block = await window.blockAt(position, identity);
		if (block === undefined) {
			position++;
			continue;
		}
		if (position > end) yield { kind: "damage", position: end, sectors: position - end, where: "inside" };
		identity ??= block.identity;
		yield block;
		position += block.sectors;
		end = position;
	}
	const tail = await window.tailAt(end, Math.min(MAX_BLOCK_SECTORS, sectors - end), identity);
	if (tail !== undefined) yield tail;
}

/** Part of the log, read in. */
class Window {
	readonly #source: LogSource;
	readonly #sectors: number;
	#first = 0;
	#count = 0;
	#bytes: CardBytes = cardBytes(new Uint8Array(0));
	#plain = new Uint8Array(0);

	constructor(source: LogSource) {
		this.#source = source;
		this.#sectors = Math.floor(source.bytes / SECTOR);
	}

	/** Offset of `count` sectors in `#plain`; undefined when they are not there. */
	async #at(position: number, count: number): Promise<number | undefined> {
		if (position + count > this.#sectors) return undefined;
		if (position < this.#first || position + count > this.#first + this.#count) {
			const wanted = Math.min(CHUNK, this.#sectors - position);
			this.#plain = new Uint8Array(await this.#source.read(position * SECTOR, wanted * SECTOR));
			this.#bytes = cardBytes(this.#plain);
			this.#first = position;
			this.#count = wanted;
		}
		return (position - this.#first) * SECTOR;
	}

	/** The header at a sector, when it is one of this log and place. */
	async #header(position: number, identity: Uint8Array | undefined): Promise<BlockHeader | undefined> {
		const at = await this.#at(position, 1);
		if (at === undefined) return undefined;
		const header = decodeBlockHeader(this.#bytes, at);
		if (header === undefined || header.position !== position) return undefined;
		return identity?.every((byte, i) => this.#plain[at + BlockField.identity + i] === byte) === false
			? undefined
			: header;
	}

	async blockAt(position: number, identity: Uint8Array | undefined): Promise<LogBlock | undefined> {
		const header = await this.#header(position, identity);
		if (header === undefined) return undefined;
		const at = await this.#at(position, header.sectors);
		if (at === undefined || !isWhole(this.#bytes, at, header)) return undefined;
		const take = (from: number, length: number) => this.#plain.slice(at + from, at + from + length);
		return {
			kind: "block",
			...header,
			identity: take(BlockField.identity, IDENTITY_BYTES),
			before: take(BlockField.before, HASH_BYTES),
			raw: take(0, header.sectors * SECTOR),
			entries: splitItems(take(BLOCK_HEADER, header.length)),
		};
	}

	/** What stands behind the last block. */
	async tailAt(
		position: number,
		count: number,
		identity: Uint8Array | undefined,
	): Promise<LogDamage | undefined> {
		if (count <= 0) return undefined;
		const header = await this.#header(position, identity);
		if (header !== undefined)
			return { kind: "damage", position, sectors: Math.min(header.sectors, count), where: "torn" };
		const at = (await this.#at(position, count)) ?? 0;
		for (let i = count * SECTOR - 1; i >= 0; i--)
			if (this.#plain[at + i] !== 0)
				return { kind: "damage", position, sectors: Math.floor(i / SECTOR) + 1, where: "remains" };
		return undefined;
	}
}

/** The items of a CBOR sequence (RFC 8742); the rest, when it is no item, is the last. */
function splitItems(bytes: Uint8Array): Uint8Array[] {
	const items: Uint8Array[] = [];
	for (let at = 0; at < bytes.length; ) {
		const length = itemLength(bytes.subarray(at)) ?? bytes.length - at;
		items.push(bytes.slice(at, at + length));
		at += length;
	}
	return items;
}

function itemLength(bytes: Uint8Array): number | undefined {
	try {
		return measureItem(bytes);
	} catch {
		return undefined;
	}
}
