import { Speaker as SpeakerRecord } from "@bodycam/protocol/board/records";
import type { Speaker, SpeakerOptions } from "../hal/speaker.ts";
import type { Board } from "./board.ts";

/** The board's speaker. */
export class BoardSpeaker implements Speaker {
	private readonly board: Board;
	private closed = false;

	/** @param options - the callback and `board` */
	constructor(options: SpeakerOptions & { readonly board: Board }) {
		this.board = options.board;
		this.board.on(SpeakerRecord.DONE, 0, (_time, status, _b, _c, tag) => options.onDone(tag, status));
	}

	play(at: number, length: number, volume: number, tag: number): void {
		if (!this.closed) this.board.post(SpeakerRecord.PLAY, 0, at, length, volume, tag);
	}

	stop(): void {
		if (!this.closed) this.board.post(SpeakerRecord.STOP, 0);
	}

	close(): void {
		if (this.closed) return;
		this.stop();
		this.closed = true;
		this.board.off(SpeakerRecord.DONE, 0);
	}
}
