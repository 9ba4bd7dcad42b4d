import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import {
	CustomSource,
	type EncodedPacket,
	Input,
	type InputVideoTrack,
	type MetadataTags,
	MP4,
	Mp4OutputFormat,
	Output,
	StreamTarget,
	type StreamTargetChunk,
} from "mediabunny";
import { UsageError } from "../errors.ts";
import { EvidenceFileError } from "../evidence/evidence-error.ts";
import { BlockReader } from "./block-reader.ts";
import { clipStart, type MediaRange } from "./cut.ts";
import { interleave, type Lane } from "./interleave.ts";
import type { Plaintext } from "./plaintext.ts";
import { pictureTrack, soundTrack, type Track, type Wanted } from "./tracks.ts";

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

/** Bytes that the demultiplexer keeps in memory besides. */
const CACHE_BYTES = 2 << 20;

/**
 * Turns a fragmented MP4 into a progressive one, its index in front, without decoding anything: every picture and sound
 * packet stays what it was. Memory is constant but for the index. Without a range times stay those of the recording;
 * a part begins at the keyframe at or before its begin, which becomes time 0.
 * @throws {EvidenceFileError} when the recording is no MP4, or is damaged
 * @throws {UsageError} when it has nothing in that part
 */
export async function convertRecording(
	recording: Plaintext,
	options: ConversionOptions,
): Promise<Conversion> {
	const { signal } = options;
	let failure: unknown;
	const blocks = new BlockReader(recording, signal);
	const read = async (from: number, to: number): Promise<Uint8Array> => {
		try {
			return await blocks.read(from, to);
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
		if (error instanceof EvidenceFileError || error instanceof UsageError) throw error;
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
		const picture = await this.#input.getPrimaryVideoTrack();
		const sound = await this.#input.getPrimaryAudioTrack();
		const wanted = await this.#wanted(picture);
		this.#base = wanted.start ?? 0;
		const pictures = picture === null ? undefined : await pictureTrack(picture, wanted);
		const packets = sound === null ? undefined : await soundTrack(sound, wanted);
		const counts = await this.#count([pictures, packets].filter((track) => track !== undefined));
		if (counts.size === 0) throw this.#nothing();
		await this.#write(counts);
		return {
			fromMs: Math.round(this.#from * 1000),
			toMs: Math.round(this.#to * 1000),
			pictures: counts.get(pictures as Track) ?? 0,
			packets: counts.get(packets as Track) ?? 0,
		};
	}

	async #wanted(picture: InputVideoTrack | null): Promise<Wanted> {
		const { range } = this.#options;
		if (range === undefined) return { start: undefined, end: Number.POSITIVE_INFINITY };
		if (range.from >= (await this.#input.computeDuration())) throw this.#nothing();
		return { start: await clipStart(picture, range), end: range.to };
	}

	#nothing(): EvidenceFileError | UsageError {
		const { range } = this.#options;
		if (range === undefined) return new EvidenceFileError("the recording holds neither picture nor sound");
		return new UsageError(`the recording has nothing from ${range.from} s to ${range.to} s`, {
			hint: "Times of a clip count from the begin of the recording.",
		});
	}

	/** Packets of each track that has some; the index in front of the file is as long as they are many. */
	async #count(tracks: readonly Track[]): Promise<ReadonlyMap<Track, number>> {
		const counts = new Map<Track, number>();
		for await (const { of } of interleave(lanesOf(tracks, true))) {
			this.#options.signal?.throwIfAborted();
			counts.set(of, (counts.get(of) ?? 0) + 1);
		}
		return counts;
	}

	async #write(counts: ReadonlyMap<Track, number>): Promise<void> {
		const { file, tags, signal } = this.#options;
		const handle = await open(file, "wx");
		try {
			const target = new StreamTarget(writeTo(handle), { chunked: true, chunkSize: 1 << 20 });
			const output = new Output({ format: new Mp4OutputFormat({ fastStart: "reserve" }), target });
			for (const [track, count] of counts) track.attach(output, count);
			output.setMetadataTags(tags);
			try {
				await output.start();
				await this.#copy([...counts.keys()]);
				signal?.throwIfAborted();
				await output.finalize();
			} catch (error) {
				await output.cancel().catch(() => {});
				throw error;
			}
			await handle.sync();
		} finally {
			await handle.close();
		}
	}

	async #copy(tracks: readonly Track[]): Promise<void> {
		const { range, signal, progress } = this.#options;
		const total = range?.to ?? (await this.#input.computeDuration());
		for await (const { packet, of } of interleave(lanesOf(tracks, false))) {
			signal?.throwIfAborted();
			this.#from = Math.min(this.#from, Math.max(0, packet.timestamp));
			this.#to = Math.max(this.#to, packet.timestamp + packet.duration);
			const moved = this.#base === 0 ? packet : packet.clone({ timestamp: packet.timestamp - this.#base });
			await of.add(moved);
			progress?.(Math.max(0, packet.timestamp - this.#base), Math.max(0, total - this.#base));
		}
	}
}

function lanesOf(tracks: readonly Track[], metadataOnly: boolean): readonly Lane<EncodedPacket, Track>[] {
	return tracks.map((track) => ({ of: track, packets: track.packets(metadataOnly) }));
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
