import fc from "fast-check";
import { expect, test } from "vitest";
import { cardBytes } from "./card-bytes.ts";
import {
	decodeSuperblock,
	encodeSuperblock,
	MIN_SECTORS,
	planGeometry,
	RESERVED_SECTORS,
} from "./superblock.ts";

const identity = Uint8Array.from({ length: 16 }, (_, i) => i);

test("a card of any size has journal, event log and data one after the other, and reads back", () => {
	fc.assert(
		fc.property(fc.integer({ min: MIN_SECTORS, max: 0xffff_ffff }), (sectors) => {
			const plan = planGeometry(sectors);
			expect(plan.journalStart).toBe(RESERVED_SECTORS);
			expect(plan.logStart).toBeGreaterThanOrEqual(plan.journalStart + plan.journalSectors);
			expect(plan.dataStart).toBe(plan.logStart + plan.logSectors);
			expect(plan.dataStart).toBeLessThanOrEqual(sectors / 2);
			const bytes = cardBytes(new Uint8Array(512));
			encodeSuperblock(bytes, 0, plan, identity);
			expect(decodeSuperblock(bytes, 0)).toEqual({ ...plan, identity, identityWord: 0x0302_0100 });
		}),
	);
});

test("an 8 GiB card keeps 128 MiB for the events of years", () => {
	expect(planGeometry(16 * 1024 * 1024)).toMatchObject({ logSectors: 262_144 });
});

test.each([
	["the journal reaches into the log", { logStart: 400, journalSectors: 256 }],
	["the log reaches into the data", { logSectors: 100_000 }],
])("a superblock that makes no sense is none: %s", (_what, change) => {
	const bytes = cardBytes(new Uint8Array(512));
	encodeSuperblock(bytes, 0, { ...planGeometry(65_536), ...change }, identity);
	expect(decodeSuperblock(bytes, 0)).toBeUndefined();
});
