import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameAssembler, l2capFrame } from "./frames.ts";

function assembling(longest = 512) {
	const frames: [number, Uint8Array][] = [];
	const faults: string[] = [];
	const assembler = new FrameAssembler(
		{ frame: (channel, payload) => frames.push([channel, payload]), fault: (why) => faults.push(why) },
		longest,
	);
	return { assembler, frames, faults };
}

describe("FrameAssembler", () => {
	it("gives back every frame however it was cut", () => {
		const sent = fc.array(fc.tuple(fc.nat(0xffff), fc.uint8Array({ maxLength: 512 })), { maxLength: 5 });
		fc.assert(
			fc.property(sent, fc.integer({ min: 1, max: 251 }), (frames, step) => {
				const made = assembling();
				for (const [channel, payload] of frames) {
					const frame = l2capFrame(channel, payload);
					for (let at = 0; at < frame.length; at += step)
						made.assembler.push(frame.subarray(at, at + step), at === 0);
				}
				expect(made.frames).toEqual(frames);
				expect(made.faults).toEqual([]);
			}),
		);
	});

	it("names what it drops and takes the next frame", () => {
		const { assembler, frames, faults } = assembling(8);
		assembler.push(Uint8Array.of(1), false);
		assembler.push(Uint8Array.of(9, 0, 4, 0), true);
		assembler.push(Uint8Array.of(2, 0, 4, 0, 1), true);
		assembler.push(Uint8Array.of(1, 0, 4, 0, 1, 2), true);
		assembler.push(l2capFrame(4, Uint8Array.of(5)), true);
		expect(faults).toEqual([
			"continued without a beginning",
			"too long",
			"begun anew before its end",
			"overrun",
		]);
		expect(frames).toEqual([[4, Uint8Array.of(5)]]);
	});

	it("survives any packets and never gives a frame longer than the longest", () => {
		fc.assert(
			fc.property(fc.array(fc.tuple(fc.uint8Array({ maxLength: 60 }), fc.boolean())), (packets) => {
				const { assembler, frames } = assembling(40);
				for (const [bytes, start] of packets) assembler.push(bytes, start);
				for (const [, payload] of frames) expect(payload.length).toBeLessThanOrEqual(40);
			}),
		);
	});
});
