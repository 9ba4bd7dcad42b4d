import type { AudioFormat } from "../../hal/encoded-audio-in.ts";
import type { VideoFormat } from "../../hal/encoded-video-in.ts";
import { type BoxContent, box, characters, fullBox, u16, u32, u64 } from "./boxes.ts";

/** Time scale of the movie and of pictures: µs, so that board times go in as they are. */
export const VIDEO_TIMESCALE = 1_000_000;

/** Time scale of sound (Encapsulation of Opus in ISO Base Media File Format, 4.3: always 48 kHz). */
export const AUDIO_TIMESCALE = 48_000;

/** Track of the pictures. */
export const VIDEO_TRACK = 1;

/** Track of the sound. */
export const AUDIO_TRACK = 2;

/** Sample flags of a picture that can be decoded by itself, and of one that cannot (14496-12, 8.8.3.1). */
export const SYNC_SAMPLE = 0x0200_0000;

/** See `SYNC_SAMPLE`. */
export const NON_SYNC_SAMPLE = 0x0101_0000;

/** Seconds from 1904 to 1970. */
const EPOCH = 2_082_844_800;

/** Time over which an Opus decoder settles: 80 ms (RFC 7845, 4.6). */
const PRE_ROLL = 80_000;

const UNITY = [
	u32(0x1_0000),
	u32(0),
	u32(0),
	u32(0),
	u32(0x1_0000),
	u32(0),
	u32(0),
	u32(0),
	u32(0x4000_0000),
];

/** What a recording is made of. */
export interface InitSegmentOptions {
	/** Pictures; left out when there are none. */
	readonly video?: VideoFormat | undefined;
	/** Reorder delay of the pictures, µs: the edit list takes it off again. */
	readonly videoDelay: number;
	/** Sound; left out when there is none. */
	readonly audio?: AudioFormat | undefined;
	/** Wall clock at the trigger, ms since 1970; left out while it is unset. */
	readonly startedAt?: number | undefined;
}

function track(
	id: number,
	created: number,
	sound: boolean,
	size: readonly [number, number],
	mediaTime: number,
	media: Uint8Array,
): Uint8Array {
	const header = fullBox(
		"tkhd",
		1,
		3,
		u64(created),
		u64(created),
		u32(id),
		u32(0),
		u64(0),
		u64(0),
		u16(0),
		u16(sound ? 1 : 0),
		u16(sound ? 0x100 : 0),
		u16(0),
		...UNITY,
		u32(size[0] * 0x1_0000),
		u32(size[1] * 0x1_0000),
	);
	// Duration 0: the edit goes on to the end of the fragments.
	const edit = fullBox("elst", 0, 0, u32(1), u32(0), u32(mediaTime), u32(0x1_0000));
	return box("trak", header, box("edts", edit), media);
}

function media(
	created: number,
	timescale: number,
	handler: string,
	name: string,
	header: Uint8Array,
	...description: readonly Uint8Array[]
): Uint8Array {
	const [entry, ...groups] = description;
	const none = u32(0);
	const table = box(
		"stbl",
		fullBox("stsd", 0, 0, u32(1), entry as Uint8Array),
		fullBox("stts", 0, 0, none),
		fullBox("stsc", 0, 0, none),
		fullBox("stsz", 0, 0, none, none),
		fullBox("stco", 0, 0, none),
		...groups,
	);
	const data = box("dinf", fullBox("dref", 0, 0, u32(1), fullBox("url ", 0, 1)));
	return box(
		"mdia",
		fullBox("mdhd", 1, 0, u64(created), u64(created), u32(timescale), u64(0), u16(0x55c4), u16(0)),
		fullBox("hdlr", 0, 0, u32(0), characters(handler), u32(0), u32(0), u32(0), characters(`${name}\0`)),
		box("minf", header, data, table),
	);
}

function videoTrack(format: VideoFormat, delay: number, created: number): Uint8Array {
	const entry = box(
		"avc1",
		[0, 0, 0, 0, 0, 0, ...u16(1)],
		new Uint8Array(16),
		u16(format.width),
		u16(format.height),
		u32(0x48_0000),
		u32(0x48_0000),
		u32(0),
		u16(1),
		new Uint8Array(32),
		u16(24),
		u16(0xffff),
		box("avcC", format.configuration),
	);
	const header = fullBox("vmhd", 0, 1, u16(0), u16(0), u16(0), u16(0));
	const content = media(created, VIDEO_TIMESCALE, "vide", "Picture", header, entry);
	return track(VIDEO_TRACK, created, false, [format.width, format.height], delay, content);
}

function audioTrack(format: AudioFormat, created: number): Uint8Array {
	const specific = box(
		"dOps",
		[0, format.channels],
		u16(format.preSkip),
		u32(format.sampleRate),
		u16(0),
		[0],
	);
	const entry = box(
		"Opus",
		[0, 0, 0, 0, 0, 0, ...u16(1)],
		u32(0),
		u32(0),
		u16(format.channels),
		u16(16),
		u32(0),
		u32(AUDIO_TIMESCALE * 0x1_0000),
		specific,
	);
	const distance = Math.ceil(PRE_ROLL / Math.max(1, format.packetTime));
	const roll = fullBox("sgpd", 2, 0, characters("roll"), u32(1), u32(1), u16(-distance));
	const header = fullBox("smhd", 0, 0, u16(0), u16(0));
	const content = media(created, AUDIO_TIMESCALE, "soun", "Sound", header, entry, roll);
	return track(AUDIO_TRACK, created, true, [0, 0], format.preSkip, content);
}

function trackDefaults(id: number, flags: number): Uint8Array {
	return fullBox("trex", 0, 0, u32(id), u32(1), u32(0), u32(0), u32(flags));
}

/**
 * The beginning of a fragmented MP4: ftyp and moov (ISO/IEC 14496-12; -15 for H.264; Encapsulation of Opus in ISO
 * Base Media File Format). Tracks have no samples here; fragments bring them.
 */
export function buildInitSegment(options: InitSegmentOptions): Uint8Array {
	const { video, audio, videoDelay, startedAt } = options;
	const created = startedAt === undefined ? 0 : Math.floor(startedAt / 1000) + EPOCH;
	const tracks: Uint8Array[] = [];
	const defaults: Uint8Array[] = [];
	if (video) {
		tracks.push(videoTrack(video, videoDelay, created));
		defaults.push(trackDefaults(VIDEO_TRACK, NON_SYNC_SAMPLE));
	}
	if (audio) {
		tracks.push(audioTrack(audio, created));
		defaults.push(trackDefaults(AUDIO_TRACK, SYNC_SAMPLE));
	}
	const brands: BoxContent = characters("iso6iso5isommp41");
	const header = fullBox(
		"mvhd",
		1,
		0,
		u64(created),
		u64(created),
		u32(VIDEO_TIMESCALE),
		u64(0),
		u32(0x1_0000),
		u16(0x100),
		u16(0),
		u32(0),
		u32(0),
		...UNITY,
		new Uint8Array(24),
		u32(AUDIO_TRACK + 1),
	);
	const type = box("ftyp", characters("iso6"), u32(0x200), brands);
	const movie = box("moov", header, ...tracks, box("mvex", ...defaults));
	const bytes = new Uint8Array(type.length + movie.length);
	bytes.set(type, 0);
	bytes.set(movie, type.length);
	return bytes;
}
