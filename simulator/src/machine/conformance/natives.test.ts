import { describe, expect, test } from "vitest";
import { call, machineFor, nudge } from "./call-native.ts";
import { RESULT_BYTES, runScript, SCRATCH_BYTES, scriptMachine, settle } from "./run-script.ts";

const MEDIA_BYTES = SCRATCH_BYTES + RESULT_BYTES;

describe("bytes", () => {
	test("copy moves overlapping ranges either way", () => {
		const { machine } = runScript(`native.copy(2, 0, 8); native.copy(100, 102, 8)`);
		expect([...machine.media.read(0, 10)]).toEqual(new Array(10).fill(0));
		const mover = scriptMachine(`native.copy(a, b, c)`);
		mover.media.write(
			0,
			Uint8Array.from({ length: 20 }, (_, i) => i),
		);
		mover.post(0, 0, 0, 2, 0, 8);
		settle(mover);
		expect([...mover.media.read(0, 10)]).toEqual([0, 1, 0, 1, 2, 3, 4, 5, 6, 7]);
		mover.post(0, 0, 0, 10, 12, 6);
		settle(mover);
		expect([...mover.media.read(10, 8)]).toEqual([12, 13, 14, 15, 16, 17, 16, 17]);
	});

	test("zero clears exactly its range", () => {
		const machine = scriptMachine(`native.zero(a, b)`);
		machine.media.write(0, new Uint8Array(10).fill(7));
		machine.post(0, 0, 0, 3, 4);
		settle(machine);
		expect([...machine.media.read(0, 10)]).toEqual([7, 7, 7, 0, 0, 0, 0, 7, 7, 7]);
	});

	test("compare orders as unsigned bytes", () => {
		const machine = machineFor("compare");
		machine.media.write(0, Uint8Array.from([1, 200, 1, 100, 1, 200]));
		expect(call(machine, 0, 2, 2)).toBeGreaterThan(0);
		expect(call(machine, 2, 0, 2)).toBeLessThan(0);
		expect(call(machine, 0, 4, 2)).toBe(0);
		expect(call(machine, 0, 1, 0)).toBe(0);
	});

	test("indexOf finds the first, or nothing", () => {
		const machine = machineFor("indexOf");
		machine.media.write(100, Uint8Array.from([9, 5, 9, 5]));
		expect(call(machine, 100, 4, 5)).toBe(101);
		expect(call(machine, 102, 2, 5)).toBe(103);
		expect(call(machine, 100, 1, 5)).toBe(-1);
		expect(call(machine, 100, 0, 9)).toBe(-1);
		expect(call(machine, 100, 4, 256)).toMatch(/^RangeError/);
	});

	test("words are stored and loaded in either order", () => {
		const { reports, machine } = runScript(`
			native.store32(0, 1, 0xfffefdfc, -1, 4294967296 + 5, 1.9);
			native.store32be(21, 0x01020304, 0x80000000);
			report([native.load32(4), native.load32be(4), native.load32(8), native.load32(12), native.load32(16), native.load32be(25)]);
			native.store32(40);`);
		expect(reports).toEqual([[0xfffefdfc, 0xfcfdfeff, 0xffffffff, 5, 1, 0x80000000]]);
		expect([...machine.media.read(21, 8)]).toEqual([1, 2, 3, 4, 0x80, 0, 0, 0]);
	});

	test("nine words are too many, and none of them is stored", () => {
		const { reports, machine } = runScript(
			`try { native.store32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9) } catch (e) { report(e.name) }`,
		);
		expect(reports).toEqual(["RangeError"]);
		expect(machine.media.read(0, 36).every((byte) => byte === 0)).toBe(true);
	});
});

describe("ranges", () => {
	const outside: readonly [string, string][] = [
		["copy", `native.copy(0, ${MEDIA_BYTES - 3}, 4)`],
		["copy", `native.copy(${MEDIA_BYTES - 3}, 0, 4)`],
		["copy", `native.copy(0, 4294967295, 2)`],
		["zero", `native.zero(${MEDIA_BYTES}, 1)`],
		["zero", `native.zero(-1, 1)`],
		["zero", `native.zero(0.5, 1)`],
		["zero", `native.zero(NaN, 1)`],
		["zero", `native.zero("0", 1)`],
		["zero", `native.zero(0)`],
		["compare", `native.compare(0, ${MEDIA_BYTES}, 1)`],
		["crc32", `native.crc32(${MEDIA_BYTES - 1}, 2)`],
		["crc16", `native.crc16(0, ${MEDIA_BYTES + 1})`],
		["sha256Update", `native.sha256Begin(0); native.sha256Update(0, ${MEDIA_BYTES - 1}, 2)`],
		["sha256End", `native.sha256Begin(0); native.sha256End(0, ${MEDIA_BYTES - 31})`],
		["store32", `native.store32(${MEDIA_BYTES - 7}, 1, 2)`],
		["store32be", `native.store32be(${MEDIA_BYTES - 3}, 1)`],
		["load32", `native.load32(${MEDIA_BYTES - 3})`],
		["load32be", `native.load32be(4294967294)`],
		["indexOf", `native.indexOf(1, ${MEDIA_BYTES}, 0)`],
		["base64Encode", `native.base64Encode(${MEDIA_BYTES - 3}, 0, 3)`],
		["base64Decode", `native.base64Decode(${MEDIA_BYTES - 2}, 0, 4)`],
		["writeText", `native.writeText(1, ${MEDIA_BYTES}, "")`],
		["readText", `native.readText(${MEDIA_BYTES}, 1)`],
		["post", `native.post(65536)`],
		["post", `native.post(1, 65536)`],
	];

	test.each(outside)("%s refuses %s with its name", (name, call) => {
		const { reports, end } = runScript(
			`try { ${call}; report("none") } catch (e) { report([e.name, e.message]) }`,
		);
		expect(end).toEqual({ state: "idle" });
		expect(reports).toEqual([["RangeError", expect.stringMatching(new RegExp(`^${name}: `))]]);
	});

	test("ranges that end where the memory ends are allowed", () => {
		const { reports, end } = runScript(`
			native.zero(${MEDIA_BYTES}, 0); native.copy(${MEDIA_BYTES}, ${MEDIA_BYTES}, 0);
			native.store32(${MEDIA_BYTES - 4}, 7); report(native.load32(${MEDIA_BYTES - 4}))`);
		expect(end).toEqual({ state: "idle" });
		expect(reports).toEqual([7]);
	});
});

describe("media memory", () => {
	test("is one ArrayBuffer that views and natives share with the board", () => {
		const machine = scriptMachine(`
			const view = new Uint8Array(native.memory, 4, 4);
			new DataView(native.memory).setUint32(4, 0x01020304);
			report([native.memory instanceof ArrayBuffer, native.memory.byteLength, [...view], native.load32be(4), native.load32(8)])`);
		machine.media.write(8, Uint8Array.of(42));
		expect(settle(nudge(machine)).reports).toEqual([[true, MEDIA_BYTES, [1, 2, 3, 4], 0x01020304, 42]]);
		expect([...machine.media.read(4, 4)]).toEqual([1, 2, 3, 4]);
	});

	test("keeps its address through collections", () => {
		const machine = scriptMachine(`
			if (kind === 0) { globalThis.view = new Uint8Array(native.memory, 100, 4); view.fill(9) }
			else report([...globalThis.view]);`);
		settle(nudge(machine));
		for (let i = 0; i < 3; i++) machine.collect();
		machine.media.write(101, Uint8Array.of(1));
		machine.post(1, 0, 0);
		expect(settle(machine).reports).toEqual([[9, 1, 9, 9]]);
	});

	test("a slice of it is a copy on the heap", () => {
		const { reports, machine } = runScript(`
			native.store32(0, 5); const copy = new Uint8Array(native.memory.slice(0, 4)); native.store32(0, 6); copy[1] = 3; report([...copy])`);
		expect(reports).toEqual([[5, 3, 0, 0]]);
		expect(machine.media.read(1, 1)[0]).toBe(0);
	});
});

describe("the native object", () => {
	test("cannot be changed", () => {
		const { reports } = runScript(`
			for (const f of [() => { native.post = 1 }, () => { native.extra = 1 }, () => { delete native.copy }, () => { native = 1 }, () => { native.memory = null }])
				try { f(); report("changed") } catch (e) { report(e.name) }`);
		expect(reports).toEqual(new Array(5).fill("TypeError"));
	});

	test("now is the record's time", () => {
		const machine = scriptMachine(`report([native.now(), time])`);
		machine.post(0, 0, 1234.5);
		machine.post(0, 0, 1e15);
		expect(settle(machine).reports).toEqual([
			[1234.5, 1234.5],
			[1e15, 1e15],
		]);
	});

	test("heap is the live bytes the board sees", () => {
		const machine = scriptMachine(`native.post(1, 0, native.heap())`);
		machine.post(0, 0, 0);
		let live = 0;
		machine.run((_kind, _unit, _time, a) => {
			live = a;
		});
		expect(live).toBe(machine.counters().heapLiveBytes);
	});

	test("listen wants a function", () => {
		const { reports } = runScript(`try { native.listen({}) } catch (e) { report(e.name) }`);
		expect(reports).toEqual(["TypeError"]);
	});
});
