import { Card } from "@bodycam/protocol/board/records";
import type { MemoryCard, MemoryCardOptions } from "../hal/block-device.ts";
import type { Board } from "./board.ts";

const READ_ONLY = 1;

/** The board's memory card. Requests and completions allocate nothing. */
export class BoardCard implements MemoryCard {
	private readonly board: Board;
	private size = 0;
	private closed = false;

	/** @param options - the callbacks and `board` */
	constructor(options: MemoryCardOptions & { readonly board: Board }) {
		this.board = options.board;
		this.board.on(Card.INSERTED, 0, (_time, sectors, flags) => {
			this.size = sectors;
			options.onInserted?.(sectors, (flags & READ_ONLY) !== 0);
		});
		this.board.on(Card.REMOVED, 0, () => {
			this.size = 0;
			options.onRemoved?.();
		});
		this.board.on(Card.DONE, 0, (_time, status, _b, _c, tag) => options.onComplete(tag, status));
	}

	get sectors(): number {
		return this.size;
	}

	read(sector: number, count: number, at: number, tag: number): void {
		if (!this.closed) this.board.post(Card.READ, 0, sector, count, at, tag);
	}

	write(sector: number, count: number, at: number, tag: number): void {
		if (!this.closed) this.board.post(Card.WRITE, 0, sector, count, at, tag);
	}

	flush(tag: number): void {
		if (!this.closed) this.board.post(Card.FLUSH, 0, 0, 0, 0, tag);
	}

	close(): void {
		if (this.closed) return;
		this.closed = true;
		this.board.off(Card.INSERTED, 0);
		this.board.off(Card.REMOVED, 0);
		this.board.off(Card.DONE, 0);
	}
}
