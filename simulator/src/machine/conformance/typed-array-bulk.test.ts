import fc from "fast-check";
import { expect, test } from "vitest";
import { scriptMachine, settle } from "./run-script.ts";

const TYPES = { Uint8Array, Int16Array, Uint32Array, Float32Array, Float64Array, Uint8ClampedArray };
const type = fc.constantFrom(...(Object.keys(TYPES) as (keyof typeof TYPES)[]));
const position = fc.integer({ min: -10, max: 10 });
const slot = fc.integer({ min: 0, max: 3 });

/** One call on a view of four elements; `other` is a view of three in the same 96 bytes. */
const operation = fc.record({
	method: fc.constantFrom("set", "fill", "slice", "copyWithin"),
	view: fc.record({ type, slot }),
	other: fc.record({ type, slot }),
	a: position,
	b: position,
	c: position,
});
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** The same on the engine of this process. */
function reference(operations: readonly Operation[]): number[] {
	const bytes = new Uint8Array(96).map((_, i) => i % 7);
	for (const { method, a, b, c, ...o } of operations) {
		const view = new TYPES[o.view.type](bytes.buffer, o.view.slot * 8, 4);
		const other = new TYPES[o.other.type](bytes.buffer, o.other.slot * 8, 3);
		if (method === "set") {
			try {
				view.set(other, a);
			} catch {
				bytes[95] = 255;
			}
		} else if (method === "fill") view.fill(a, b, c);
		else if (method === "slice") bytes.set(new Uint8Array(view.slice(a, b).buffer), 64);
		else view.copyWithin(a, b, c);
	}
	return [...bytes];
}

test("random sequences of set, fill, slice and copyWithin leave the same bytes as the reference", () => {
	const machine = scriptMachine(`
		const bytes = new Uint8Array(96).map((_, i) => i % 7);
		for (const { method, a: x, b: y, c: z, ...o } of JSON.parse(native.readText(0, a))) {
			const view = new globalThis[o.view.type](bytes.buffer, o.view.slot * 8, 4);
			const other = new globalThis[o.other.type](bytes.buffer, o.other.slot * 8, 3);
			if (method === "set") { try { view.set(other, x) } catch { bytes[95] = 255 } }
			else if (method === "fill") view.fill(x, y, z);
			else if (method === "slice") bytes.set(new Uint8Array(view.slice(x, y).buffer), 64);
			else view.copyWithin(x, y, z);
		}
		report([...bytes]);`);
	fc.assert(
		fc.property(fc.array(operation, { minLength: 1, maxLength: 6 }), (operations) => {
			const text = new TextEncoder().encode(JSON.stringify(operations));
			machine.media.write(0, text);
			machine.post(0, 0, 0, text.length);
			expect(settle(machine).reports).toEqual([reference(operations)]);
		}),
		{ seed: 419, numRuns: 300 },
	);
});
