import { KeyValue, Status } from "@bodycam/protocol/board/records";
import { describe, expect, it } from "vitest";
import { ValueStore } from "../storage/value-store.ts";
import { FakeBus } from "../testing/fake-bus.ts";
import { KeyValuePeripheral } from "./key-value.ts";

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
