import { describe, expect, it } from "vitest";
import { createNodeMediaMemory } from "../../testing/node-media-memory.ts";
import { createSeekTable } from "./seek-table.ts";

function entries(bytes: Uint8Array, size: number): [number, number][] {
	const view = new DataView(bytes.buffer);
	const count = view.getUint32(28);
	expect(size).toBe(8 + 24 + count * 28 + 16);
	expect(view.getUint32(size - 4)).toBe(size);
	return Array.from({ length: count }, (_, i) => {
		const at = 32 + i * 28;
		return [
			view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4),
			view.getUint32(at + 8) * 2 ** 32 + view.getUint32(at + 12),
		];
	});
}

describe("seek table", () => {
	it("lists what was added, with numbers of 64 bits", () => {
		const memory = createNodeMediaMemory(1024);
		const table = createSeekTable(memory, { at: 0, bytes: 1024 });
		table.add(5, 6);
		table.add(2 ** 40 + 1, 2 ** 33 + 2);
		expect(entries(memory.bytes, table.finish())).toEqual([
			[5, 6],
			[2 ** 40 + 1, 2 ** 33 + 2],
		]);
	});

	it("thins out evenly when it is full, and never leaves its region", () => {
		const memory = createNodeMediaMemory(2048);
		const table = createSeekTable(memory, { at: 0, bytes: 1024 });
		for (let i = 0; i < 1000; i++) table.add(i * 10, i * 100);
		const found = entries(memory.bytes, table.finish());
		expect(found.length).toBeGreaterThan(14);
		const step = found[1]?.[0] ?? 0;
		expect(found).toEqual(found.map((_, i) => [i * step, i * step * 10]));
		expect(found.at(-1)?.[0]).toBeGreaterThan(9990 - 2 * step);
		expect(memory.bytes.subarray(1024).every((byte) => byte === 0)).toBe(true);
	});

	it("is empty again after a reset", () => {
		const memory = createNodeMediaMemory(1024);
		const table = createSeekTable(memory, { at: 0, bytes: 1024 });
		table.add(5, 6);
		table.reset();
		expect(table.any()).toBe(false);
	});
});
