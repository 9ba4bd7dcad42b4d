import { MicrophoneFileError } from "../container/camera-file-error.ts";
import { frameReader } from "./frames.ts";
import { FrameSource } from "./sources.ts";

const FORMAT_PCM = 1;
const FORMAT_FLOAT = 3;
const FORMAT_EXTENSIBLE = 0xfffe;

/**
 * Reads a WAV file (RIFF/WAVE, uncompressed, any rate, all channels averaged).
 * @throws MicrophoneFileError when it is not one
 */
export function readWav(path: string, bytes: Uint8Array): FrameSource {
	const chunks = riffChunks(bytes);
	const format = chunks?.get("fmt ");
	const data = chunks?.get("data");
	if (!format || format.length < 16 || !data) throw refuse(path, "it is not a WAV file");
	const view = new DataView(format.buffer, format.byteOffset, format.byteLength);
	const tag = view.getUint16(0, true);
	const kind = tag === FORMAT_EXTENSIBLE && format.length >= 26 ? view.getUint16(24, true) : tag;
	const channels = view.getUint16(2, true);
	const rate = view.getUint32(4, true);
	const bits = view.getUint16(14, true);
	const frames = frameReader(formatName(kind, bits), channels, data);
	if (!frames || rate === 0)
		throw refuse(path, `its sound is compressed or of an unknown kind (${kind}, ${bits} bit)`);
	if (frames.count === 0) throw refuse(path, "it has no sound in it");
	return new FrameSource(frames.count, rate, frames.read);
}

function formatName(kind: number, bits: number): string {
	if (kind === FORMAT_FLOAT) return `pcm-f${bits}`;
	if (kind !== FORMAT_PCM) return "";
	return bits === 8 ? "pcm-u8" : `pcm-s${bits}`;
}

function riffChunks(bytes: Uint8Array): Map<string, Uint8Array> | undefined {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const text = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
	if (bytes.length < 12 || text(0) !== "RIFF" || text(8) !== "WAVE") return undefined;
	const chunks = new Map<string, Uint8Array>();
	for (let at = 12; at + 8 <= bytes.length; ) {
		const size = view.getUint32(at + 4, true);
		const name = text(at);
		if (!chunks.has(name)) chunks.set(name, bytes.subarray(at + 8, Math.min(bytes.length, at + 8 + size)));
		at += 8 + size + (size % 2);
	}
	return chunks;
}

function refuse(path: string, what: string): MicrophoneFileError {
	const advice = `Convert it, for example ffmpeg -i ${path} -c:a pcm_s16le out.wav`;
	return new MicrophoneFileError("not-a-sound", path, what, advice);
}
