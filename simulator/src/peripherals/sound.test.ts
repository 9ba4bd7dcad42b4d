import { Microphone, Speaker, Status } from "@bodycam/protocol/board/records";
import { describe, expect, it } from "vitest";
import type { Scene } from "../camera/video-source.ts";
import { Bystander } from "../sound/bystander.ts";
import { together } from "../sound/nearby.ts";
import { OpusCodec } from "../sound/opus.ts";
import { PACKET_SAMPLES, PACKET_TIME, type PcmSource, SAMPLE_RATE } from "../sound/pcm.ts";
import { SoundLoop } from "../sound/sound-loop.ts";
import { Ambience } from "../sound/sources.ts";
import { FakeBus } from "../testing/fake-bus.ts";
import { MicrophonePeripheral } from "./microphone.ts";
import { SpeakerPeripheral } from "./speaker.ts";

const BUFFER = 16_384;

function device() {
	const bus = new FakeBus();
	const scene: Scene = { epoch: undefined };
	const speaker = new SpeakerPeripheral(bus);
	const world = new SoundLoop(new Ambience(SAMPLE_RATE * 4), 4_000_000);
	const bystander = new Bystander(bus);
	const microphone = new MicrophonePeripheral(bus, world, scene, together(speaker, bystander));
	const listen = (kind: number, a = 0, b = 0) => microphone.receive(kind, 0, a, b);
	/** Plays what lies at 0. */
	const play = (length: number, volume = 100, tag = 1) =>
		speaker.receive(Speaker.PLAY, 0, 0, length, volume, tag);
	return { bus, scene, speaker, bystander, microphone, world, listen, play };
}

/** Puts a prompt of a tone at 0 and returns its length. */
function prompt(bus: FakeBus, seconds: number): number {
	const packets = Math.round(seconds * 50);
	const codec = new OpusCodec();
	let at = 0;
	const pcm = new Int16Array(PACKET_SAMPLES / 2);
	for (let packet = 0; packet < packets; packet++) {
		for (let index = 0; index < pcm.length; index++) {
			pcm[index] = Math.round(
				12_000 * Math.sin(((packet * pcm.length + index) * 2 * Math.PI * 700) / SAMPLE_RATE),
			);
		}
		const bytes = codec.encode(pcm);
		bus.memory[at] = bytes.length & 0xff;
		bus.memory[at + 1] = bytes.length >> 8;
		bus.memory.set(bytes, at + 2);
		at += 2 + bytes.length;
	}
	codec.close();
	if (at > BUFFER) throw new Error("the prompt is too long for this test");
	return at;
}

/** Loudness of each packet the microphone gave, decoded. */
function loudness(bus: FakeBus): { start: number; level: number }[] {
	const codec = new OpusCodec();
	const levels = bus.ofKind(Microphone.PACKET).map(({ a, b, d, time }) => {
		const pcm = codec.decode(bus.memory.slice(a, a + b));
		return {
			start: time - d,
			level: Math.sqrt(pcm.reduce((sum, sample) => sum + sample * sample, 0) / pcm.length),
		};
	});
	codec.close();
	return levels;
}

describe("microphone", () => {
	it("tells its format and gives a packet every 40 ms with the time its sound began", () => {
		const { bus, listen } = device();
		listen(Microphone.CONFIGURE, BUFFER, BUFFER);
		bus.advance(2);
		expect(bus.ofKind(Microphone.FORMAT)[0]).toMatchObject({ a: 16_000, b: 1, c: 312, d: 40_000 });
		listen(Microphone.START);
		bus.advance(1_000);
		const packets = bus.ofKind(Microphone.PACKET);
		expect(packets.length).toBe(25);
		packets.forEach(({ time, d }, index) => {
			expect(d).toBe(PACKET_TIME);
			expect(time - d).toBe(2_000 + index * PACKET_TIME);
		});
	});

	it("follows the scene that the camera sees, wherever that has got to", () => {
		const { bus, scene, world, listen } = device();
		listen(Microphone.CONFIGURE, BUFFER, BUFFER);
		bus.advance(500);
		scene.epoch = 500_000 - 3_960_000;
		listen(Microphone.START);
		bus.advance(200);
		const given = bus.ofKind(Microphone.PACKET).map(({ a, b }) => bus.memory.slice(a, a + b));
		const expected = [3_960_000, 0, 40_000, 80_000, 120_000].map((position) => world.packetAt(position));
		expect(given).toEqual(expected);
	});

	it("counts packets that found no room and says so", () => {
		const { bus, listen } = device();
		listen(Microphone.CONFIGURE, BUFFER, 256);
		listen(Microphone.START);
		bus.advance(1_000);
		const given = bus.ofKind(Microphone.PACKET);
		expect(given.length).toBeLessThan(25);
		for (const { a, b } of given) listen(Microphone.RELEASE, a, b);
		bus.advance(40);
		expect(bus.ofKind(Microphone.OVERRUN)[0]?.a).toBe(25 - given.length);
	});

	it("hears the speaker while it sounds, and only then", () => {
		const { bus, listen, play } = device();
		const length = prompt(bus, 0.6);
		listen(Microphone.CONFIGURE, BUFFER, BUFFER * 2);
		listen(Microphone.START);
		bus.advance(1_000);
		play(length);
		bus.advance(2_000);
		const during = loudness(bus).filter(({ start }) => start >= 1_040_000 && start < 1_560_000);
		const outside = loudness(bus).filter(({ start }) => start < 960_000 || start > 1_700_000);
		expect(during.length).toBeGreaterThan(10);
		expect(Math.min(...during.map(({ level }) => level))).toBeGreaterThan(2_000);
		expect(Math.max(...outside.map(({ level }) => level))).toBeLessThan(300);
	});
});

/** A loud tone of so many seconds. */
function speech(seconds: number): PcmSource {
	return {
		length: SAMPLE_RATE * seconds,
		read: (from, into) => {
			for (let index = 0; index < into.length; index++)
				into[index] = Math.round(9_000 * Math.sin(((from + index) * 2 * Math.PI * 500) / SAMPLE_RATE));
		},
	};
}

describe("somebody in front of the camera", () => {
	it("is heard while speaking, and only then", () => {
		const { bus, bystander, listen } = device();
		listen(Microphone.CONFIGURE, BUFFER, BUFFER * 2);
		listen(Microphone.START);
		bus.advance(1_000);
		expect(bystander.say(speech(1))).toBe(1_000_000);
		bus.advance(2_000);
		const during = loudness(bus).filter(({ start }) => start >= 1_040_000 && start < 1_960_000);
		const outside = loudness(bus).filter(({ start }) => start < 960_000 || start > 2_100_000);
		expect(during.length).toBeGreaterThan(20);
		expect(Math.min(...during.map(({ level }) => level))).toBeGreaterThan(2_000);
		expect(Math.max(...outside.map(({ level }) => level))).toBeLessThan(300);
	});

	it("is heard together with the speaker", () => {
		const { bus, bystander, listen, play } = device();
		const length = prompt(bus, 0.6);
		listen(Microphone.CONFIGURE, BUFFER, BUFFER * 2);
		listen(Microphone.START);
		play(length);
		bystander.say(speech(2));
		bus.advance(1_500);
		const level = (from: number, to: number) => {
			const some = loudness(bus).filter(({ start }) => start >= from && start < to);
			return some.reduce((sum, packet) => sum + packet.level, 0) / some.length;
		};
		expect(level(80_000, 520_000)).toBeGreaterThan(1.1 * level(800_000, 1_400_000));
	});

	it("goes on speaking while the camera has no power", () => {
		const bystander = new Bystander({ now: 0, worldNow: 5_000_000 });
		bystander.say(speech(1));
		expect(bystander.soundsBetween(0, 40_000)).toBe(true);
		const restarted = { now: 100_000, worldNow: 5_500_000 };
		const later = new Bystander(restarted);
		later.say(speech(1));
		restarted.now = 0;
		restarted.worldNow = 6_000_000;
		expect(later.soundsBetween(0, 400_000)).toBe(true);
		expect(later.soundsBetween(500_000, 540_000)).toBe(false);
	});
});

describe("a speaker that fails", () => {
	it("says so when it cannot play", () => {
		const { bus, speaker, play } = device();
		const length = prompt(bus, 0.4);
		speaker.set("error");
		play(length, 100, 4);
		bus.advance(1_000);
		expect(bus.ofKind(Speaker.DONE)).toMatchObject([{ a: Status.ioError, d: 4 }]);
		expect(speaker.log).toHaveLength(0);
		expect(bus.violations).toEqual([]);
	});

	it("says so when it breaks in the middle of a prompt", () => {
		const { bus, speaker, play } = device();
		play(prompt(bus, 0.4), 100, 4);
		bus.advance(100);
		speaker.set("error");
		bus.advance(1_000);
		expect(bus.ofKind(Speaker.DONE)).toMatchObject([{ time: 100_000, a: Status.ioError, d: 4 }]);
	});

	it.each([0, 100])("silently pretends to play, and nothing is heard from %i ms on", (ms) => {
		const { bus, speaker, play } = device();
		if (ms === 0) speaker.set("silent");
		play(prompt(bus, 0.4), 100, 4);
		bus.advance(ms);
		speaker.set("silent");
		bus.advance(1_000);
		expect(bus.ofKind(Speaker.DONE)).toMatchObject([{ time: 400_000, a: Status.ok, d: 4 }]);
		expect(speaker.log).toMatchObject([{ heard: false, stopped: false }]);
		expect(speaker.soundsBetween(ms * 1000 + 1, 400_000)).toBe(false);
	});

	it("plays again when it is repaired", () => {
		const { bus, speaker, play } = device();
		speaker.set("error");
		speaker.set("ok");
		play(prompt(bus, 0.4));
		bus.advance(1_000);
		expect(bus.ofKind(Speaker.DONE)).toMatchObject([{ a: Status.ok }]);
		expect(speaker.log[0]?.heard).toBe(true);
	});
});

describe("speaker", () => {
	it("says when the prompt ended, exactly, and keeps what it played", () => {
		const { bus, speaker, play } = device();
		const length = prompt(bus, 0.4);
		bus.advance(100);
		play(length, 80, 5);
		bus.advance(1_000);
		expect(bus.ofKind(Speaker.DONE)).toMatchObject([{ time: 500_000, a: Status.ok, d: 5 }]);
		expect(speaker.log).toMatchObject([{ start: 100_000, end: 500_000, volume: 80, stopped: false }]);
		expect(speaker.log[0]?.samples.length).toBe(6_400);
	});

	it("is cut off by STOP, and by the next prompt", () => {
		const { bus, speaker, play } = device();
		const length = prompt(bus, 0.4);
		play(length, 100, 1);
		bus.advance(100);
		play(length, 100, 2);
		bus.advance(100);
		speaker.receive(Speaker.STOP, 0, 0, 0, 0, 0);
		bus.advance(1_000);
		expect(bus.ofKind(Speaker.DONE).map(({ time, a, d }) => [time, a, d])).toEqual([
			[100_000, Status.canceled, 1],
			[200_000, Status.canceled, 2],
		]);
		expect(speaker.log.map(({ stopped }) => stopped)).toEqual([true, true]);
	});

	it("refuses what is not a prompt", () => {
		const { bus, play } = device();
		bus.memory.fill(0xff, 0, 10);
		play(10, 100, 3);
		bus.advance(1);
		expect(bus.ofKind(Speaker.DONE)[0]).toMatchObject({ a: Status.ioError, d: 3 });
		expect(bus.violations).toHaveLength(1);
	});
});
