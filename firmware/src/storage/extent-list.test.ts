import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { createExtentList } from "./extent-list.ts";

const DATA = 1024;
const END = DATA + 40 * 2048;

function list(extentSectors = 2048) {
	const made = createExtentList(createNodeMediaMemory(65_536), { at: 0, bytes: 65_536 });
	made.reset(DATA, END, extentSectors);
	return made;
}

const extent = (start: number, sectors: number, segment = 0) => ({
	start,
	sectors,
	segment,
	offset: segment * 1000,
	recordOffset: segment * 10,
});

describe("extents", () => {
	it("follow one another, and a recording goes on where it is without waste", () => {
		const extents = list();
		const first = extents.allot(1000, -1, -1);
		expect(first).toEqual({ start: DATA, sectors: 2048 });
		extents.add(1, extent(first.start, first.sectors));
		const more = extents.allot(500, DATA + 1984, DATA + 2048);
		expect(more).toEqual({ start: DATA + 1984, sectors: 2048 });
		extents.add(1, extent(more.start, more.sectors, 7));
		expect(extents.of(1, 0)).toEqual([extent(DATA, 1984), extent(DATA + 1984, 2048, 7)]);
		expect(extents.freeSectors()).toBe(END - DATA - 1984 - 2048);
	});

	it("are given back behind the end of a recording", () => {
		const extents = list();
		extents.add(1, extent(DATA, 2048));
		extents.add(1, extent(DATA + 2048, 2048, 5));
		extents.add(1, extent(DATA + 4096, 2048, 9));
		extents.trim(1, 0, 6, DATA + 2048 + 64);
		expect(extents.freeSectors()).toBe(END - DATA - 2048 - 64);
		expect(extents.allot(1000, -1, -1).start).toBe(DATA + 2048 + 256);
	});

	it("of an erased recording are used again, but not before the rest of the card", () => {
		const extents = list(20 * 2048);
		extents.add(1, extent(DATA, 20 * 2048));
		extents.add(2, extent(DATA + 20 * 2048, 19 * 2048));
		extents.free(1, 0);
		expect(extents.allot(1000, -1, -1)).toEqual({ start: DATA + 39 * 2048, sectors: 2048 });
		extents.add(3, extent(DATA + 39 * 2048, 2048));
		expect(extents.allot(1000, -1, -1)).toEqual({ start: DATA, sectors: 20 * 2048 });
	});

	it("let a recording that fills its gap go on elsewhere", () => {
		const extents = list();
		extents.add(1, extent(DATA, 2048));
		extents.add(2, extent(DATA + 2048, 2048));
		extents.add(3, extent(DATA + 4096, 2048));
		extents.free(2, 1);
		extents.free(3, 2);
		extents.add(4, extent(DATA + 4096, 2048));
		expect(extents.allot(100, DATA + 1900, DATA + 2048)).toEqual({ start: DATA + 1900, sectors: 2048 });
		expect(extents.allot(3000, DATA + 1900, DATA + 2048)).toEqual({ start: DATA + 6144, sectors: 3000 });
	});

	it("keep away from places that are protected", () => {
		const extents = list();
		extents.add(1, extent(DATA, 2048));
		extents.protect(DATA + 6000);
		expect(extents.allot(1000, -1, -1).start).toBeGreaterThanOrEqual(DATA + 6000);
		expect(extents.of(1, 0)).toEqual([extent(DATA, 2048)]);
	});

	it("never lie over one another, whatever is recorded and erased", () => {
		const step = fc.record({
			kind: fc.constantFrom("record", "go on", "close", "erase"),
			size: fc.integer({ min: 1, max: 5000 }),
		});
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
				const extents = list();
				const live = new Map<number, { first: number; used: number; end: number }>();
				let number = 0;
				let open: number | undefined;
				for (const { kind, size } of steps) {
					const current = open === undefined ? undefined : live.get(open);
					if (kind === "record" && open === undefined) {
						const room = extents.allot(size, -1, -1);
						if (room.sectors === 0) continue;
						number++;
						live.set(number, { first: extents.lines(), used: room.start, end: room.start + room.sectors });
						extents.add(number, extent(room.start, room.sectors));
						open = number;
					} else if (kind === "go on" && current && open !== undefined) {
						const room = extents.allot(size, current.used, current.end);
						if (room.sectors === 0) continue;
						extents.add(open, extent(room.start, room.sectors, size));
						current.used = room.start + Math.min(size, room.sectors);
						current.end = room.start + room.sectors;
					} else if (kind === "close" && current && open !== undefined) {
						extents.trim(open, current.first, Number.MAX_SAFE_INTEGER, current.used);
						open = undefined;
					} else if (kind === "erase" && live.has(size % (number + 1)) && open !== size % (number + 1)) {
						const gone = size % (number + 1);
						extents.free(gone, live.get(gone)?.first ?? 0);
						live.delete(gone);
					}
					const taken = [...live].flatMap(([one, { first }]) => extents.of(one, first));
					const sorted = taken.filter(({ sectors }) => sectors > 0).sort((a, b) => a.start - b.start);
					sorted.forEach(({ start }, i) => {
						const before = sorted[i - 1];
						expect(start).toBeGreaterThanOrEqual(before ? before.start + before.sectors : DATA);
					});
					const sum = sorted.reduce((total, { sectors }) => total + sectors, 0);
					expect(extents.freeSectors()).toBe(END - DATA - sum);
				}
			}),
			{ seed: 1, numRuns: 300 },
		);
	});
});
