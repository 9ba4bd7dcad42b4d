import {
	Camera,
	Card,
	Clock,
	Display,
	Microphone,
	Serial,
	Speaker,
	Status,
} from "@bodycam/protocol/board/records";
import { describe, expect, it } from "vitest";
import type { VideoFormat } from "../hal/encoded-video-in.ts";
import { createFakeNative } from "../testing/fake-native.ts";
import { Board } from "./board.ts";
import { BoardCamera } from "./camera.ts";
import { BoardCard } from "./card.ts";
import { BoardClock } from "./clock.ts";
import { BoardDisplay } from "./display.ts";
import { BoardMicrophone } from "./microphone.ts";
import { BoardSerial } from "./serial.ts";
import { BoardSpeaker } from "./speaker.ts";

const BUFFER = { at: 1024, bytes: 2048 };

function setup() {
	const native = createFakeNative(4096);
	const board = new Board(native);
	const deliver = (kind: number, ...args: number[]) => {
		const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args;
		board.dispatch(kind, 0, native.time, a, b, c, d, e, f);
	};
	return { native, board, deliver };
}

const unexpected = () => expect.unreachable();

describe("camera", () => {
	it("gives a frame's times on the board's clock", () => {
		const { native, board, deliver } = setup();
		const frames: unknown[][] = [];
		const onFrame = (...frame: unknown[]) => frames.push(frame);
		new BoardCamera({
			board,
			buffer: BUFFER,
			onFormat: unexpected,
			onFrame,
			onOverrun: unexpected,
			onFault: unexpected,
		});
		native.time = 1_000_000;
		deliver(Camera.FRAME, 1024, 500, 1, 40_000, 80_000);
		deliver(Camera.FRAME, 1524, 100, 0, 0, 40_000);
		expect(frames).toEqual([
			[1024, 500, true, 960_000, 920_000],
			[1524, 100, false, 1_000_000, 960_000],
		]);
	});

	it("copies the parameter sets and gives their memory back before it tells the format", () => {
		const { native, board, deliver } = setup();
		let format: VideoFormat | undefined;
		const onFormat = (told: VideoFormat) => {
			expect(native.take()).toEqual([[Camera.RELEASE, 0, 1024, 3]]);
			format = told;
		};
		new BoardCamera({
			board,
			buffer: BUFFER,
			onFormat,
			onFrame: unexpected,
			onOverrun: unexpected,
			onFault: unexpected,
		});
		native.bytes.set([1, 2, 3], 1024);
		deliver(Camera.FORMAT, 1024, 3, (640 << 16) | 360, 40_000, 500_000, 1);
		native.bytes.fill(0);
		expect(format).toEqual({
			codec: "h264",
			configuration: Uint8Array.of(1, 2, 3),
			width: 640,
			height: 360,
			frameTime: 40_000,
			bitRate: 500_000,
			keyframesOnRequest: true,
			bitRateAdjustable: false,
		});
	});

	it("stops and falls silent when closed, once", () => {
		const { native, board, deliver } = setup();
		const camera = new BoardCamera({
			board,
			buffer: BUFFER,
			onFormat: unexpected,
			onFrame: unexpected,
			onOverrun: unexpected,
			onFault: unexpected,
		});
		camera.close();
		camera.close();
		camera.start();
		camera.release(1024, 1);
		expect(native.take()).toEqual([[Camera.STOP, 0]]);
		deliver(Camera.FRAME, 1024, 500, 1, 0, 0);
		deliver(Camera.FAULT, 1);
	});
});

describe("microphone", () => {
	it("gives its buffer at once, and a packet's capture time on the board's clock", () => {
		const { native, board, deliver } = setup();
		const packets: number[][] = [];
		const onPacket = (...packet: number[]) => packets.push(packet);
		new BoardMicrophone({
			board,
			buffer: BUFFER,
			bitRate: 24_000,
			onFormat: unexpected,
			onPacket,
			onOverrun: unexpected,
		});
		expect(native.take()).toEqual([[Microphone.CONFIGURE, 0, 1024, 2048, 24_000]]);
		native.time = 500_000;
		deliver(Microphone.PACKET, 1024, 90, 1200, 40_000);
		expect(packets).toEqual([[1024, 90, 460_000, 1200]]);
	});
});

describe("speaker", () => {
	it("plays, and tells the end with the tag it was given", () => {
		const { native, board, deliver } = setup();
		const ends: number[][] = [];
		const speaker = new BoardSpeaker({ board, onDone: (...end) => ends.push(end) });
		speaker.play(100, 200, 80, 7);
		expect(native.take()).toEqual([[Speaker.PLAY, 0, 100, 200, 80, 7]]);
		deliver(Speaker.DONE, Status.canceled, 0, 0, 7);
		expect(ends).toEqual([[7, Status.canceled]]);
	});
});

describe("clock", () => {
	it("has no time while unset", () => {
		const { board, deliver } = setup();
		const clock = new BoardClock({ board });
		expect(clock.time).toBeUndefined();
		deliver(Clock.TIME, 0, 0, 0, 0);
		expect(clock.time).toBeUndefined();
	});

	it("goes on with the board's clock from what it was told", () => {
		const { native, board, deliver } = setup();
		const clock = new BoardClock({ board });
		const told = 1_790_000_000_000;
		native.time = 2_000_000;
		deliver(Clock.TIME, told % 2 ** 32, Math.floor(told / 2 ** 32), 500, 1);
		native.time = 5_000_000;
		expect(clock.time).toBe(told + 3000);
		expect(clock.uncertainty).toBe(500);
	});

	it.each([
		["before 2000", Date.UTC(1999, 11, 31)],
		["after 2099", Date.UTC(2100, 0, 1)],
		["that no date can say", 2 ** 64 - 1],
	])("counts as unset when the board tells a time %s", (_, told) => {
		const { board, deliver } = setup();
		const clock = new BoardClock({ board });
		deliver(Clock.TIME, told % 2 ** 32, Math.floor(told / 2 ** 32), 500, 1);
		expect([clock.time, clock.uncertainty]).toEqual([undefined, 0]);
	});

	it("is set in two words", () => {
		const { native, board } = setup();
		const time = 1_790_000_000_123;
		new BoardClock({ board }).set(time);
		const [[, , low = 0, high = 0] = []] = native.take();
		expect(high * 2 ** 32 + low).toBe(time);
	});
});

describe("display", () => {
	it("has one text on its way, and then shows the newest of those that came meanwhile", () => {
		const { native, board, deliver } = setup();
		const display = new BoardDisplay({ board, buffer: BUFFER });
		for (const text of ["one", "two", "three"]) display.show(text);
		const [[, , at = 0, length = 0, , tag = 0] = [], ...others] = native.take();
		expect(native.readText(at, length)).toBe("one");
		expect(others).toEqual([]);
		deliver(Display.DONE, 0, 0, 0, tag);
		const [[, , nextAt = 0, nextLength = 0] = []] = native.take();
		expect(native.readText(nextAt, nextLength)).toBe("three");
	});
});

describe("card", () => {
	it("knows its size while it is there", () => {
		const { board, deliver } = setup();
		const seen: unknown[][] = [];
		const card = new BoardCard({
			board,
			onInserted: (...inserted) => seen.push(inserted),
			onRemoved: () => seen.push(["removed"]),
			onComplete: unexpected,
		});
		deliver(Card.INSERTED, 2048, 1);
		expect(card.sectors).toBe(2048);
		deliver(Card.REMOVED);
		expect(card.sectors).toBe(0);
		expect(seen).toEqual([[2048, true], ["removed"]]);
	});

	it("hands requests over with their tags, and completions back", () => {
		const { native, board, deliver } = setup();
		const completed: number[][] = [];
		const card = new BoardCard({ board, onComplete: (...completion) => completed.push(completion) });
		card.read(8, 2, 1024, 5);
		card.write(9, 1, 2048, 6);
		card.flush(7);
		expect(native.take()).toEqual([
			[Card.READ, 0, 8, 2, 1024, 5],
			[Card.WRITE, 0, 9, 1, 2048, 6],
			[Card.FLUSH, 0, 0, 0, 0, 7],
		]);
		deliver(Card.DONE, Status.ioError, 0, 0, 6);
		expect(completed).toEqual([[6, Status.ioError]]);
	});
});

describe("serial port", () => {
	it("tells what arrived, and hands nothing over once closed", () => {
		const { native, board, deliver } = setup();
		const received: number[][] = [];
		const onReadable = (...range: number[]) => received.push(range);
		const serial = new BoardSerial({ board, port: 0, buffer: BUFFER, onReadable, onWritten: unexpected });
		expect(native.take()).toEqual([[Serial.CONFIGURE, 0, 1024, 2048]]);
		deliver(Serial.RECEIVED, 1024, 10);
		expect(received).toEqual([[1024, 10]]);
		serial.close();
		serial.write(1024, 1, 0);
		deliver(Serial.RECEIVED, 1034, 10);
		expect(received).toHaveLength(1);
		expect(native.take()).toEqual([]);
	});
});
