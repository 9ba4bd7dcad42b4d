import { describe, expect, test } from "vitest";
import { type Case, runReference, runScript } from "./run-script.ts";

const CASES: readonly Case[] = [
	["set from a list coerces", `const x = new Uint8Array(4); x.set([1, 257, "3"], 1); report([...x])`],
	[
		"set from another type converts",
		`const x = new Uint8Array(4); x.set(new Float64Array([1.9, 300, -1, NaN])); report([...x])`,
	],
	[
		"set from another type in the same buffer reads before it writes",
		`const x = new Uint8Array(16); for (let i = 0; i < 16; i++) x[i] = i; new Uint16Array(x.buffer, 0, 8).set(x.subarray(0, 8)); report([...x])`,
	],
	[
		"set beyond the end is a RangeError",
		`try { new Uint8Array(4).set(new Uint8Array(3), 2) } catch (e) { report(e.name) }`,
	],
	[
		"set of a clamped array from bytes",
		`const x = new Uint8ClampedArray(3); x.set(new Int16Array([-5, 100, 999])); report([...x])`,
	],
	[
		"fill coerces once",
		`let n = 0; const x = new Uint8Array(5).fill({ valueOf() { n++; return 258 } }); report([[...x], n])`,
	],
	[
		"fill of every element size",
		`report([Int8Array, Int16Array, Uint32Array, Float32Array, Float64Array].map((T) => [...new T(7).fill(-1.5, 1, -1)]))`,
	],
	["fill of 64-bit integers", `report([...new BigInt64Array(5).fill(-3n, 2)].map(String))`],
	["fill of nothing", `report([...new Uint8Array(3).fill(9, 2, 1)])`],
	[
		"fill stops where the coercion shrank the buffer",
		`const b = new ArrayBuffer(8, { maxByteLength: 8 }); const x = new Uint8Array(b); x.fill({ valueOf() { b.resize(4); return 7 } }); report([...x])`,
	],
	[
		"slice copies",
		`const x = new Uint16Array([1, 2, 3, 4]); const y = x.slice(1, -1); y[0] = 9; report([[...x], [...y]])`,
	],
	[
		"slice of a view with an offset",
		`const x = new Float64Array([1, 2, 3, 4, 5]).subarray(1, 4); report([...x.slice(1)])`,
	],
	[
		"slice into a species of another type",
		`class Wide extends Uint8Array { static get [Symbol.species]() { return Uint16Array } } report([...new Wide([250, 251, 252]).slice(1)])`,
	],
	[
		"slice after a resize",
		`const b = new ArrayBuffer(8, { maxByteLength: 16 }); const x = new Uint16Array(b); x.fill(5); b.resize(12); report([...x.slice()])`,
	],
	["copyWithin overlaps", `report([...new Uint8Array([1, 2, 3, 4, 5]).copyWithin(1, 0, 4)])`],
	["subarray shares", `const x = new Uint8Array(4); x.subarray(1, 3).fill(7); report([...x])`],
	[
		"sorting floats",
		`report([...new Float64Array([3, -0, 0, NaN, -1]).sort()].map((v) => Object.is(v, -0) ? "-0" : String(v)))`,
	],
	[
		"DataView of every width at every alignment",
		`const v = new DataView(new ArrayBuffer(32)); const out = []; for (let at = 0; at < 9; at++) for (const little of [true, false]) { v.setUint8(at, 250); v.setInt16(at, -2, little); out.push(v.getUint16(at, little), v.getInt16(at, !little)); v.setUint32(at, 0xfedcba98, little); out.push(v.getInt32(at, little), v.getUint32(at, !little)); v.setFloat32(at, 1.5, little); out.push(v.getFloat32(at, little)); v.setFloat64(at, Math.PI, little); out.push(v.getFloat64(at, little), v.getUint32(at, !little)); v.setBigInt64(at, -0x123456789abcdefn, little); out.push(String(v.getBigInt64(at, little)), String(v.getBigUint64(at, !little))); v.setBigUint64(at, 0xfedcba9876543210n, little); out.push(String(v.getBigUint64(at, little)), String(v.getBigInt64(at, !little))) } report(out)`,
	],
	[
		"DataView beyond its end is a RangeError",
		`const v = new DataView(new ArrayBuffer(8), 4); for (const f of [() => v.getUint8(4), () => v.setFloat64(0, 1), () => v.getInt16(-1)]) try { f(); report("none") } catch (e) { report(e.name) }`,
	],
	[
		"BigInt conversions wrap",
		`report([BigInt.asIntN(64, 2n ** 63n), BigInt.asUintN(64, -1n), new BigUint64Array([2n ** 64n + 5n])[0], -7n / 2n, -7n % 2n, (-5n) >> 1n, 3n ** 50n].map(String))`,
	],
];

describe("typed arrays and DataView", () => {
	test.each(CASES)("%s", async (_title, body) => {
		const { reports, end } = runScript(body);
		expect(end).toEqual({ state: "idle" });
		expect(reports.length).toBeGreaterThan(0);
		expect(reports).toEqual(await runReference(body));
	});
});
