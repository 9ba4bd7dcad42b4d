import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "../testing/hex.ts";
import { decodeCbor, decodeLeadingMap, encodeCbor } from "./codec.ts";
import { CborError, DEPTH_MAX } from "./structure.ts";

describe("encoding", () => {
	test.each([
		[{}, "a0"],
		[{ b: 1, a: -1 }, "a2616201616120"],
		[{ n: 2 ** 32 }, "a1616e1b0000000100000000"],
		[{ n: 1_790_000_000_000 }, "a1616e1b000001a0c4506c00"],
		[{ n: -(2 ** 32) - 1 }, "a1616e3b0000000100000000"],
		[{ d: Uint8Array.of(1, 2) }, "a161644201 02"],
		[[true, false, null], "83f5f4f6"],
		["ü", "62c3bc"],
	])("%j is in the shortest definite form", (value, hex) => {
		expect(toHex(encodeCbor(value))).toBe(hex.replace(" ", ""));
	});

	test("undefined members are left out", () => {
		expect(toHex(encodeCbor({ a: undefined, b: [{ c: undefined }] }))).toBe("a1616281a0");
	});

	test("a byte string from a Node Buffer carries no tag", () => {
		expect(toHex(encodeCbor(Buffer.from([7])))).toBe("4107");
	});

	test("room for a header is left free in front", () => {
		expect(toHex(encodeCbor({}, 3))).toBe("000000a0");
	});

	test("an earlier result is not overwritten by a later one", () => {
		const first = encodeCbor({ a: "first" });
		const copy = first.slice();
		encodeCbor({ a: "other" });
		expect(first).toEqual(copy);
	});

	test("results larger than the encoder's buffer are whole", () => {
		const data = new Uint8Array(60_000).fill(5);
		expect(decodeCbor(encodeCbor({ data }))).toEqual({ data });
	});
});

const json = fc.letrec((tie) => ({
	value: fc.oneof(
		{ maxDepth: 4 },
		fc.maxSafeInteger(),
		fc.boolean(),
		fc.constant(null),
		fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0)),
		fc.string({ unit: "binary", maxLength: 100 }).filter((text) => !text.startsWith("\ufeff")),
		fc.uint8Array({ maxLength: 300 }),
		fc.array(tie("value"), { maxLength: 5 }),
		fc.dictionary(
			fc.string({ maxLength: 6 }).filter((key) => key !== "__proto__"),
			tie("value"),
			{ maxKeys: 5, noNullPrototype: true },
		),
	),
})).value;

test("what was encoded is decoded to the same", () => {
	fc.assert(
		fc.property(json, (value) => {
			expect(decodeCbor(encodeCbor(value))).toEqual(value);
		}),
	);
});

test("every proper prefix of an item is refused", () => {
	fc.assert(
		fc.property(json, (value) => {
			const whole = encodeCbor(value);
			for (let length = 0; length < Math.min(whole.length, 64); length++)
				expect(() => decodeCbor(whole.subarray(0, length))).toThrow(CborError);
		}),
		{ numRuns: 50 },
	);
});

describe("decoding", () => {
	test("indefinite maps and arrays are read, as Zephyr sends them", () => {
		expect(decodeCbor(fromHex("bf61729f0102ffff"))).toEqual({ r: [1, 2] });
	});

	test("byte strings are copies, not views of the packet", () => {
		const packet = fromHex("a161644101");
		const decoded = decodeCbor(packet) as { d: Uint8Array };
		packet.fill(0);
		expect(decoded.d).toEqual(Uint8Array.of(1));
	});

	test("a byte string out of a Node Buffer is a plain Uint8Array", () => {
		const decoded = decodeCbor(Buffer.from("a161644101", "hex")) as { d: Uint8Array };
		expect(decoded.d.constructor).toBe(Uint8Array);
	});

	test("a key named __proto__ changes no prototype", () => {
		const decoded = decodeCbor(fromHex("a1695f5f70726f746f5f5fa16161 01")) as object;
		expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
		expect("a" in decoded).toBe(false);
	});

	test("what follows a leading map is ignored", () => {
		expect(decodeLeadingMap(fromHex("a0ff00"))).toEqual(new Map());
	});

	test("the keys of a leading map become no property names, at any depth", () => {
		const map = decodeLeadingMap(fromHex("a16161a1616201"));
		expect(map).toEqual(new Map([["a", new Map([["b", 1]])]]));
	});

	test.each([
		["nothing", ""],
		["a lone break", "ff"],
		["an array where a map must be", "8101"],
		["an integer key", "a10101"],
		["a tag", "a16161c001"],
		["a record extension of cbor-x", "a16161d9dfff8301816161 01"],
		["an indefinite text", "a161617f6161ff"],
		["a map that claims 2^32 - 1 entries", "baffffffff"],
		["an array that claims 2^53 items", "a161619b0020000000000000"],
		["text longer than the message", "a161617a00ffffff61"],
		["an integer beyond 2^53 - 1", "a161611b0020000000000000"],
		["a reserved length", "a161611c"],
		["a one-byte simple value", "a16161f820"],
		["text that is not UTF-8", "a1616161ff"],
		["an overlong form", "a1616162c080"],
		["a surrogate", "a1616163eda080"],
		["an indefinite map without end", "bf616101"],
	])("%s is refused", (_, hex) => {
		expect(() => decodeLeadingMap(fromHex(hex))).toThrow(CborError);
	});

	test("nesting is bounded", () => {
		const nested = (depth: number) => fromHex(`${"81".repeat(depth)}00`);
		expect(decodeCbor(nested(DEPTH_MAX))).toBeDefined();
		expect(() => decodeCbor(nested(DEPTH_MAX + 1))).toThrow(/nested too deeply/);
		expect(() => decodeCbor(fromHex("9f".repeat(100_000)))).toThrow(/nested too deeply/);
	});

	test("bytes after the item are refused where one item is asked for", () => {
		expect(() => decodeCbor(fromHex("a000"))).toThrow(/followed by further bytes/);
	});
});
