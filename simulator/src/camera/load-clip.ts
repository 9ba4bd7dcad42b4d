import type { EncodedPacket } from "mediabunny";
import { CameraFileError } from "../container/camera-file-error.ts";
import type { PictureTrack } from "../container/container.ts";
import { Clip } from "./clip.ts";

/** Time a frame lasts when the file does not tell, µs. */
const USUAL_FRAME_TIME = 40_000;

const NAL_TYPE_MASK = 0x1f;
const NAL_TYPE_IDR = 5;

/** Offset and mask of lengthSizeMinusOne in an avcC record (ISO/IEC 14496-15 section 5.3.3.1). */
const LENGTH_SIZE_AT = 4;
const LENGTH_SIZE_MASK = 3;

/**
 * Makes a clip of the picture track of a file. It begins at the first IDR picture; decode times, which the
 * container's reader does not give, follow from the order of presentation.
 * @throws CameraFileError when the track is missing, not H.264, or has no keyframe
 */
export function loadClip(path: string, track: PictureTrack | undefined): Clip {
	const { packets, configuration } = checked(path, track);
	const lengthBytes = ((configuration[LENGTH_SIZE_AT] ?? 0) & LENGTH_SIZE_MASK) + 1;
	const units = packets.map((packet) => withLongLengths(packet.data, lengthBytes));
	const keyframe = Uint8Array.from(units, (unit) => (hasIdr(unit) ? 1 : 0));
	const first = keyframe.indexOf(1);
	if (first < 0) {
		const advice = `Encode it again, for example ffmpeg -i ${path} -c:v libx264 -g 50 out.mp4`;
		throw new CameraFileError("no-keyframes", path, "it has no keyframe (IDR picture)", advice);
	}
	const used = packets.slice(first);
	const times = timing(used);
	const bytes = units.slice(first).reduce((sum, unit) => sum + unit.length, 0);
	const patched = configuration.slice();
	patched[LENGTH_SIZE_AT] = (patched[LENGTH_SIZE_AT] ?? 0) | LENGTH_SIZE_MASK;
	return new Clip(
		{ data: units.slice(first), keyframe: keyframe.slice(first), ...times },
		{
			configuration: patched,
			width: track?.width ?? 0,
			height: track?.height ?? 0,
			frameTime: Math.round(times.period / used.length),
			bitRate: Math.round((bytes * 8e6) / times.period),
		},
	);
}

function checked(
	path: string,
	track: PictureTrack | undefined,
): { packets: readonly EncodedPacket[]; configuration: Uint8Array } {
	if (!track) {
		throw new CameraFileError("no-picture", path, "it has no video track", "Give a file with H.264 video.");
	}
	if (track.codec !== "avc") {
		const name = track.codec === "hevc" ? "H.265" : (track.codec ?? "an unknown codec");
		const advice = `The camera gives H.264: convert it, for example ffmpeg -i ${path} -c:v libx264 out.mp4`;
		throw new CameraFileError("wrong-codec", path, `its video is ${name}, not H.264`, advice);
	}
	if (track.packets.length === 0) {
		throw new CameraFileError("empty", path, "its video track has no frames", "Give a file with content.");
	}
	if (track.description === undefined || track.description.length < 7) {
		const advice = `Write them into the header, for example ffmpeg -i ${path} -c copy -tag:v avc1 out.mp4`;
		throw new CameraFileError("no-picture", path, "its video has no parameter sets", advice);
	}
	return { packets: track.packets, configuration: track.description };
}

/**
 * Presentation and decode times from 0, whole µs. A unit is decoded when the unit of its rank in presentation
 * order would be presented, earlier by as much as is needed for none to be decoded after its presentation.
 */
function timing(packets: readonly EncodedPacket[]): {
	presentation: Float64Array;
	decode: Float64Array;
	delay: number;
	period: number;
} {
	const raw = packets.map((packet) => Math.round(packet.timestamp * 1e6));
	const origin = raw.reduce((least, time) => Math.min(least, time), Infinity);
	const presentation = Float64Array.from(raw, (time) => time - origin);
	const order = Float64Array.from(presentation).sort();
	let early = 0;
	for (let index = 0; index < order.length; index++) {
		early = Math.max(early, (order[index] ?? 0) - (presentation[index] ?? 0));
	}
	const decode = order.map((time) => time - early);
	let delay = 0;
	for (let index = 0; index < order.length; index++) {
		delay = Math.max(delay, (presentation[index] ?? 0) - (decode[index] ?? 0));
	}
	const end = order[order.length - 1] ?? 0;
	const last = packets[presentation.indexOf(end)];
	const duration = Math.round((last?.duration ?? 0) * 1e6);
	const usual = end > 0 ? end / (order.length - 1) : USUAL_FRAME_TIME;
	return { presentation, decode, delay, period: Math.round(end + (duration > 0 ? duration : usual)) };
}

/** NAL units with 4-byte lengths, whatever the file used. */
function withLongLengths(unit: Uint8Array, lengthBytes: number): Uint8Array {
	if (lengthBytes === 4) return unit;
	const parts: Uint8Array[] = [];
	for (let at = 0; at + lengthBytes <= unit.length; ) {
		let length = 0;
		for (let index = 0; index < lengthBytes; index++) length = length * 256 + (unit[at + index] ?? 0);
		parts.push(Uint8Array.of(length >>> 24, length >>> 16, length >>> 8, length));
		parts.push(unit.subarray(at + lengthBytes, at + lengthBytes + length));
		at += lengthBytes + length;
	}
	return new Uint8Array(Buffer.concat(parts));
}

function hasIdr(unit: Uint8Array): boolean {
	const view = new DataView(unit.buffer, unit.byteOffset, unit.byteLength);
	for (let at = 0; at + 5 <= unit.length; at += 4 + view.getUint32(at)) {
		if (((unit[at + 4] ?? 0) & NAL_TYPE_MASK) === NAL_TYPE_IDR) return true;
	}
	return false;
}
