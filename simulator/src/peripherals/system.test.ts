import { System } from "@bodycam/protocol/board/records";
import { describe, expect, it } from "vitest";
import { FakeBus } from "../testing/fake-bus.ts";
import { SystemPeripheral } from "./system.ts";

function system() {
	const bus = new FakeBus();
	const seen: string[] = [];
	const peripheral = new SystemPeripheral(bus, {
		onResetRequested: (reason) => seen.push(`reset ${reason}`),
		onWatchdog: () => seen.push(`watchdog ${bus.now}`),
		onStart: (slot, offset, length, decision) => seen.push(`start ${slot} ${offset} ${length} ${decision}`),
		onRetain: (bytes) => seen.push(`retain ${bytes}`),
		onLog: (level, text) => seen.push(`${level}: ${text}`),
	});
	const send = (kind: number, a = 0, b = 0, c = 0, d = 0, e = 0) =>
		peripheral.receive(kind, 0, a, b, c, d, e);
	return { bus, peripheral, send, seen };
}

describe("system", () => {
	it("passes on which image is to be started with what was decided, and what is to be kept", () => {
		const { bus, send, seen } = system();
		bus.memory.set([1, 2, 3, 4], 100);
		send(System.START, 1, 32, 5_000, 100, 3);
		send(System.RETAIN, 101, 3);
		expect(seen).toEqual(["start 1 32 5000 1,2,3", "retain 2,3,4"]);
		send(System.RETAIN, 0, 65);
		expect(bus.violations).toEqual(["65 bytes cannot be kept, 64 can"]);
	});

	it("has one one-shot timer, which a later setting replaces", () => {
		const { bus, send } = system();
		send(System.TIMER_SET, 5_000);
		send(System.TIMER_SET, 7_000);
		bus.advance(20);
		expect(bus.ofKind(System.TIMER).map(({ time }) => time)).toEqual([7_000]);
	});

	it("bites when the watchdog was fed and then forgotten, not before", () => {
		const { bus, send, seen } = system();
		bus.advance(5_000);
		send(System.WATCHDOG_FEED, 1_000);
		bus.advance(900);
		send(System.WATCHDOG_FEED, 1_000);
		bus.advance(900);
		expect(seen).toEqual([]);
		bus.advance(200);
		expect(seen).toEqual(["watchdog 6900000"]);
	});

	it("hands log text on and gives its memory back", () => {
		const { bus, send, seen } = system();
		const text = new TextEncoder().encode("Grüße");
		bus.memory.set(text, 100);
		send(System.LOG, 100, text.length, 2);
		expect(seen).toEqual(["warning: Grüße"]);
		expect(bus.ofKind(System.LOG_TAKEN)[0]).toMatchObject({ a: 100, b: text.length });
	});

	it("fills with random bytes and answers with the tag", () => {
		const { bus, send } = system();
		send(System.ENTROPY, 64, 32, 0, 9);
		bus.advance(1);
		expect(bus.ofKind(System.ENTROPY_DONE)[0]?.d).toBe(9);
		expect(bus.memory.subarray(64, 96).some((byte) => byte !== 0)).toBe(true);
		expect(bus.memory[63]).toBe(0);
		expect(bus.memory[96]).toBe(0);
	});

	it("does not touch memory that is not there", () => {
		const { bus, send, seen } = system();
		send(System.LOG, 65_530, 100, 1);
		send(System.ENTROPY, 65_530, 100);
		expect(bus.violations).toHaveLength(2);
		expect(seen).toEqual([]);
	});
});
