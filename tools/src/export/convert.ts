import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import {
	CustomSource,
	EncodedAudioPacketSource,
	type EncodedPacket,
	EncodedPacketSink,
	EncodedVideoPacketSource,
	Input,
	type InputAudioTrack,
	type InputVideoTrack,
	type MetadataTags,
	MP4,
	Mp4OutputFormat,
	Output,
	StreamTarget,
	type StreamTargetChunk,
} from "mediabunny";
import { EvidenceFileError } from "../evidence/evidence-error.ts";
import { clipStart, type MediaRange, withoutBehind } from "./cut.ts";
import { interleave } from "./interleave.ts";

/** Decrypted bytes, readable from anywhere. */
export interface Plaintext {
	/** How many there are. */
	readonly bytes: number;
	/** `length` bytes from a place; fewer where they end before. */
	read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/** What to make of a recording. */
export interface ConversionOptions {
	/** The file to be written; it must not be there. */
	readonly file: string;
	/** What the file says about itself. */
	readonly tags: MetadataTags;
	/** Part of the recording that is wanted; all of it without. */
	readonly range?: MediaRange | undefined;
	/** Stops. */
	readonly signal?: AbortSignal | undefined;
	/** Told how much of the part is done, both in seconds. */
	readonly progress?: (seconds: number, total: number) => void;
}

/** What was written. Times are ms on the recording's own timeline. */
export interface Conversion {
	/** First picture or sound. */
	readonly fromMs: number;
	/** End of the last picture or sound. */
	readonly toMs: number;
	/** Pictures. */
	readonly pictures: number;
	/** Sound packets. */
	readonly packets: number;
}

/** Bytes of the recording that are kept in memory at most. */
const CACHE_BYTES = 8 << 20;

/**
 * Turns a fragmented MP4 into a progressive one, its index in front, without decoding anything: every picture and sound
 * packet stays what it was. Memory is constant but for the index. Without a range times stay those of the recording;
 * a part begins at the keyframe at or before its begin, which becomes time 0.
 * @throws {EvidenceFileError} when the recording is no MP4, is damaged, or has nothing in that part
 */
export async function convertRecording(
	recording: Plaintext,
	options: ConversionOptions,
): Promise<Conversion> {
	const { signal } = options;
	let failure: unknown;
	const read = async (from: number, to: number): Promise<Uint8Array> => {
		try {
			return await recording.read(from, to - from, signal);
		} catch (error) {
			failure ??= error;
			throw error;
		}
	};
	const source = new CustomSource({ getSize: () => recording.bytes, read, maxCacheSize: CACHE_BYTES });
	const input = new Input({ formats: [MP4], source });
	try {
		return await new Converter(input, options).run();
	} catch (error) {
		signal?.throwIfAborted();
		if (failure !== undefined) throw failure;
		if (error instanceof WriteError) throw error.cause;
		if (error instanceof EvidenceFileError) throw error;
		const reason = error instanceof Error ? error.message : String(error);
		throw new EvidenceFileError(`what is encrypted is no recording that can be played: ${reason}`, {
			cause: error,
		});
	} finally {
		input.dispose();
	}
}

/** Tells what the disk refuses from what the recording lacks. */
class WriteError extends Error {}

/** Packets of a track that are wanted, and whom they go to. */
interface Track {
	readonly packets: () => AsyncIterable<EncodedPacket>;
	readonly count: number;
	add(packet: EncodedPacket): Promise<void>;
}

class Converter {
	readonly #input: Input;
	readonly #options: ConversionOptions;
	/** Seconds that are taken off every time. */
	#base = 0;
	#from = Number.POSITIVE_INFINITY;
	#to = 0;

	constructor(input: Input, options: ConversionOptions) {
		this.#input = input;
		this.#options = options;
	}

	async run(): Promise<Conversion> {
		const { file, tags, range, signal } = this.#options;
		const picture = await this.#input.getPrimaryVideoTrack();
		const sound = await this.#input.getPrimaryAudioTrack();
		if (range !== undefined && range.from >= (await this.#input.computeDuration())) throw this.#nothing();
		const start = range === undefined ? undefined : await clipStart(picture, range);
		this.#base = start ?? 0;
		const handle = await open(file, "wx");
		try {
			const target = new StreamTarget(writeTo(handle), { chunked: true, chunkSize: 1 << 20 });
			const output = new Output({ format: new Mp4OutputFormat({ fastStart: "reserve" }), target });
			const pictures = picture === null ? undefined : await this.#pictures(output, picture, start);
			const packets = sound === null ? undefined : await this.#sound(output, sound, start);
			const tracks = [pictures, packets].filter((track) => track !== undefined);
			if (tracks.every(({ count }) => count === 0)) throw this.#nothing();
			output.setMetadataTags(tags);
			try {
				await output.start();
				await this.#copy(tracks.filter(({ count }) => count > 0));
				signal?.throwIfAborted();
				await output.finalize();
			} catch (error) {
				await output.cancel().catch(() => {});
				throw error;
			}
			await handle.sync();
			return {
				fromMs: Math.round(this.#from * 1000),
				toMs: Math.round(this.#to * 1000),
				pictures: pictures?.count ?? 0,
				packets: packets?.count ?? 0,
			};
		} finally {
			await handle.close();
		}
	}

	#nothing(): EvidenceFileError {
		const { range } = this.#options;
		if (range === undefined) return new EvidenceFileError("the recording holds neither picture nor sound");
		return new EvidenceFileError(`the recording has nothing from ${range.from} s to ${range.to} s`, {
			hint: "Times of a clip count from the begin of the recording.",
		});
	}

	async #pictures(output: Output, track: InputVideoTrack, start: number | undefined): Promise<Track> {
		const { codec } = track;
		const decoderConfig = await track.getDecoderConfig();
		if (codec === null || decoderConfig === null)
			throw new EvidenceFileError("the pictures are in a form that is not known");
		const sink = new EncodedPacketSink(track);
		const end = this.#options.range?.to ?? Number.POSITIVE_INFINITY;
		const packets = async function* (metadataOnly: boolean): AsyncGenerator<EncodedPacket> {
			const first = start === undefined ? undefined : await firstKey(sink, start);
			if (first === null) return;
			yield* withoutBehind(sink.packets(first, undefined, { metadataOnly }), end);
		};
		const count = await countOf(packets(true), this.#options.signal);
		const source = new EncodedVideoPacketSource(codec);
		if (count > 0) output.addVideoTrack(source, { maximumPacketCount: count });
		return {
			packets: () => packets(false),
			count,
			add: (packet) => source.add(packet, { decoderConfig }),
		};
	}

	async #sound(output: Output, track: InputAudioTrack, start: number | undefined): Promise<Track> {
		const { codec } = track;
		const decoderConfig = await track.getDecoderConfig();
		if (codec === null || decoderConfig === null)
			throw new EvidenceFileError("the sound is in a form that is not known");
		const sink = new EncodedPacketSink(track);
		const end = this.#options.range?.to ?? Number.POSITIVE_INFINITY;
		const packets = async function* (metadataOnly: boolean): AsyncGenerator<EncodedPacket> {
			const first = start === undefined ? undefined : await sink.getPacket(start);
			for await (const packet of sink.packets(first ?? undefined, undefined, { metadataOnly })) {
				if (packet.timestamp >= end) return;
				if (start === undefined || packet.timestamp >= start) yield packet;
			}
		};
		const count = await countOf(packets(true), this.#options.signal);
		const source = new EncodedAudioPacketSource(codec);
		if (count > 0) output.addAudioTrack(source, { maximumPacketCount: count });
		return {
			packets: () => packets(false),
			count,
			add: (packet) => source.add(packet, { decoderConfig }),
		};
	}

	async #copy(tracks: readonly Track[]): Promise<void> {
		const { range, signal, progress } = this.#options;
		const total = range?.to ?? (await this.#input.computeDuration());
		for await (const { packet, from } of interleave<EncodedPacket, Track>(tracks)) {
			signal?.throwIfAborted();
			this.#from = Math.min(this.#from, Math.max(0, packet.timestamp));
			this.#to = Math.max(this.#to, packet.timestamp + packet.duration);
			const moved = this.#base === 0 ? packet : packet.clone({ timestamp: packet.timestamp - this.#base });
			await from.add(moved);
			progress?.(Math.max(0, packet.timestamp - this.#base), Math.max(0, total - this.#base));
		}
	}
}

/** The keyframe a part begins with: the one at its begin, or where there is none yet, the first. */
async function firstKey(sink: EncodedPacketSink, start: number): Promise<EncodedPacket | null> {
	return (await sink.getKeyPacket(start)) ?? (await sink.getFirstKeyPacket());
}

async function countOf(
	packets: AsyncIterable<EncodedPacket>,
	signal: AbortSignal | undefined,
): Promise<number> {
	let count = 0;
	for await (const _ of packets) {
		signal?.throwIfAborted();
		count++;
	}
	return count;
}

function writeTo(handle: FileHandle): WritableStream<StreamTargetChunk> {
	return new WritableStream({
		async write({ data, position }) {
			try {
				for (let at = 0; at < data.length; ) {
					const { bytesWritten } = await handle.write(data, at, data.length - at, position + at);
					at += bytesWritten;
				}
			} catch (error) {
				throw new WriteError("it cannot be written", { cause: error });
			}
		},
	});
}
