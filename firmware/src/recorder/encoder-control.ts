import type { EncodedVideoIn, VideoFormat } from "../hal/encoded-video-in.ts";
import { type ArenaDemand, fittingBitRate } from "./arming.ts";

/** A keyframe is asked for when the newest is older, µs. */
export const KEYFRAME_AGE = 1_000_000;

/** Time between two such requests at least, µs. */
const KEYFRAME_PAUSE = 500_000;

/** What the recorder wants of the camera's encoder: its format, a bit rate that fits the arena, keyframes. */
export interface EncoderControl {
	/** Format of the pictures; undefined before it is known. */
	format(): VideoFormat | undefined;
	/** Whether the bit rate was lowered so that the configured length fits. */
	lowered(): boolean;
	/** Sets the bit rate wanted, bit/s; 0 leaves the encoder's own. */
	configure(bitRate: number): void;
	/** The format is known or has changed. @returns whether it is as it will stay */
	accept(format: VideoFormat, demand: ArenaDemand): boolean;
	/** Asks for a keyframe if the encoder makes them on request. */
	request(now: number): void;
	/** Asks for one when the newest, presented at `newest`, has got old. Allocates nothing. */
	refresh(newest: number, now: number): void;
}

/** Whether frames of two formats can stand in one file. */
export function sameFormat(a: VideoFormat, b: VideoFormat): boolean {
	if (a.width !== b.width || a.height !== b.height) return false;
	if (a.configuration.length !== b.configuration.length) return false;
	return a.configuration.every((byte, i) => byte === b.configuration[i]);
}

/** Creates the control of a camera. */
export function createEncoderControl(camera: () => EncodedVideoIn): EncoderControl {
	let format: VideoFormat | undefined;
	let lowered = false;
	let lastRequest = -Infinity;

	function request(now: number): void {
		if (!format?.keyframesOnRequest) return;
		lastRequest = now;
		camera().requestKeyframe();
	}

	return {
		format: () => format,
		lowered: () => lowered,
		configure(bitRate) {
			lowered = false;
			camera().configure({ bitRate });
		},
		accept(newFormat, demand) {
			format = newFormat;
			const fitting = fittingBitRate(demand);
			if (demand.seconds === 0 || newFormat.bitRate <= fitting || !newFormat.bitRateAdjustable || lowered)
				return true;
			lowered = true;
			camera().configure({ bitRate: fitting });
			return false;
		},
		request,
		refresh(newest, now) {
			if (now - newest > KEYFRAME_AGE && now - lastRequest > KEYFRAME_PAUSE) request(now);
		},
	};
}
