import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OpusCodec } from "./opus.ts";
import { PACKET_SAMPLES, PACKET_TIME, type PcmSource, SAMPLE_RATE } from "./pcm.ts";
import { decodePrompt, PromptError } from "./prompt.ts";
import { SoundLoop } from "./sound-loop.ts";
import { FrameSource } from "./sources.ts";

/** A tone whose pitch tells where in the source it is. */
function sweep(seconds: number): PcmSource {
	const length = seconds * SAMPLE_RATE;
	return {
		length,
		read: (from, into) => {
			for (let index = 0; index < into.length; index++) {
				const at = from + index;
				into[index] = at < length ? Math.round(8000 * Math.sin((at * at * 1e-5) % (2 * Math.PI))) : 0;
			}
		},
	};
}

function decodeAll(packets: readonly Uint8Array[]): Float64Array {
	const codec = new OpusCodec();
	const pcm = new Float64Array(packets.length * PACKET_SAMPLES);
	packets.forEach((packet, index) => {
		pcm.set(codec.decode(packet), index * PACKET_SAMPLES);
	});
	codec.close();
	return pcm;
}

/** Correlation of two pieces of sound, best over a delay of the codec around 6.5 ms. */
function likeness(heard: Float64Array, original: Float64Array): number {
	let best = 0;
	for (let delay = 80; delay <= 130; delay++) {
		let both = 0;
		let a = 0;
		let b = 0;
		for (let index = 0; index + delay < heard.length; index++) {
			const x = heard[index + delay] ?? 0;
			const y = original[index] ?? 0;
			both += x * y;
			a += x * x;
			b += y * y;
		}
		best = Math.max(best, both / Math.sqrt(a * b || 1));
	}
	return best;
}

describe("SoundLoop", () => {
	it("repeats without losing step, also when its period is not whole packets", () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(1_000_000_000), (odd, packet) => {
				const period = 1_000_000 + odd * 1_234;
				const ready = Array.from({ length: 60 }, (_value, index) => Uint8Array.of(index));
				const loop = new SoundLoop(sweep(1), period, ready);
				const position = (packet * PACKET_TIME) % period;
				const chosen = loop.packetAt(position)[0] ?? Number.NaN;
				const off = Math.abs(chosen * PACKET_TIME - position);
				expect(Math.min(off, period - off)).toBeLessThanOrEqual(PACKET_TIME / 2);
			}),
		);
	});

	it("gives the same packets whoever asks first", () => {
		const forward = new SoundLoop(sweep(3), 3_000_000);
		const backward = new SoundLoop(sweep(3), 3_000_000);
		const order = Array.from({ length: 75 }, (_value, index) => index);
		const first = order.map((index) => forward.packetAt(index * PACKET_TIME));
		const second = [...order].reverse().map((index) => backward.packetAt(index * PACKET_TIME));
		expect(second.reverse()).toEqual(first);
	});

	it("sounds like its source, across the seams of its making and of the loop", () => {
		const loop = new SoundLoop(sweep(2), 2_000_000);
		const packets = Array.from({ length: 100 }, (_value, index) => loop.packetAt((index % 50) * PACKET_TIME));
		const original = new Int16Array(2 * SAMPLE_RATE);
		sweep(2).read(0, original);
		const twice = Float64Array.from([...original, ...original]);
		expect(likeness(decodeAll(packets), twice)).toBeGreaterThan(0.95);
	});

	it("wraps positions before its beginning", () => {
		const loop = new SoundLoop(sweep(1), 1_000_000);
		const before = new Int16Array(16);
		const end = new Int16Array(16);
		loop.read(-1_000, before);
		loop.read(999_000, end);
		expect(before).toEqual(end);
	});

	it("is silent where the source is shorter than the scene", () => {
		const loop = new SoundLoop(sweep(1), 2_000_000);
		const pcm = new Int16Array(100).fill(5);
		loop.read(1_500_000, pcm);
		expect(pcm.every((sample) => sample === 0)).toBe(true);
	});
});

describe("FrameSource", () => {
	it.each([8_000, 16_000, 44_100, 48_000])("brings %i Hz to 16 kHz without changing pitch", (rate) => {
		const tone = (frame: number) => 0.5 * Math.sin((2 * Math.PI * 500 * frame) / rate);
		const source = new FrameSource(rate * 2, rate, tone);
		const pcm = new Int16Array(SAMPLE_RATE);
		source.read(8_000, pcm);
		let error = 0;
		for (let index = 0; index < pcm.length; index++) {
			const expected = 0.5 * Math.sin((2 * Math.PI * 500 * (index + 8_000)) / SAMPLE_RATE);
			error = Math.max(error, Math.abs((pcm[index] ?? 0) / 32767 - expected));
		}
		expect(error).toBeLessThan(0.03);
	});
});

describe("prompts", () => {
	/** One packet of 20 ms of silence: TOC of a SILK wideband frame. */
	const silence = Uint8Array.of(0x48, 0, 0);

	it("are packets of 20 ms behind their lengths", () => {
		const bytes = Uint8Array.of(3, 0, ...silence, 3, 0, ...silence);
		const prompt = decodePrompt(bytes);
		expect(prompt.packets).toBe(2);
		expect(prompt.samples.length).toBe(640);
	});

	it("are refused when cut off, empty or of another length", () => {
		expect(() => decodePrompt(Uint8Array.of(3, 0, 0x48))).toThrow(PromptError);
		expect(() => decodePrompt(new Uint8Array())).toThrow(PromptError);
		expect(() => decodePrompt(Uint8Array.of(3, 0, 0x50, 0, 0))).toThrow(PromptError);
	});
});
