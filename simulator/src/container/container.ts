import {
	BufferSource,
	type EncodedPacket,
	EncodedPacketSink,
	Input,
	type InputAudioTrack,
	type InputTrack,
	type InputVideoTrack,
	MP4,
	QTFF,
} from "mediabunny";
import { CameraFileError } from "./camera-file-error.ts";

/** A track of a container, read completely. Times in seconds, as the container has them. */
export interface ContainerTrack {
	/** Name of the codec, e.g. `avc`, `hevc`, `opus`, `pcm-s16`, `aac`; undefined when it is not known. */
	readonly codec: string | undefined;
	/** Packets in decode order. */
	readonly packets: readonly EncodedPacket[];
	/** The codec's own configuration, e.g. avcC. */
	readonly description: Uint8Array | undefined;
}

/** The picture of a container. */
export interface PictureTrack extends ContainerTrack {
	/** Width in pixels. */
	readonly width: number;
	/** Height in pixels. */
	readonly height: number;
}

/** The sound of a container. */
export interface SoundTrack extends ContainerTrack {
	/** Sample rate in Hz. */
	readonly sampleRate: number;
	/** Channels. */
	readonly channels: number;
}

/** What a container holds. */
export interface Container {
	/** The first picture track. */
	readonly picture: PictureTrack | undefined;
	/** The first sound track. */
	readonly sound: SoundTrack | undefined;
}

/**
 * Reads an MP4 or QuickTime file.
 * @throws CameraFileError when it is neither, or cut off
 */
export async function readContainer(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<Container> {
	const { types, cutOff } = topLevelBoxes(bytes);
	if (!types.has("ftyp") && !types.has("moov")) {
		const advice = "Give an MP4 or MOV file with H.264 video.";
		throw new CameraFileError("not-a-video", path, "it is neither MP4 nor QuickTime", advice);
	}
	if (cutOff || !types.has("moov")) throw truncated(path);
	const input = new Input({ formats: [MP4, QTFF], source: new BufferSource(bytes) });
	try {
		const video = await input.getPrimaryVideoTrack();
		const audio = await input.getPrimaryAudioTrack();
		return {
			picture: video ? await readPicture(video) : undefined,
			sound: audio ? await readSound(audio) : undefined,
		};
	} catch (error) {
		if (error instanceof CutOffError) throw truncated(path);
		const reason = error instanceof Error ? error.message : String(error);
		const advice = "It is damaged or cut off: make it again, or repair it with ffmpeg.";
		throw new CameraFileError("truncated", path, `it cannot be read as a video (${reason})`, advice);
	} finally {
		input.dispose();
	}
}

class CutOffError extends Error {}

async function readPicture(track: InputVideoTrack): Promise<PictureTrack> {
	const codec = track.codec ?? undefined;
	const size = { width: track.codedWidth, height: track.codedHeight };
	if (codec !== "avc") return { codec, packets: [], description: undefined, ...size };
	const configuration = await track.getDecoderConfig();
	return { codec, ...size, packets: await readPackets(track), description: view(configuration?.description) };
}

async function readSound(track: InputAudioTrack): Promise<SoundTrack> {
	const codec = track.codec ?? undefined;
	const format = { sampleRate: track.sampleRate, channels: track.numberOfChannels };
	const wanted = codec === "opus" || codec?.startsWith("pcm-") || codec === "ulaw" || codec === "alaw";
	if (!wanted) return { codec, packets: [], description: undefined, ...format };
	const configuration = await track.getDecoderConfig();
	return {
		codec,
		...format,
		packets: await readPackets(track),
		description: view(configuration?.description),
	};
}

async function readPackets(track: InputTrack): Promise<EncodedPacket[]> {
	const packets: EncodedPacket[] = [];
	for await (const packet of new EncodedPacketSink(track).packets()) {
		if (packet.data.length === 0 || packet.data.length !== packet.byteLength) throw new CutOffError();
		packets.push(packet);
	}
	return packets;
}

function view(source: AllowSharedBufferSource | undefined): Uint8Array | undefined {
	if (source === undefined) return undefined;
	return ArrayBuffer.isView(source)
		? new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice()
		: new Uint8Array(source).slice();
}

function truncated(path: string): CameraFileError {
	const advice = "Copy or record it again; ffmpeg can often repair what is there.";
	return new CameraFileError("truncated", path, "the file is cut off", advice);
}

/** The boxes at the top level (ISO/IEC 14496-12 section 4.2), as far as they follow each other. */
function topLevelBoxes(bytes: Uint8Array): { types: Set<string>; cutOff: boolean } {
	const types = new Set<string>();
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	for (let at = 0; at + 8 <= bytes.length; ) {
		const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
		if (!/^[\w \-©]{4}$/.test(type)) break;
		const short = view.getUint32(at);
		const size = short === 1 && at + 16 <= bytes.length ? Number(view.getBigUint64(at + 8)) : short;
		types.add(type);
		if (size < 8) break;
		at += size;
		if (at > bytes.length) return { types, cutOff: true };
	}
	return { types, cutOff: false };
}
