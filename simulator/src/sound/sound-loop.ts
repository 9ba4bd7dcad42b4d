import { OpusCodec } from "./opus.ts";
import { levelOf, PACKET_SAMPLES, PACKET_TIME, type PcmSource, samplesIn } from "./pcm.ts";

/** Packets that are encoded in one go, each go from a fresh encoder, so that their bytes depend on the sound only
 * and not on who asked for which packet first. */
const SEGMENT_PACKETS = 25;

/** Packets fed to an encoder before the one that counts: its state is then that of an encoder in mid-stream. */
export const WARM_UP_PACKETS = 5;

/**
 * The sound of the world as the microphone's encoder gives it: encoded once, on demand, and repeated with the
 * period of the scene. Shared by all cameras of a process.
 */
export class SoundLoop {
	/** Time after which it repeats, µs. */
	readonly period: number;
	readonly #source: PcmSource;
	readonly #packets: (Uint8Array | undefined)[];
	readonly #levels: Int32Array;
	readonly #pcm = new Int16Array(PACKET_SAMPLES);

	/**
	 * @param period - of the scene, µs; the source is cut to it, or followed by silence
	 * @param ready - packets that are already what the microphone would give for this sound
	 */
	constructor(source: PcmSource, period: number, ready?: readonly Uint8Array[]) {
		this.period = period;
		this.#source = source;
		const count = Math.ceil(period / PACKET_TIME);
		this.#levels = new Int32Array(count).fill(-1);
		this.#packets = ready && ready.length >= count ? ready.slice(0, count) : new Array(count).fill(undefined);
	}

	/** The packet whose sound begins nearest to a position in the loop, µs: at most half a packet off. */
	packetAt(position: number): Uint8Array {
		const index = Math.round(position / PACKET_TIME) % this.#packets.length;
		return this.#packets[index] ?? this.#encodeSegment(index);
	}

	/** Level of the sound in that packet, root mean square of 32768. */
	levelAt(position: number): number {
		const index = Math.round(position / PACKET_TIME) % this.#packets.length;
		const known = this.#levels[index] ?? -1;
		if (known >= 0) return known;
		this.read(index * PACKET_TIME, this.#pcm);
		const level = levelOf(this.#pcm);
		this.#levels[index] = level;
		return level;
	}

	/** Fills `into` with the sound from a position on, µs, which may be negative or beyond a period. */
	read(position: number, into: Int16Array): void {
		const wrapped = ((position % this.period) + this.period) % this.period;
		this.#readWrapped(samplesIn(wrapped), into);
	}

	#readWrapped(from: number, into: Int16Array): void {
		const length = samplesIn(this.period);
		let at = from % length;
		for (let done = 0; done < into.length; ) {
			const count = Math.min(into.length - done, length - at);
			const part = into.subarray(done, done + count);
			if (at < this.#source.length) this.#source.read(at, part);
			else part.fill(0);
			done += count;
			at = (at + count) % length;
		}
	}

	#encodeSegment(wanted: number): Uint8Array {
		const codec = new OpusCodec();
		const pcm = new Int16Array(PACKET_SAMPLES);
		const first = wanted - (wanted % SEGMENT_PACKETS);
		const last = Math.min(first + SEGMENT_PACKETS, this.#packets.length);
		for (let index = first - WARM_UP_PACKETS; index < last; index++) {
			const wrapped = (index + this.#packets.length) % this.#packets.length;
			this.read(Math.max(0, wrapped) * PACKET_TIME, pcm);
			const packet = codec.encode(pcm);
			if (index >= first) this.#packets[index] = packet;
		}
		codec.close();
		return this.#packets[wanted] ?? new Uint8Array();
	}
}
