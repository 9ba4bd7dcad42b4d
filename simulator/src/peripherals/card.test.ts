import { Card, Status } from "@bodycam/protocol/board/records";
import { describe, expect, it } from "vitest";
import { MemoryBlockStore } from "../storage/block-store.ts";
import { FakeBus } from "../testing/fake-bus.ts";
import { CardPeripheral } from "./card.ts";

const SECTOR = 512;

function card(options: { sectors?: number; readOnly?: boolean } = {}) {
	const bus = new FakeBus();
	const store = new MemoryBlockStore(options.sectors ?? 1000);
	const peripheral = new CardPeripheral(bus, { store, readOnly: options.readOnly === true });
	const request = (kind: number, sector: number, count: number, at: number, tag: number) =>
		peripheral.receive(kind, 0, sector, count, at, tag);
	const write = (sector: number, byte: number, tag = 0) => {
		bus.memory.fill(byte, 0, SECTOR);
		request(Card.WRITE, sector, 1, 0, tag);
		bus.advance(2);
	};
	const stored = (sector: number) => {
		const bytes = new Uint8Array(SECTOR);
		store.read(sector, bytes);
		return bytes;
	};
	return { bus, store, peripheral, request, write, stored, done: () => bus.ofKind(Card.DONE) };
}

describe("card", () => {
	it("reads back what was written, and zeros elsewhere", () => {
		const { bus, request, write } = card();
		write(5, 0xab);
		request(Card.READ, 4, 2, 4096, 1);
		bus.advance(2);
		expect(bus.memory[4096]).toBe(0);
		expect(bus.memory[4096 + SECTOR]).toBe(0xab);
	});

	it("takes half a millisecond and the transfer at 40 MB/s to write, one after the other, in order", () => {
		const { bus, request, done } = card();
		request(Card.WRITE, 0, 80, 0, 1);
		request(Card.WRITE, 80, 80, 0, 2);
		request(Card.FLUSH, 0, 0, 0, 3);
		bus.advance(10);
		expect(done().map(({ d, time }) => [d, time])).toEqual([
			[1, 1524],
			[2, 3048],
			[3, 3548],
		]);
	});

	it("keeps requests waiting while it stalls", () => {
		const { bus, peripheral, request, done } = card();
		request(Card.WRITE, 0, 1, 0, 1);
		peripheral.stall(2_000);
		bus.advance(1_999);
		expect(done()).toEqual([]);
		bus.advance(5);
		expect(done()).toHaveLength(1);
	});

	it("fails as many writes as it is told", () => {
		const { peripheral, write, done } = card();
		peripheral.failWrites(2);
		write(0, 1);
		write(0, 1);
		write(0, 1);
		expect(done().map(({ a }) => a)).toEqual([Status.ioError, Status.ioError, Status.ok]);
	});

	it("fails to write where it is worn, and to read what it has forgotten, and nowhere else", () => {
		const { bus, peripheral, request, write, done } = card();
		peripheral.wearOut([{ sector: 10, count: 2 }]);
		peripheral.makeUnreadable([{ sector: 20, count: 1 }]);
		for (const sector of [9, 10, 11, 12]) write(sector, 1);
		for (const sector of [10, 19, 20, 21]) request(Card.READ, sector, 1, 4096, sector);
		bus.advance(10);
		const { ok, ioError } = Status;
		expect(done().map(({ a }) => a)).toEqual([ok, ioError, ioError, ok, ok, ok, ioError, ok]);
		peripheral.wearOut([]);
		write(10, 1);
		expect(done().at(-1)?.a).toBe(ok);
	});

	it("tells of every change before it is made", () => {
		const { peripheral, request, write, stored, bus } = card();
		const changes: string[] = [];
		peripheral.onChange = (change) =>
			changes.push(
				change.kind === "flush" ? "flush" : `write ${change.sector} ${change.bytes[0]} over ${stored(5)[0]}`,
			);
		write(5, 7);
		write(5, 8);
		request(Card.FLUSH, 0, 0, 0, 0);
		bus.advance(1);
		expect(changes).toEqual(["write 5 7 over 0", "write 5 8 over 7", "flush"]);
	});

	it("refuses what lies beyond its end, and writes to a read-only card", () => {
		const small = card({ sectors: 8 });
		small.write(8, 1);
		expect(small.done()[0]?.a).toBe(Status.outOfRange);
		const fixed = card({ readOnly: true });
		fixed.write(0, 1);
		expect(fixed.done()[0]?.a).toBe(Status.readOnly);
	});

	it("fails what is under way when it is pulled out, and works again when it is put back", () => {
		const { bus, peripheral, request, write, done } = card();
		request(Card.WRITE, 0, 1, 0, 1);
		request(Card.READ, 0, 1, 0, 2);
		const medium = peripheral.remove();
		expect(done().map(({ a }) => a)).toEqual([Status.noMedium, Status.noMedium]);
		write(1, 1);
		expect(done().at(-1)?.a).toBe(Status.noMedium);
		if (medium) peripheral.insert(medium);
		expect(bus.ofKind(Card.INSERTED).at(-1)?.a).toBe(1000);
		write(1, 1);
		expect(done().at(-1)?.a).toBe(Status.ok);
	});

	it("loses what was not flushed when the power goes, and only that", () => {
		const { bus, peripheral, request, write, stored } = card();
		write(1, 0x11);
		request(Card.FLUSH, 0, 0, 0, 0);
		bus.advance(1);
		write(1, 0x22);
		write(2, 0x33);
		peripheral.powerLost("lose");
		expect(stored(1)[0]).toBe(0x11);
		expect(stored(2)[0]).toBe(0);
	});

	it("keeps what was written when the power goes gently", () => {
		const { peripheral, write, stored } = card();
		write(1, 0x22);
		peripheral.powerLost("keep");
		expect(stored(1)[0]).toBe(0x22);
	});

	it("reports an input/output error when the host cannot keep what is written, and goes on", () => {
		const { bus, store, write, done } = card();
		const keep = store.write;
		store.write = () => {
			throw new Error("ENOSPC");
		};
		write(1, 1);
		store.write = keep;
		write(1, 1);
		expect(done().map(({ a }) => a)).toEqual([Status.ioError, Status.ok]);
		expect(bus.hostFailures).toHaveLength(1);
	});

	it("tears unflushed writes at whole sectors, the same way for the same seed", () => {
		const torn = () => {
			const { bus, peripheral, request, store } = card();
			bus.memory.fill(0x77, 0, 16 * SECTOR);
			for (let index = 0; index < 8; index++) request(Card.WRITE, index * 16, 16, 0, index);
			bus.advance(50);
			peripheral.powerLost("tear");
			const bytes = new Uint8Array(8 * 16 * SECTOR);
			store.read(0, bytes);
			return bytes;
		};
		const first = torn();
		for (let at = 0; at < first.length; at += SECTOR) {
			expect(new Set(first.subarray(at, at + SECTOR)).size).toBe(1);
		}
		expect(new Set(first).size).toBe(2);
		expect(Buffer.compare(first, torn())).toBe(0);
	});
});
