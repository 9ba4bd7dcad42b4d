/** A card or the image of one. */
export interface CardSource {
	/** Its sectors. */
	readonly sectors: number;
	/** Reads sectors; exactly `count` times 512 bytes. @throws {CardError} `damaged` when the card does not give them */
	read(sector: number, count: number): Uint8Array | Promise<Uint8Array>;
}

/** What a card image suffers from. */
export type CardErrorCode = "no-store" | "no-such-recording" | "erased" | "damaged";

/** How much of a damaged recording is whole. */
export interface CardDamage {
	/** Bytes of the age file from its start that are whole, in whole segments. */
	readonly whole: number;
	/** Bytes of the custody record in them. */
	readonly wholeRecord: number;
	/** Segments that are whole behind the damage. */
	readonly segmentsBehind: number;
	/** Bytes of the age file in them. */
	readonly bytesBehind: number;
}

/** A card image cannot be read. */
export class CardError extends Error {
	/** What is wrong. */
	readonly code: CardErrorCode;
	/** What is whole nevertheless; only of a damaged recording. */
	readonly damage: CardDamage | undefined;

	/** @param code - what is wrong @param message - what it means @param damage - what is whole nevertheless */
	constructor(code: CardErrorCode, message: string, damage?: CardDamage) {
		super(message);
		this.name = "CardError";
		this.code = code;
		this.damage = damage;
	}
}
