import { Microphone } from "@bodycam/protocol/board/records";
import type { EncodedAudioIn, EncodedAudioInOptions } from "../hal/encoded-audio-in.ts";
import type { MediaRegion } from "../hal/media-memory.ts";
import { type Board, BoardQueueFullError } from "./board.ts";

/** The board's microphone. The packet path allocates nothing, and makes no call on the way that it could do without. */
export class BoardMicrophone implements EncodedAudioIn {
	/** See `EncodedAudioIn`. */
	readonly release: (at: number, length: number) => void;
	private readonly board: Board;
	private closed = false;

	/** @param options - the callbacks, `board`, `buffer`: the DMA buffer, and `bitRate` in bit/s */
	constructor(
		options: EncodedAudioInOptions & {
			readonly board: Board;
			readonly buffer: MediaRegion;
			readonly bitRate: number;
		},
	) {
		const { board, buffer, onPacket } = options;
		const { post } = board.native;
		this.board = board;
		this.release = (at, length) => {
			if (!this.closed && !post(Microphone.RELEASE, 0, at, length))
				throw new BoardQueueFullError(Microphone.RELEASE);
		};
		board.on(Microphone.PACKET, 0, (time, at, length, level, age) => {
			onPacket(at, length, time - age, level);
		});
		board.on(Microphone.FORMAT, 0, (_time, sampleRate, channels, preSkip, packetTime) => {
			options.onFormat({ codec: "opus", sampleRate, channels, preSkip, packetTime });
		});
		board.on(Microphone.OVERRUN, 0, (_time, lost) => options.onOverrun(lost));
		board.post(Microphone.CONFIGURE, 0, buffer.at, buffer.bytes, options.bitRate);
	}

	start(): void {
		if (!this.closed) this.board.post(Microphone.START, 0);
	}

	stop(): void {
		if (!this.closed) this.board.post(Microphone.STOP, 0);
	}

	close(): void {
		if (this.closed) return;
		this.stop();
		this.closed = true;
		this.board.off(Microphone.PACKET, 0);
		this.board.off(Microphone.FORMAT, 0);
		this.board.off(Microphone.OVERRUN, 0);
	}
}
