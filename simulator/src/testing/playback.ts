import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { EncodedPacket } from "mediabunny";
import type { Clip } from "../camera/clip.ts";
import { readContainer } from "../container/container.ts";
import { OpusCodec } from "../sound/opus.ts";
import { SAMPLE_RATE } from "../sound/pcm.ts";

/** A recording, read the way a player reads it. Times in seconds on the recording's own timeline. */
export interface Playback {
	/** Access units in decode order. */
	readonly pictures: readonly EncodedPacket[];
	/** Opus packets. */
	readonly packets: readonly EncodedPacket[];
	/** Decoded sound, 16 kHz mono, and when its first sample is heard; undefined for a silent recording. */
	readonly sound: { readonly start: number; readonly samples: Int16Array } | undefined;
}

/**
 * Reads a recording with an independent demuxer.
 * @throws CameraFileError when it is not a playable MP4
 */
export async function playBack(recording: Uint8Array): Promise<Playback> {
	const { picture, sound } = await readContainer("recording.mp4", new Uint8Array(recording));
	const packets = sound?.packets ?? [];
	return {
		pictures: picture?.packets ?? [],
		packets,
		sound: packets.length > 0 ? decode(packets) : undefined,
	};
}

function decode(packets: readonly EncodedPacket[]): { start: number; samples: Int16Array } {
	const codec = new OpusCodec();
	const parts = packets.map((packet) => codec.decode(packet.data));
	codec.close();
	const samples = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		samples.set(part, at);
		at += part.length;
	}
	return { start: packets[0]?.timestamp ?? 0, samples };
}

/** Which frame of the clip each picture is, by its bytes; -1 for one that is not in the clip. */
export function framesOfClip(clip: Clip, pictures: readonly EncodedPacket[]): number[] {
	const known = new Map(clip.units.data.map((unit, index) => [fingerprint(unit), index]));
	return pictures.map((picture) => known.get(fingerprint(picture.data)) ?? -1);
}

/** The places where a run of frames of a looping clip is broken; empty when it is unbroken. */
export function breaks(clip: Clip, frames: readonly number[]): number[] {
	const round = clip.units.data.length;
	return frames.flatMap((frame, index) => {
		const before = frames[index - 1];
		const follows = frame >= 0 && (before === undefined || frame === (before + 1) % round);
		return follows ? [] : [index];
	});
}

function fingerprint(unit: Uint8Array): string {
	return Buffer.from(unit.buffer, unit.byteOffset, unit.byteLength).toString("latin1");
}

/** Frequency of the clip's beep, Hz. */
const BEEP_HZ = 1000;

/** Window in which the tone's level is measured, samples (4 ms: a whole number of periods). */
const WINDOW = 64;

/** When each beep of the project's clip begins, in seconds on the recording's timeline. */
export function beepOnsets(sound: NonNullable<Playback["sound"]>): number[] {
	const levels: number[] = [];
	for (let at = 0; at + WINDOW <= sound.samples.length; at += WINDOW / 4)
		levels.push(toneLevel(sound.samples, at));
	const threshold = levels.reduce((most, level) => Math.max(most, level), 0) / 4;
	const onsets: number[] = [];
	let quietSince = -1;
	levels.forEach((level, index) => {
		const time = sound.start + (index * (WINDOW / 4) + WINDOW / 2) / SAMPLE_RATE;
		if (level < threshold) return;
		if (quietSince < 0 || time - quietSince > 0.5) onsets.push(time);
		quietSince = time;
	});
	return onsets;
}

const ANGLES = Float64Array.from(
	{ length: WINDOW },
	(_, index) => (2 * Math.PI * BEEP_HZ * index) / SAMPLE_RATE,
);
const COSINE = ANGLES.map(Math.cos);
const SINE = ANGLES.map(Math.sin);

function toneLevel(samples: Int16Array, at: number): number {
	let real = 0;
	let imaginary = 0;
	for (let index = 0; index < WINDOW; index++) {
		const sample = samples[at + index] ?? 0;
		real += sample * (COSINE[index] ?? 0);
		imaginary += sample * (SINE[index] ?? 0);
	}
	return Math.hypot(real, imaginary);
}

/**
 * How far sound is from picture, in seconds for each beep: positive when it is late. For the project's clip.
 * @param spoken - seconds of the recording in which the speaker talks, and a beep cannot be told from a voice
 */
export function soundDelays(
	clip: Clip,
	playback: Playback,
	spoken: { readonly from: number; readonly to: number } = { from: 0, to: 0 },
): number[] {
	const frames = framesOfClip(clip, playback.pictures);
	const flashes = playback.pictures
		.filter((_, index) => (frames[index] ?? -1) % 25 === 0)
		.map(({ timestamp }) => timestamp);
	if (!playback.sound) return [];
	return beepOnsets(playback.sound).flatMap((onset) => {
		const delays = flashes.map((flash) => onset - flash);
		const nearest = delays.sort((a, b) => Math.abs(a) - Math.abs(b))[0];
		if (onset >= spoken.from && onset <= spoken.to) return [];
		return nearest === undefined || Math.abs(nearest) > 0.5 ? [] : [nearest];
	});
}

/** When the announcement is heard, in seconds of the recording, with a breath behind it. */
export function spokenIn({ announcement, video, audio }: RecordingMetadata): { from: number; to: number } {
	const origin = Math.min(video.firstMs, audio?.firstMs ?? video.firstMs);
	if (!announcement) return { from: 0, to: 0 };
	return { from: (announcement.startMs - origin) / 1000, to: (announcement.endMs - origin) / 1000 + 0.2 };
}

/**
 * Looks for a sound in another by normalised cross-correlation.
 * @param from - first second searched
 * @param to - last second searched
 * @returns how alike they are where they are most alike (1: identical), and where that is in seconds
 */
export function findSound(
	sound: NonNullable<Playback["sound"]>,
	wanted: Int16Array,
	from: number,
	to: number,
): { likeness: number; at: number } {
	let best = { likeness: 0, at: from };
	const first = Math.max(0, Math.round((from - sound.start) * SAMPLE_RATE));
	const last = Math.min(sound.samples.length - wanted.length, Math.round((to - sound.start) * SAMPLE_RATE));
	const energy = Math.sqrt(wanted.reduce((sum, sample) => sum + sample * sample, 0));
	for (let lag = first; lag <= last; lag++) {
		let product = 0;
		let own = 0;
		for (let index = 0; index < wanted.length; index += 2) {
			const sample = sound.samples[lag + index] ?? 0;
			product += sample * (wanted[index] ?? 0);
			own += sample * sample;
		}
		const likeness = (product * Math.SQRT2) / (Math.sqrt(own) * energy || 1);
		if (likeness > best.likeness) best = { likeness, at: sound.start + lag / SAMPLE_RATE };
	}
	return best;
}
