import type { FrameReader } from "./sources.ts";

/** How one sample of an uncompressed format is read, as -1 to 1. */
interface SampleFormat {
	/** Bytes of a sample. */
	readonly bytes: number;
	/** Reads the sample at an offset. */
	read(view: DataView, at: number): number;
}

/** Formats by their name in mediabunny; the WAV reader uses the same names. */
const FORMATS: Readonly<Record<string, SampleFormat>> = {
	"pcm-u8": { bytes: 1, read: (view, at) => (view.getUint8(at) - 128) / 128 },
	"pcm-s8": { bytes: 1, read: (view, at) => view.getInt8(at) / 128 },
	"pcm-s16": { bytes: 2, read: (view, at) => view.getInt16(at, true) / 32768 },
	"pcm-s16be": { bytes: 2, read: (view, at) => view.getInt16(at) / 32768 },
	"pcm-s24": {
		bytes: 3,
		read: (view, at) => (view.getInt8(at + 2) * 65536 + view.getUint16(at, true)) / 2 ** 23,
	},
	"pcm-s24be": { bytes: 3, read: (view, at) => (view.getInt16(at) * 256 + view.getUint8(at + 2)) / 2 ** 23 },
	"pcm-s32": { bytes: 4, read: (view, at) => view.getInt32(at, true) / 2 ** 31 },
	"pcm-s32be": { bytes: 4, read: (view, at) => view.getInt32(at) / 2 ** 31 },
	"pcm-f32": { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
	"pcm-f32be": { bytes: 4, read: (view, at) => view.getFloat32(at) },
	"pcm-f64": { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
	"pcm-f64be": { bytes: 8, read: (view, at) => view.getFloat64(at) },
};

/** Frames of uncompressed sound. */
export interface Frames {
	/** How many. */
	readonly count: number;
	/** Reads one. */
	readonly read: FrameReader;
}

/** Reads frames of a named format; undefined when the format is not known or there is no channel. */
export function frameReader(format: string, channels: number, bytes: Uint8Array): Frames | undefined {
	const sample = FORMATS[format];
	if (!sample || channels < 1) return undefined;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const frameBytes = sample.bytes * channels;
	return {
		count: Math.floor(bytes.length / frameBytes),
		read: (frame) => {
			let sum = 0;
			for (let channel = 0; channel < channels; channel++) {
				sum += sample.read(view, frame * frameBytes + channel * sample.bytes);
			}
			return sum / channels;
		},
	};
}
