import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CAMERA_COMMANDS } from "../camera/commands.ts";
import { decodeCbor, encodeCbor } from "../cbor/codec.ts";
import { arbitrary } from "../testing/arbitrary.ts";
import { array, boolean, bytes, choice, map, optional, table, text, uint, variants } from "./schema.ts";
import { parse, SchemaError } from "./validate.ts";

const sample = map({
	name: text(4),
	level: choice(["low", "high"]),
	count: optional(uint({ max: 10 })),
	hash: optional(bytes(2, { min: 2 })),
	flags: optional(array(boolean(), 2)),
});

describe("what does not fit is refused, with its place", () => {
	test.each([
		[{ level: "low" }, "name: expected a value"],
		[{ name: "abcde", level: "low" }, "name: expected text of at most 4 bytes"],
		[{ name: "üüü", level: "low" }, "name: expected text of at most 4 bytes"],
		[{ name: 1, level: "low" }, "name: expected text"],
		[{ name: "a", level: "mid" }, "level: expected one of low, high"],
		[{ name: "a", level: "low", count: 11 }, "count: expected a whole number from 0 to 10"],
		[{ name: "a", level: "low", count: -1 }, "count: expected a whole number"],
		[{ name: "a", level: "low", count: 1.5 }, "count: expected a whole number"],
		[{ name: "a", level: "low", hash: Uint8Array.of(1) }, "hash: expected a byte string of 2 to 2 bytes"],
		[{ name: "a", level: "low", flags: [true, false, true] }, "flags: expected an array of at most 2 items"],
		[{ name: "a", level: "low", flags: [true, 1] }, "flags[1]: expected true or false"],
		[{ name: "a", level: "low", flags: {} }, "flags: expected an array"],
		[[], "message: expected a map"],
		[null, "message: expected a map"],
		[{ name: null, level: "low" }, "name: expected text"],
	])("%j", (value, problem) => {
		expect(() => parse(sample, value)).toThrow(SchemaError);
		expect(() => parse(sample, value)).toThrow(problem);
	});
});

test("text may fill its bound with characters of several bytes", () => {
	expect(parse(text(4), "💡")).toBe("💡");
	expect(parse(text(4), "üü")).toBe("üü");
});

test("members the schema does not name are left out", () => {
	expect(parse(sample, { name: "a", level: "low", extra: 1 })).toEqual({ name: "a", level: "low" });
});

test("members are not taken from the prototype", () => {
	expect(() => parse(map({ toString: text(9) }), {})).toThrow(SchemaError);
});

describe("variants", () => {
	const shape = variants("type", { id: uint() }, { circle: { radius: uint() }, square: { side: uint() } });

	test("have the common members and their own", () => {
		expect(parse(shape, { type: "circle", id: 1, radius: 2, side: 3 })).toEqual({
			type: "circle",
			id: 1,
			radius: 2,
		});
	});

	test.each([{ id: 1 }, { type: "line", id: 1 }, { type: "toString", id: 1 }])("%j is none", (value) => {
		expect(() => parse(shape, value)).toThrow("type: expected one of circle, square");
	});

	test("miss nothing of their own", () => {
		expect(() => parse(shape, { type: "square", id: 1 })).toThrow("side: expected a value");
	});
});

describe("every message survives encoding, decoding and checking", () => {
	test.each(
		CAMERA_COMMANDS.flatMap((command) => [
			[`${command.name} request`, command.request] as const,
			[`${command.name} response`, command.response] as const,
		]),
	)("%s", (_, schema) => {
		fc.assert(
			fc.property(arbitrary(schema), (value) => {
				expect(parse(schema, decodeCbor(encodeCbor(value)))).toEqual(value);
			}),
			{ numRuns: 40 },
		);
	});
});

describe("a table", () => {
	const counters = map({ fields: table(uint(), 2, { keyMax: 4 }) });

	test("has the keys its sender chooses, whatever they are called", () => {
		const fields = new Map([
			["ab", 1],
			["cdef", 2],
		]);
		expect(parse(counters, { fields })).toEqual({ fields: { ab: 1, cdef: 2 } });
		const special = parse(map({ fields: table(uint(), 1) }), { fields: new Map([["__proto__", 7]]) });
		expect(Object.entries(special.fields)).toEqual([["__proto__", 7]]);
	});

	test.each([
		[{ a: 1, b: 2, c: 3 }, /fields: expected a map of at most 2 members/],
		[{ abcde: 1 }, /fields: expected keys of at most 4 bytes/],
		[{ a: "x" }, /fields\.a: expected a whole number/],
		[[1], /fields: expected a map/],
		[new Map([[1, 2]]), /fields: expected keys/],
	])("is refused as %j", (fields, message) => {
		expect(() => parse(counters, { fields })).toThrow(message);
	});
});
