import { Camera } from "@bodycam/protocol/board/records";
import { describe, expect, it } from "vitest";
import { Pattern } from "../camera/pattern.ts";
import { FakeBus } from "../testing/fake-bus.ts";
import { CameraPeripheral } from "./camera.ts";

const BUFFER = 1024;

function camera(bufferBytes: number) {
	const bus = new FakeBus();
	const source = new Pattern({
		width: 640,
		height: 360,
		frameRate: 25,
		bitRate: 80_000,
		groupLength: 10,
		random: bus.random("pattern"),
	});
	const peripheral = new CameraPeripheral(bus, source.open({ epoch: undefined }));
	const send = (kind: number, a = 0, b = 0, c = 0) => peripheral.receive(kind, 0, a, b, c);
	send(Camera.CONFIGURE, BUFFER, bufferBytes);
	bus.advance(1);
	const format = bus.ofKind(Camera.FORMAT)[0];
	send(Camera.RELEASE, format?.a, format?.b);
	return { bus, peripheral, send, frames: () => bus.ofKind(Camera.FRAME) };
}

describe("camera", () => {
	it("tells size, frame time, bit rate and abilities of the encoder", () => {
		const { bus } = camera(32_768);
		const format = bus.ofKind(Camera.FORMAT)[0];
		expect(format?.c).toBe((640 << 16) | 360);
		expect(format).toMatchObject({ d: 40_000, e: 80_000, f: 3 });
		expect(bus.memory[format?.a ?? 0]).toBe(1);
	});

	it("begins with a keyframe and gives a frame every frame time", () => {
		const { bus, send, frames } = camera(32_768);
		send(Camera.START);
		bus.advance(400);
		expect(frames().length).toBe(11);
		expect(frames().map(({ c }) => c & 1)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
		expect((frames()[1]?.time ?? 0) - (frames()[0]?.time ?? 0)).toBe(40_000);
	});

	it("counts what found no room, says so before the next frame, and makes that one a keyframe", () => {
		const { bus, send, frames } = camera(2_000);
		send(Camera.START);
		bus.advance(300);
		const before = frames().length;
		expect(before).toBeLessThan(7);
		for (const { a, b } of frames()) send(Camera.RELEASE, a, b);
		bus.advance(40);
		const lost = bus.ofKind(Camera.OVERRUN)[0];
		expect(lost?.a).toBe(8 - before);
		expect(bus.sent.at(-2)?.kind).toBe(Camera.OVERRUN);
		expect((frames().at(-1)?.c ?? 0) & 1).toBe(1);
	});

	it("makes a keyframe on request", () => {
		const { bus, send, frames } = camera(32_768);
		send(Camera.START);
		bus.advance(130);
		send(Camera.KEYFRAME);
		bus.advance(40);
		expect(frames().map(({ c }) => c & 1)).toEqual([1, 0, 0, 0, 1]);
	});

	it("reports a release out of order", () => {
		const { bus, send, frames } = camera(32_768);
		send(Camera.START);
		bus.advance(80);
		const second = frames()[1];
		send(Camera.RELEASE, second?.a, second?.b);
		expect(bus.violations).toHaveLength(1);
	});

	it("is silent after STOP and after a reset", () => {
		const { bus, peripheral, send, frames } = camera(32_768);
		send(Camera.START);
		bus.advance(80);
		send(Camera.STOP);
		const count = frames().length;
		bus.advance(200);
		expect(frames().length).toBe(count);
		send(Camera.START);
		bus.stopEngine();
		peripheral.halt();
		bus.advance(200);
		expect(frames().length).toBe(count);
	});
});
