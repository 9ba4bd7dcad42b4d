import { Camera } from "@bodycam/protocol/board/records";
import type { EncodedVideoIn, EncodedVideoInOptions } from "../hal/encoded-video-in.ts";
import type { MediaRegion } from "../hal/media-memory.ts";
import { type Board, BoardQueueFullError } from "./board.ts";

const KEYFRAME = 1;
const KEYFRAMES_ON_REQUEST = 1;
const BIT_RATE_ADJUSTABLE = 2;

/** The board's camera. The frame path allocates nothing, and makes no call on the way that it could do without. */
export class BoardCamera implements EncodedVideoIn {
	/** See `EncodedVideoIn`. */
	readonly release: (at: number, length: number) => void;
	private readonly board: Board;
	private readonly buffer: MediaRegion;
	private closed = false;

	/** @param options - the callbacks, `board`, and `buffer`: the DMA buffer */
	constructor(options: EncodedVideoInOptions & { readonly board: Board; readonly buffer: MediaRegion }) {
		const { board, onFrame } = options;
		const { post } = board.native;
		this.board = board;
		this.release = (at, length) => {
			if (!this.closed && !post(Camera.RELEASE, 0, at, length)) throw new BoardQueueFullError(Camera.RELEASE);
		};
		this.buffer = options.buffer;
		board.on(Camera.FRAME, 0, (time, at, length, flags, presentationAge, decodeAge) => {
			onFrame(at, length, (flags & KEYFRAME) !== 0, time - presentationAge, time - decodeAge);
		});
		board.on(Camera.FORMAT, 0, (_time, at, length, size, frameTime, bitRate, flags) => {
			const configuration = new Uint8Array(board.native.memory, at, length).slice();
			this.release(at, length);
			options.onFormat({
				codec: "h264",
				configuration,
				width: size >>> 16,
				height: size & 0xffff,
				frameTime,
				bitRate,
				keyframesOnRequest: (flags & KEYFRAMES_ON_REQUEST) !== 0,
				bitRateAdjustable: (flags & BIT_RATE_ADJUSTABLE) !== 0,
			});
		});
		board.on(Camera.OVERRUN, 0, (_time, lost) => options.onOverrun(lost));
		board.on(Camera.FAULT, 0, (_time, code) => options.onFault(code));
	}

	configure(options: { bitRate: number }): void {
		if (this.closed) return;
		this.board.post(Camera.CONFIGURE, 0, this.buffer.at, this.buffer.bytes, options.bitRate);
	}

	start(): void {
		if (!this.closed) this.board.post(Camera.START, 0);
	}

	stop(): void {
		if (!this.closed) this.board.post(Camera.STOP, 0);
	}

	requestKeyframe(): void {
		if (!this.closed) this.board.post(Camera.KEYFRAME, 0);
	}

	close(): void {
		if (this.closed) return;
		this.stop();
		this.closed = true;
		this.board.off(Camera.FRAME, 0);
		this.board.off(Camera.FORMAT, 0);
		this.board.off(Camera.OVERRUN, 0);
		this.board.off(Camera.FAULT, 0);
	}
}
