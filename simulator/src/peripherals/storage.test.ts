import { Flash, KeyValue, Status } from "@bodycam/protocol/board/records";
import { describe, expect, it } from "vitest";
import { FlashSlots } from "../storage/flash-slots.ts";
import { ValueStore } from "../storage/value-store.ts";
import { FakeBus } from "../testing/fake-bus.ts";
import { FlashPeripheral } from "./flash.ts";
import { KeyValuePeripheral } from "./key-value.ts";

function flash() {
	const bus = new FakeBus();
	const slots = new FlashSlots();
	const peripheral = new FlashPeripheral(bus, slots);
	const request = (kind: number, slot: number, offset: number, length: number, at = 0) => {
		peripheral.receive(kind, slot, offset, length, at, 7);
		bus.advance(1_000);
		return bus.sent.at(-1);
	};
	return { bus, slots, request };
}

describe("flash", () => {
	it("tells the geometry of a slot", () => {
		const { request } = flash();
		expect(request(Flash.STATUS, 2, 0, 0)).toMatchObject({
			kind: Flash.INFO,
			unit: 2,
			a: 2 * 1024 * 1024,
			b: 4096,
			c: 16,
			d: 7,
		});
	});

	it("clears bits only, until the block is erased", () => {
		const { bus, slots, request } = flash();
		bus.memory.fill(0xf0, 0, 16);
		request(Flash.WRITE, 1, 32, 16);
		bus.memory.fill(0x3c, 0, 16);
		request(Flash.WRITE, 1, 32, 16);
		expect(slots.slot(1)[32]).toBe(0x30);
		request(Flash.ERASE, 1, 0, 4096);
		expect(slots.slot(1)[32]).toBe(0xff);
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
		expect(request(Flash.READ, 0, 2 * 1024 * 1024 - 8, 16)?.a).toBe(Status.outOfRange);
		expect(request(Flash.READ, 4, 0, 16)?.a).toBe(Status.outOfRange);
		expect(request(Flash.WRITE, 1, 8, 16)?.a).toBe(Status.outOfRange);
		expect(request(Flash.ERASE, 1, 100, 4096)?.a).toBe(Status.outOfRange);
	});
});

describe("key-value", () => {
	function values() {
		const bus = new FakeBus();
		const peripheral = new KeyValuePeripheral(bus, new ValueStore());
		const key = new TextEncoder().encode("name");
		bus.memory.set(key, 0);
		const put = (value: Uint8Array) => {
			bus.memory.set(value, 64);
			peripheral.receive(KeyValue.PUT, 0, 0, key.length, 64, 1, value.length, 0);
			bus.advance(10);
			return bus.sent.at(-1);
		};
		const get = (capacity: number) => {
			peripheral.receive(KeyValue.GET, 0, 0, key.length, 256, 2, 0, capacity);
			bus.advance(10);
			return bus.sent.at(-1);
		};
		return { bus, put, get };
	}

	it("gives back what was put", () => {
		const { bus, put, get } = values();
		expect(put(Uint8Array.of(1, 2, 3))?.a).toBe(Status.ok);
		expect(get(16)).toMatchObject({ a: Status.ok, b: 3, d: 2 });
		expect([...bus.memory.subarray(256, 259)]).toEqual([1, 2, 3]);
	});

	it("says when there is none, also after it was deleted", () => {
		const { put, get } = values();
		expect(get(16)?.a).toBe(Status.noEntry);
		put(Uint8Array.of(1));
		put(new Uint8Array());
		expect(get(16)?.a).toBe(Status.noEntry);
	});

	it("does not write beyond the room that was given", () => {
		const { bus, put, get } = values();
		put(Uint8Array.of(1, 2, 3));
		expect(get(2)).toMatchObject({ a: Status.outOfRange, b: 3 });
		expect(bus.memory[256]).toBe(0);
	});
});
