import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cardBytes, crc32, getUint64, setUint64 } from "./card-bytes.ts";
import {
	decodeEntry,
	type EntryBody,
	encodeEntry,
	entrySectors,
	MAX_CLOSING_RECORD,
	MAX_ENTRY_SECTORS,
	MAX_METADATA,
	MAX_RECEIPT,
} from "./journal-entry.ts";
import { decodeSegmentHeader, segmentSectors, segmentStride } from "./segment.ts";
import { decodeSuperblock, encodeSuperblock, MIN_SECTORS, planGeometry, SECTOR } from "./superblock.ts";

const identity = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
const head = { sequence: 7, identityWord: 0x0403_0201, number: 3 };
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

const metadata = fc.uint8Array({ maxLength: MAX_METADATA });
const word = fc.integer({ min: 0, max: 0xffff_ffff });
const length = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const body: fc.Arbitrary<EntryBody> = fc.oneof(
	fc.record({ kind: fc.constant("open" as const), start: word, sectors: word, metadata }),
	fc.record({
		kind: fc.constant("extent" as const),
		start: word,
		sectors: word,
		segment: word,
		offset: length,
		recordOffset: word,
	}),
	fc.record({
		kind: fc.constant("close" as const),
		bytes: length,
		recordBytes: word,
		end: word,
		segments: word,
		interrupted: fc.boolean(),
		sha256: fc.uint8Array({ minLength: 32, maxLength: 32 }),
		metadata,
		record: fc.uint8Array({ maxLength: MAX_CLOSING_RECORD }),
	}),
	fc.record({ kind: fc.constant("worn" as const), start: word, sectors: word }),
	fc.record({ kind: fc.constant("erase" as const), receipt: fc.uint8Array({ maxLength: MAX_RECEIPT }) }),
);

describe("CRC-32", () => {
	it("is that of IEEE 802.3, in one go or in parts", () => {
		const bytes = new TextEncoder().encode("123456789");
		expect(crc32(bytes)).toBe(0xcbf4_3926);
		expect(crc32(bytes.subarray(4), crc32(bytes.subarray(0, 4)))).toBe(0xcbf4_3926);
	});
});

describe("64-bit numbers", () => {
	it("come back as they were written", () => {
		fc.assert(
			fc.property(length, (value) => {
				const view = new DataView(new ArrayBuffer(8));
				setUint64(view, 0, value);
				expect(getUint64(view, 0)).toBe(value);
			}),
			{ seed: 1 },
		);
	});
});

describe("superblock", () => {
	it("has the published bytes", () => {
		const bytes = new Uint8Array(SECTOR);
		encodeSuperblock(cardBytes(bytes), 0, planGeometry(65_536), identity);
		expect(hex(bytes.subarray(0, 56))).toBe(
			"424f445943414d31030000000000010000010000000200000007000000" +
				"0f00000003000000040000" +
				"0102030405060708090a0b0c0d0e0f10",
		);
		expect(decodeSuperblock(cardBytes(bytes), 0)).toEqual({
			...planGeometry(65_536),
			identity,
			identityWord: 0x0403_0201,
		});
	});

	it("is refused when any bit is wrong", () => {
		const bytes = new Uint8Array(SECTOR);
		encodeSuperblock(cardBytes(bytes), 0, planGeometry(65_536), identity);
		for (let bit = 0; bit < SECTOR * 8; bit += 7) {
			const damaged = bytes.slice();
			damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
			expect(decodeSuperblock(cardBytes(damaged), 0)).toBeUndefined();
		}
	});

	it("plans parts that do not overlap, whatever the card's size", () => {
		fc.assert(
			fc.property(fc.integer({ min: MIN_SECTORS, max: 2 ** 32 - 1 }), (sectors) => {
				const plan = planGeometry(sectors);
				expect(plan.journalStart + plan.journalSectors).toBeLessThanOrEqual(plan.dataStart);
				expect(plan.dataStart).toBeLessThan(sectors);
				const bytes = new Uint8Array(SECTOR);
				encodeSuperblock(cardBytes(bytes), 0, plan, identity);
				expect(decodeSuperblock(cardBytes(bytes), 0)).toMatchObject(plan);
			}),
			{ seed: 1 },
		);
	});
});

describe("journal entry", () => {
	it("comes back as it was written, in the sectors it says", () => {
		fc.assert(
			fc.property(body, (entry) => {
				const bytes = new Uint8Array((MAX_ENTRY_SECTORS + 1) * SECTOR).fill(0xaa);
				const crc = encodeEntry(cardBytes(bytes), 0, head, entry);
				const decoded = decodeEntry(cardBytes(bytes), 0, bytes.length, head.identityWord);
				expect(decoded).toEqual({ ...head, body: entry, entrySectors: entrySectors(entry), crc });
				expect(bytes[entrySectors(entry) * SECTOR]).toBe(0xaa);
			}),
			{ seed: 1 },
		);
	});

	it("is not taken for one of another card", () => {
		const bytes = cardBytes(new Uint8Array(SECTOR));
		encodeEntry(bytes, 0, head, { kind: "open", start: 1, sectors: 2, metadata: new Uint8Array(3) });
		expect(decodeEntry(bytes, 0, SECTOR, 1)).toBeUndefined();
	});

	it("says that it goes on where the bytes end", () => {
		const bytes = cardBytes(new Uint8Array(4 * SECTOR));
		encodeEntry(bytes, 0, head, { kind: "open", start: 1, sectors: 2, metadata: new Uint8Array(1500) });
		expect(decodeEntry(bytes, 0, 2 * SECTOR, head.identityWord)).toBe("cut");
	});

	it("is refused when it is torn at any sector", () => {
		const bytes = new Uint8Array(4 * SECTOR);
		const metadata = Uint8Array.from({ length: 1500 }, (_, i) => i | 1);
		encodeEntry(cardBytes(bytes), 0, head, { kind: "open", start: 1, sectors: 2, metadata });
		for (let sector = 0; sector < 4; sector++) {
			const torn = bytes.slice();
			torn.fill(0, sector * SECTOR, sector * SECTOR + SECTOR);
			expect(decodeEntry(cardBytes(torn), 0, torn.length, head.identityWord)).toBeUndefined();
		}
	});

	it("refuses metadata that is too long", () => {
		const entry = { kind: "open", start: 1, sectors: 2, metadata: new Uint8Array(MAX_METADATA + 1) } as const;
		expect(() => encodeEntry(cardBytes(new Uint8Array(8 * SECTOR)), 0, head, entry)).toThrow(RangeError);
	});

	it("reads any bytes without fault", () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: SECTOR, maxLength: 2 * SECTOR }), (noise) => {
				const bytes = new Uint8Array(2 * SECTOR);
				bytes.set(noise);
				bytes.set([0x42, 0x43, 0x4a, 0x45], 0);
				expect(decodeEntry(cardBytes(bytes), 0, bytes.length, 1)).not.toBeNull();
				expect(decodeSegmentHeader(cardBytes(bytes), 0)).toBeUndefined();
			}),
			{ seed: 1 },
		);
	});
});

describe("segment", () => {
	it("begins at a page of flash", () => {
		expect([0, 32 * 512 - 96, 32 * 512 - 95].map(segmentStride)).toEqual([32, 32, 64]);
	});

	it("has room for header, payload and trailer", () => {
		expect([0, 416, 417, 512 + 416, 512 + 417].map(segmentSectors)).toEqual([1, 1, 2, 2, 3]);
	});
});
