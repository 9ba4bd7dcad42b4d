import { Pattern } from "../camera/pattern.ts";
import type { Scene, VideoSource, VideoStream } from "../camera/video-source.ts";
import { createRandomness } from "../world/random.ts";

/** Where in a unit its date stands: behind the length and the NAL header. */
const DATE_AT = 6;

/** Bytes of a date, 7 bits each; the eighth is set, so that no start code can come about. */
const DATE_BYTES = 8;

/** Frames a second, and from keyframe to keyframe. */
const RATE = 10;

/**
 * A camera whose every frame carries in its own bytes when it was captured, so that a recording tells what is in it
 * without the camera's word for it. Its frames are small and not to be decoded.
 */
export function datedVideo(): VideoSource {
	const random = createRandomness(1).stream("dated-video");
	const pattern = new Pattern({
		width: 640,
		height: 360,
		frameRate: RATE,
		bitRate: 64_000,
		groupLength: RATE,
		random,
	});
	return { period: undefined, open: (scene: Scene) => dated(pattern.open(scene)) };
}

function dated(stream: VideoStream): VideoStream {
	return new Proxy(stream, {
		get(target, key) {
			const value: unknown = Reflect.get(target, key, target);
			if (key === "unit") return stamp(value as Uint8Array, target.presentation);
			return typeof value === "function" ? value.bind(target) : value;
		},
	});
}

function stamp(unit: Uint8Array, time: number): Uint8Array {
	let rest = time;
	for (let index = 0; index < DATE_BYTES; index++) {
		unit[DATE_AT + index] = 0x80 | (rest % 128);
		rest = Math.floor(rest / 128);
	}
	return unit;
}

/** When a frame of `datedVideo` was captured, µs on the board's clock. */
export function dateOf(unit: Uint8Array): number {
	let time = 0;
	for (let index = DATE_BYTES - 1; index >= 0; index--)
		time = time * 128 + ((unit[DATE_AT + index] ?? 0) & 0x7f);
	return time;
}
