import {
	EncodedAudioPacketSource,
	type EncodedPacket,
	EncodedPacketSink,
	EncodedVideoPacketSource,
	type InputAudioTrack,
	type InputVideoTrack,
	type Output,
} from "mediabunny";
import { EvidenceFileError } from "../evidence/evidence-error.ts";
import { withoutBehind } from "./cut.ts";

/** Pictures or sound of a recording, and where they go. */
export interface Track {
	/** The packets that are wanted. @param metadataOnly - without what is in them */
	packets(metadataOnly: boolean): AsyncIterable<EncodedPacket>;
	/** Makes a track for so many packets in a file. */
	attach(output: Output, count: number): void;
	/** Writes a packet. */
	add(packet: EncodedPacket): Promise<void>;
}

/** Which packets are wanted, seconds: all of them without a start. */
export interface Wanted {
	/** Where to begin. */
	readonly start: number | undefined;
	/** Where to end. */
	readonly end: number;
}

/** The pictures, from a keyframe on. @throws {EvidenceFileError} when their form is not known */
export async function pictureTrack(track: InputVideoTrack, { start, end }: Wanted): Promise<Track> {
	const { codec } = track;
	const decoderConfig = await track.getDecoderConfig();
	if (codec === null || decoderConfig === null) throw unknownForm("pictures");
	const sink = new EncodedPacketSink(track);
	const source = new EncodedVideoPacketSource(codec);
	return {
		async *packets(metadataOnly) {
			const first = start === undefined ? undefined : await firstKey(sink, start, metadataOnly);
			if (first !== null) yield* withoutBehind(sink.packets(first, undefined, { metadataOnly }), end);
		},
		attach: (output, count) => output.addVideoTrack(source, { maximumPacketCount: count }),
		add: (packet) => source.add(packet, { decoderConfig }),
	};
}

/** The sound. @throws {EvidenceFileError} when its form is not known */
export async function soundTrack(track: InputAudioTrack, { start, end }: Wanted): Promise<Track> {
	const { codec } = track;
	const decoderConfig = await track.getDecoderConfig();
	if (codec === null || decoderConfig === null) throw unknownForm("sound");
	const sink = new EncodedPacketSink(track);
	const source = new EncodedAudioPacketSource(codec);
	return {
		async *packets(metadataOnly) {
			const first = start === undefined ? undefined : await sink.getPacket(start, { metadataOnly });
			for await (const packet of sink.packets(first ?? undefined, undefined, { metadataOnly })) {
				if (packet.timestamp >= end) return;
				if (start === undefined || packet.timestamp >= start) yield packet;
			}
		},
		attach: (output, count) => output.addAudioTrack(source, { maximumPacketCount: count }),
		add: (packet) => source.add(packet, { decoderConfig }),
	};
}

/** The keyframe a part begins with: the one at its begin, or where there is none yet, the first. */
async function firstKey(
	sink: EncodedPacketSink,
	start: number,
	metadataOnly: boolean,
): Promise<EncodedPacket | null> {
	return (
		(await sink.getKeyPacket(start, { metadataOnly })) ?? (await sink.getFirstKeyPacket({ metadataOnly }))
	);
}

function unknownForm(what: string): EvidenceFileError {
	return new EvidenceFileError(`the recording has ${what} in a form that is not known`);
}
