import { OpusCodec } from "./opus.ts";
import { PACKET_SAMPLES, type PcmSource, SAMPLE_RATE } from "./pcm.ts";

/** Blocks of decoded sound that are kept, 1 s each. */
const KEPT_BLOCKS = 240;

/** Sound that is computed in blocks of a second and kept for a while. */
abstract class BlockSource implements PcmSource {
	readonly length: number;
	readonly #blocks = new Map<number, Int16Array>();

	constructor(length: number) {
		this.length = length;
	}

	read(from: number, into: Int16Array): void {
		for (let done = 0; done < into.length; ) {
			const at = from + done;
			const index = Math.floor(at / SAMPLE_RATE);
			const offset = at - index * SAMPLE_RATE;
			const count = Math.min(into.length - done, SAMPLE_RATE - offset);
			const part = this.#block(index).subarray(offset, offset + count);
			into.set(part, done);
			done += count;
		}
	}

	/** Computes the block with that number into `into`, which is zero. */
	protected abstract compute(index: number, into: Int16Array): void;

	#block(index: number): Int16Array {
		const known = this.#blocks.get(index);
		if (known) return known;
		const block = new Int16Array(SAMPLE_RATE);
		if (index * SAMPLE_RATE < this.length) this.compute(index, block);
		if (this.#blocks.size === KEPT_BLOCKS) {
			const oldest = this.#blocks.keys().next();
			if (!oldest.done) this.#blocks.delete(oldest.value);
		}
		this.#blocks.set(index, block);
		return block;
	}
}

/** One packet of encoded sound with its place in time. */
export interface TimedPacket {
	/** Its bytes. */
	readonly data: Uint8Array;
	/** Where its sound begins, samples at 16 kHz, pre-skip subtracted. */
	readonly at: number;
}

/** Packets decoded before those that count, so that the decoder has settled (RFC 7845 section 4.6: 80 ms). */
const PRE_ROLL_SAMPLES = 1280;

/** Sound from Opus packets, decoded when it is asked for. */
export class OpusSource extends BlockSource {
	readonly #packets: readonly TimedPacket[];

	/** @param packets - in order of time */
	constructor(packets: readonly TimedPacket[], length: number) {
		super(length);
		this.#packets = packets;
	}

	protected override compute(index: number, into: Int16Array): void {
		const from = index * SAMPLE_RATE;
		const codec = new OpusCodec();
		for (const packet of this.#packets) {
			if (packet.at < from - PRE_ROLL_SAMPLES - 2 * PACKET_SAMPLES) continue;
			if (packet.at >= from + SAMPLE_RATE) break;
			const pcm = codec.decode(packet.data);
			const start = packet.at - from;
			for (let sample = Math.max(0, -start); sample < pcm.length; sample++) {
				if (start + sample < into.length) into[start + sample] = pcm[sample] ?? 0;
			}
		}
		codec.close();
	}
}

/** Reads one frame of uncompressed sound, all channels averaged, as -1 to 1. */
export type FrameReader = (frame: number) => number;

/** Sound from uncompressed frames of any rate, brought to 16 kHz when it is asked for. */
export class FrameSource extends BlockSource {
	readonly #frames: number;
	readonly #rate: number;
	readonly #readFrame: FrameReader;

	constructor(frames: number, rate: number, readFrame: FrameReader) {
		super(Math.floor((frames * SAMPLE_RATE) / rate));
		this.#frames = frames;
		this.#rate = rate;
		this.#readFrame = readFrame;
	}

	/** A triangular kernel as wide as the slower of the two rates demands: interpolates up, averages down. */
	protected override compute(index: number, into: Int16Array): void {
		const step = this.#rate / SAMPLE_RATE;
		const reach = Math.max(1, step);
		for (let sample = 0; sample < into.length; sample++) {
			const centre = (index * SAMPLE_RATE + sample) * step;
			const first = Math.max(0, Math.ceil(centre - reach));
			const last = Math.min(this.#frames - 1, Math.floor(centre + reach));
			let sum = 0;
			let weights = 0;
			for (let frame = first; frame <= last; frame++) {
				const weight = 1 - Math.abs(frame - centre) / reach;
				sum += weight * this.#readFrame(frame);
				weights += weight;
			}
			const value = weights > 0 ? sum / weights : 0;
			into[sample] = Math.max(-32768, Math.min(32767, Math.round(value * 32767)));
		}
	}
}

/** No sound at all. */
export const SILENCE: PcmSource = {
	length: 0,
	read: (_from, into) => {
		into.fill(0);
	},
};

/** Loudness of the ambience, of 32768. */
const AMBIENCE_LEVEL = 120;

/** A faint noise, for scenes whose own sound cannot be had: a street far away. The same every time. */
export class Ambience extends BlockSource {
	protected override compute(index: number, into: Int16Array): void {
		let state = (index * 0x9e3779b9 + 0x85ebca6b) >>> 0;
		let smooth = 0;
		for (let sample = 0; sample < into.length; sample++) {
			state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
			smooth += (state / 2 ** 31 - 1 - smooth) * 0.2;
			into[sample] = Math.round(smooth * AMBIENCE_LEVEL * 3);
		}
	}
}
