import { Flash, Status } from "@bodycam/protocol/board/records";
import { describe, expect, it } from "vitest";
import { FlashMemory } from "../storage/flash-memory.ts";
import { FakeBus } from "../testing/fake-bus.ts";
import { FlashPeripheral } from "./flash.ts";

const SECTOR = 4096;
const BLOCK = 65_536;

function flash() {
	const bus = new FakeBus();
	const memory = new FlashMemory();
	const peripheral = new FlashPeripheral(bus, memory);
	const ask = (kind: number, unit: number, offset: number, length: number, at = 0) =>
		peripheral.receive(kind, unit, offset, length, at, 7);
	const request = (kind: number, unit: number, offset: number, length: number, at = 0) => {
		ask(kind, unit, offset, length, at);
		bus.advance(10_000);
		return bus.sent.at(-1);
	};
	return { bus, memory, peripheral, ask, request };
}

describe("flash", () => {
	it("tells the geometry of an area", () => {
		const { request } = flash();
		const info = { kind: Flash.INFO, unit: 2, a: 2 * 1024 * 1024, b: SECTOR, c: 16, d: 7 };
		expect(request(Flash.STATUS, 2, 0, 0)).toMatchObject(info);
		expect(request(Flash.STATUS, 9, 0, 0)).toMatchObject({ a: 0 });
	});

	it("takes one write of a unit, and another one after it was erased", () => {
		const { bus, memory, request } = flash();
		bus.memory.fill(0xf0, 0, 16);
		expect(request(Flash.WRITE, 1, 32, 16)?.a).toBe(Status.ok);
		bus.memory.fill(0x30, 0, 16);
		expect(request(Flash.WRITE, 1, 32, 16)?.a).toBe(Status.outOfRange);
		expect(memory.area(1)[32]).toBe(0xf0);
		request(Flash.ERASE, 1, 0, SECTOR);
		expect(request(Flash.WRITE, 1, 32, 16)?.a).toBe(Status.ok);
		expect(memory.area(1)[32]).toBe(0x30);
	});

	it("reads what was written", () => {
		const { bus, request } = flash();
		bus.memory.fill(0x5a, 0, 16);
		request(Flash.WRITE, 3, 0, 16);
		request(Flash.READ, 3, 0, 16, 100);
		expect(bus.memory[115]).toBe(0x5a);
		expect(bus.memory[116]).toBe(0);
	});

	it("refuses what is out of range or not aligned", () => {
		const { request } = flash();
		expect(request(Flash.READ, 1, 2 * 1024 * 1024 - 8, 16)?.a).toBe(Status.outOfRange);
		expect(request(Flash.READ, 4, 0, 16)?.a).toBe(Status.outOfRange);
		expect(request(Flash.WRITE, 1, 8, 16)?.a).toBe(Status.outOfRange);
		expect(request(Flash.ERASE, 1, 100, SECTOR)?.a).toBe(Status.outOfRange);
	});

	it("takes 45 ms for a sector, 150 ms for a block of sixteen, and 2 µs for a byte", () => {
		const { bus, request } = flash();
		const took = (kind: number, offset: number, length: number) => {
			const before = bus.now;
			return (request(kind, 1, offset, length)?.time ?? 0) - before;
		};
		expect(took(Flash.ERASE, SECTOR, SECTOR)).toBe(45_100);
		expect(took(Flash.ERASE, 0, BLOCK)).toBe(150_100);
		expect(took(Flash.WRITE, 0, SECTOR)).toBe(8_292);
	});

	it("counts how often each sector was erased", () => {
		const { memory, request } = flash();
		request(Flash.ERASE, 0, 0, 2 * SECTOR);
		request(Flash.ERASE, 0, SECTOR, SECTOR);
		expect(memory.wear(0)).toEqual([1, 2]);
	});

	describe("when the power goes", () => {
		it.each(["keep", "lose"] as const)("has done or not done what was under way: %s", (mode) => {
			const { bus, memory, peripheral, ask } = flash();
			bus.memory.fill(0x11, 0, SECTOR);
			ask(Flash.WRITE, 1, 0, SECTOR);
			ask(Flash.WRITE, 1, SECTOR, SECTOR);
			bus.advance(4);
			peripheral.powerLost(mode);
			peripheral.halt();
			expect(memory.area(1)[SECTOR - 1]).toBe(mode === "keep" ? 0x11 : 0xff);
			expect(memory.area(1)[SECTOR]).toBe(0xff);
		});

		it("has written as much as there was time for, and a unit of it half", () => {
			const { bus, memory, peripheral, ask } = flash();
			bus.memory.fill(0x00, 0, SECTOR);
			ask(Flash.WRITE, 1, 0, SECTOR);
			bus.advance(4);
			peripheral.powerLost("tear");
			const written = memory.area(1).subarray(0, SECTOR);
			const whole = written.findIndex((byte) => byte !== 0);
			const end = written.findIndex(
				(_byte, at) => at > whole && written.subarray(at).every((rest) => rest === 0xff),
			);
			expect(whole / SECTOR).toBeCloseTo(4_000 / 8_292, 1);
			expect(end - whole).toBeLessThanOrEqual(16);
			expect(end).toBeGreaterThan(whole);
		});

		it("has erased some bits of a sector, and cleared none", () => {
			const { bus, memory, peripheral, ask } = flash();
			memory.area(1).fill(0x0f, 0, SECTOR);
			ask(Flash.ERASE, 1, 0, SECTOR);
			bus.advance(20);
			peripheral.powerLost("tear");
			const left = memory.area(1).subarray(0, SECTOR);
			expect(left.every((byte) => (byte & 0x0f) === 0x0f)).toBe(true);
			expect(new Set(left).size).toBe(16);
		});
	});

	it("ends what it has begun when only the engine is reset", () => {
		const { bus, memory, peripheral, ask } = flash();
		bus.memory.fill(0x22, 0, 32);
		ask(Flash.WRITE, 1, 0, 16);
		ask(Flash.WRITE, 1, 16, 16, 16);
		peripheral.halt();
		bus.memory.fill(0);
		expect([...memory.area(1).subarray(14, 18)]).toEqual([0x22, 0x22, 0xff, 0xff]);
	});
});
