import { Battery, Button, Clock, Display, Haptic, Indicator } from "@bodycam/protocol/board/records";
import { describe, expect, it } from "vitest";
import { FakeBus } from "../testing/fake-bus.ts";
import { BatteryPeripheral } from "./battery.ts";
import { ButtonsPeripheral } from "./buttons.ts";
import { ClockPeripheral, type ClockSetting } from "./clock.ts";
import { DisplayPeripheral } from "./display.ts";
import { HapticPeripheral, type HapticPulse } from "./haptic.ts";
import { IndicatorPeripheral } from "./indicator.ts";

describe("buttons", () => {
	it("sends the edges of a press in time", () => {
		const bus = new FakeBus();
		new ButtonsPeripheral(bus).press("function", 10, 100);
		bus.advance(200);
		expect(bus.sent.map(({ time, unit, a }) => [time, unit, a])).toEqual([
			[10_000, 1, 1],
			[110_000, 1, 0],
		]);
	});

	it("chatters on both edges and ends at the level that was meant", () => {
		const bus = new FakeBus();
		new ButtonsPeripheral(bus).press("event", 0, 100, true);
		bus.advance(200);
		const edges = bus.ofKind(Button.EDGE);
		expect(edges.map(({ a }) => a)).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1, 0]);
		expect(edges.at(-1)?.time).toBe(105_000);
	});

	it("goes on pressing while the engine restarts", () => {
		const bus = new FakeBus();
		new ButtonsPeripheral(bus).press("event", 0, 100);
		bus.advance(50);
		bus.stopEngine();
		bus.advance(100);
		expect(bus.sent.at(-1)).toMatchObject({ time: 100_000, a: 0 });
	});
});

describe("indicator", () => {
	it("shows what it is set to, and is dark after a reset", () => {
		const changes: number[] = [];
		const light = new IndicatorPeripheral(new FakeBus(), (unit, { colour }) => changes.push(unit, colour));
		light.receive(Indicator.SET, 0, 0xff0000, 500, 500);
		expect(light.state(0)).toEqual({ colour: 0xff0000, onMs: 500, offMs: 500 });
		light.halt();
		expect(light.state(0).colour).toBe(0);
		expect(changes).toEqual([0, 0xff0000]);
	});
});

describe("display", () => {
	it("shows text and answers when it has taken it", () => {
		const bus = new FakeBus();
		const display = new DisplayPeripheral(bus, () => undefined);
		const text = new TextEncoder().encode("Aufnahme\nRecording");
		bus.memory.set(text, 8);
		display.receive(Display.SHOW, 0, 8, text.length, 0, 3);
		bus.advance(5);
		expect(display.text).toBe("Aufnahme\nRecording");
		expect(bus.ofKind(Display.DONE)[0]?.d).toBe(3);
	});
});

describe("haptic", () => {
	it("tells what the wearer felt, and when", () => {
		const bus = new FakeBus();
		const felt: HapticPulse[] = [];
		const haptic = new HapticPeripheral(bus, (pulse) => felt.push(pulse));
		bus.advance(3);
		haptic.receive(Haptic.PULSE, 0, 100, 50, 2);
		expect(felt).toEqual([{ time: 3_000, onMs: 100, offMs: 50, pulses: 2 }]);
	});
});

describe("battery", () => {
	it("tells its level at boot and on change", () => {
		const bus = new FakeBus();
		const battery = new BatteryPeripheral(bus, 50);
		battery.boot();
		battery.set(130, true);
		expect(bus.ofKind(Battery.LEVEL).map(({ a, b, c, d }) => [a, b, c, d])).toEqual([
			[50, 3750, 0, 420],
			[100, 4200, 1, 840],
		]);
	});
});

describe("clock", () => {
	function clock(setting?: ClockSetting) {
		const bus = new FakeBus();
		const saved: (ClockSetting | undefined)[] = [];
		const wall = {
			now: () => bus.now / 1000,
			save: (value: ClockSetting | undefined) => void saved.push(value),
		};
		return { bus, saved, clock: new ClockPeripheral(bus, wall, setting) };
	}

	it("says that it is unset", () => {
		const { bus, clock: rtc } = clock();
		rtc.boot();
		expect(bus.ofKind(Clock.TIME)[0]).toMatchObject({ a: 0, b: 0, d: 0 });
	});

	it("goes on from what it was set to, and keeps the setting", () => {
		const { bus, saved, clock: rtc } = clock();
		const wall = Date.UTC(2026, 0, 1);
		rtc.receive(Clock.SET, 0, wall % 2 ** 32, Math.floor(wall / 2 ** 32));
		bus.advance(1_500);
		rtc.boot();
		const last = bus.ofKind(Clock.TIME).at(-1);
		expect((last?.b ?? 0) * 2 ** 32 + (last?.a ?? 0)).toBe(wall + 1_500);
		expect(last?.d).toBe(1);
		expect(saved).toEqual([{ wallMs: wall, referenceMs: 0 }]);
	});

	it("that is unset says so, and keeps that too", () => {
		const { bus, clock: rtc, saved } = clock({ wallMs: 1_000, referenceMs: 0 });
		rtc.set(undefined);
		expect(bus.ofKind(Clock.TIME).at(-1)).toMatchObject({ a: 0, d: 0 });
		expect(rtc.wallMs).toBeUndefined();
		expect(saved).toEqual([undefined]);
	});

	it("drifts from when it is told to, until it is set", () => {
		const { bus, clock: rtc } = clock({ wallMs: 1_000_000, referenceMs: 0 });
		bus.advance(1_000_000);
		rtc.drift(500);
		expect(rtc.wallMs).toBe(2_000_000);
		bus.advance(1_000_000);
		expect(rtc.wallMs).toBe(3_000_500);
		rtc.drift(-1_000);
		bus.advance(1_000_000);
		expect(rtc.wallMs).toBe(3_999_500);
		rtc.set(5_000_000);
		expect(rtc.wallMs).toBe(5_000_000);
	});

	it("grows uncertain with time", () => {
		const { bus, clock: rtc } = clock({ wallMs: 1_000, referenceMs: 0 });
		bus.advance(50_000_000);
		rtc.boot();
		expect(bus.ofKind(Clock.TIME)[0]?.c).toBe(1_020);
	});
});
