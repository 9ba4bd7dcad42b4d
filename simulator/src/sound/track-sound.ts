import type { SoundTrack } from "../container/container.ts";
import { frameReader } from "./frames.ts";
import { PACKET_TIME, type PcmSource, SAMPLE_RATE, samplesIn } from "./pcm.ts";
import { Ambience, FrameSource, OpusSource, type TimedPacket } from "./sources.ts";

/** The sound of a scene. */
export interface SceneSound {
	/** What can be heard. */
	readonly source: PcmSource;
	/** Packets that are already what the microphone would give. */
	readonly ready?: readonly Uint8Array[];
	/** Why the sound is not the file's own, when it is not. */
	readonly note?: string;
}

/** The oldest and newest packet times may differ from the grid by this much and still be on it, s. */
const GRID_TOLERANCE = 0.002;

/**
 * Makes the sound of a scene from a file's sound track: Opus and uncompressed sound is decoded, of anything else,
 * and of a file without sound, a faint ambience takes its place and `note` says so.
 * @param origin - time of the first picture in the container, s
 * @param period - of the scene, µs
 */
export function soundOfTrack(track: SoundTrack | undefined, origin: number, period: number): SceneSound {
	if (!track) return { source: ambience(period), note: "the file has no sound: a faint ambience is heard" };
	if (track.codec === "opus") return opusSound(track, origin, period);
	const first = track.packets[0];
	const frames = frameReader(track.codec ?? "", track.channels, joined(track));
	if (!first || !frames || frames.count === 0) {
		const name = track.codec === "aac" ? "AAC" : (track.codec ?? "unknown");
		return {
			source: ambience(period),
			note: `the file's sound (${name}) cannot be decoded here: a faint ambience is heard`,
		};
	}
	const lead = Math.round((first.timestamp - origin) * track.sampleRate);
	const source = new FrameSource(Math.max(0, frames.count + lead), track.sampleRate, (frame) =>
		frame >= lead && frame - lead < frames.count ? frames.read(frame - lead) : 0,
	);
	return { source };
}

function opusSound(track: SoundTrack, origin: number, period: number): SceneSound {
	const packets = track.packets;
	const first = packets[0]?.timestamp ?? 0;
	// Without an edit list the pre-skip is still in the first packet (Opus in ISO BMFF, section 4.3.2).
	const preSkip = first < 0 ? 0 : preSkipSeconds(track.description);
	const timed: TimedPacket[] = packets.map((packet) => ({
		data: packet.data,
		at: Math.round((packet.timestamp - origin - preSkip) * SAMPLE_RATE),
	}));
	const source = new OpusSource(timed, samplesIn(period));
	const onGrid = packets.every(
		(packet, index) =>
			Math.abs(packet.duration - PACKET_TIME / 1e6) < GRID_TOLERANCE &&
			Math.abs(packet.timestamp - first - (index * PACKET_TIME) / 1e6) < GRID_TOLERANCE,
	);
	const usable = onGrid && track.channels === 1 && Math.abs(first - origin) < 0.01;
	return usable ? { source, ready: packets.map((packet) => packet.data) } : { source };
}

/** Pre-skip in an OpusHead (RFC 7845 section 5.1), s. */
function preSkipSeconds(head: Uint8Array | undefined): number {
	if (!head || head.length < 12) return 0;
	return ((head[10] ?? 0) + (head[11] ?? 0) * 256) / 48_000;
}

function joined(track: SoundTrack): Uint8Array {
	return new Uint8Array(Buffer.concat(track.packets.map((packet) => packet.data)));
}

function ambience(period: number): Ambience {
	return new Ambience(samplesIn(period));
}
