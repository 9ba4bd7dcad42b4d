import { Display as DisplayRecord } from "@bodycam/protocol/board/records";
import type { Display, DisplayOptions } from "../hal/display.ts";
import type { MediaRegion } from "../hal/media-memory.ts";
import type { Board } from "./board.ts";

const MAX_TEXT_BYTES = 512;

/** The board's front display. At most one text is on its way; the newest one waits for it. */
export class BoardDisplay implements Display {
	private readonly board: Board;
	private readonly buffer: MediaRegion;
	private waiting: string | undefined;
	private busy = false;
	private tag = 0;
	private closed = false;

	/** @param options - the callback, `board`, and `buffer` for the text, at least 512 bytes */
	constructor(options: DisplayOptions & { readonly board: Board; readonly buffer: MediaRegion }) {
		this.board = options.board;
		this.buffer = options.buffer;
		this.board.on(DisplayRecord.DONE, 0, (_time, _a, _b, _c, tag) => {
			if (tag !== this.tag) return;
			this.busy = false;
			const next = this.waiting;
			if (next !== undefined) this.send(next);
			else if (!this.closed) options.onShown?.();
		});
	}

	show(text: string): void {
		if (this.closed) return;
		if (this.busy) this.waiting = text;
		else this.send(text);
	}

	close(): void {
		if (this.closed) return;
		this.show("");
		this.closed = true;
	}

	private send(text: string): void {
		this.waiting = undefined;
		this.busy = true;
		this.tag = (this.tag + 1) >>> 0;
		const max = Math.min(MAX_TEXT_BYTES, this.buffer.bytes);
		const length = this.board.native.writeText(this.buffer.at, max, text);
		this.board.post(DisplayRecord.SHOW, 0, this.buffer.at, length, 0, this.tag);
	}
}
