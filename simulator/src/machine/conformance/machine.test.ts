import { compileArtefact } from "@bodycam/firmware/engine";
import { describe, expect, test } from "vitest";
import { engineOfTests } from "../../testing/engines.ts";
import { scriptMachine, settle, stepScript, testMachine } from "./run-script.ts";

describe("records", () => {
	test("arrive with every field as it was posted", () => {
		const machine = scriptMachine(`report([kind, unit, time, a, b, c, d, e, f])`);
		machine.post(0xffff, 0xfffe, 12.75, 1, 0x7fffffff, 0x80000000, 0xffffffff, -1, 0);
		expect(settle(machine).reports).toEqual([
			[0xffff, 0xfffe, 12.75, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xffffffff, 0],
		]);
	});

	test("leave with the fields as ToUint32 gives them, missing ones 0, at the time of their cause", () => {
		const machine = scriptMachine(`native.post(7, 3, -1, 1.9, 2 ** 32 + 5, NaN); native.post(8)`);
		machine.post(0, 0, 99.5);
		const out: number[][] = [];
		machine.run((...record) => out.push(record));
		expect(out).toEqual([
			[7, 3, 99.5, 0xffffffff, 1, 5, 0, 0, 0],
			[8, 0, 99.5, 0, 0, 0, 0, 0, 0],
		]);
	});

	test("are handed out after each record, before the next is handled", () => {
		const machine = scriptMachine(`native.post(1, 0, a); Promise.resolve().then(() => native.post(2, 0, a))`);
		machine.post(0, 0, 0, 1);
		machine.post(0, 0, 0, 2);
		const order: string[] = [];
		machine.run((kind, _unit, _time, a) => {
			order.push(`${kind}:${a}`);
			if (kind === 2 && a === 1) machine.media.write(0, Uint8Array.of(1));
		});
		expect(order).toEqual(["1:1", "2:1", "1:2", "2:2"]);
	});

	test("posted by the board during a run are handled in the same run", () => {
		const machine = scriptMachine(`if (a < 5) native.post(1, 0, a)`);
		machine.post(0, 0, 0, 0);
		let last = -1;
		machine.run((_kind, _unit, timeUs, a) => {
			last = a;
			machine.post(0, 0, timeUs + 1, a + 1);
		});
		expect(last).toBe(4);
	});

	test("beyond the queue's capacity wait in order", () => {
		const machine = scriptMachine(`native.post(1, 0, a)`);
		for (let i = 0; i < 5000; i++) machine.post(0, 0, i, i);
		const seen: number[] = [];
		expect(machine.run((_kind, _unit, _time, a) => seen.push(a))).toEqual({ state: "idle" });
		expect(seen).toEqual(Array.from({ length: 5000 }, (_, i) => i));
	});

	test("post says false when the outbound queue is full", () => {
		const machine = scriptMachine(`while (native.post(1));`);
		machine.post(0, 0, 0);
		let count = 0;
		machine.run(() => count++);
		expect(count).toBe(1024);
	});

	test("a record without a listener is dropped", () => {
		const machine = testMachine({
			artefact: compileArtefact("native.now()", "firmware.js"),
			mediaBytes: 64,
		});
		machine.post(0, 0, 0);
		expect(machine.run(() => {})).toEqual({ state: "idle" });
	});

	test("posted while the firmware is evaluated come out at the first run", () => {
		const artefact = compileArtefact("native.post(5, 0, 6)", "firmware.js");
		const machine = testMachine({ artefact, mediaBytes: 64 });
		const out: number[][] = [];
		machine.run((...record) => out.push(record));
		expect(out).toEqual([[5, 0, 0, 6, 0, 0, 0, 0, 0]]);
	});

	test("an error of the board's own sink reaches the caller and leaves the machine alive", () => {
		const machine = scriptMachine(`native.post(1)`);
		machine.post(0, 0, 0);
		expect(() =>
			machine.run(() => {
				throw new Error("board");
			}),
		).toThrow("board");
		machine.post(0, 0, 0);
		expect(machine.run(() => {})).toEqual({ state: "idle" });
	});
});

describe("counters", () => {
	test("a listener with numbers alone allocates nothing", () => {
		const machine = scriptMachine(
			`native.post(1, unit, a + b, time / 3, 2 ** 31); native.store32(0, a, b); native.copy(100, 0, 8)`,
		);
		const step = () => {
			machine.post(9, 1, 1e9, 3_000_000_000, 5, 1, 2, 3, 4);
			machine.run(() => {});
		};
		step();
		const before = machine.counters();
		for (let i = 0; i < 10_000; i++) step();
		const after = machine.counters();
		expect(after.slotAllocations).toBe(before.slotAllocations);
		expect(after.chunkAllocations).toBe(before.chunkAllocations);
		expect(after.chunkBytes).toBe(before.chunkBytes);
		expect(after.collections).toBe(before.collections);
	});

	test("every slot and chunk is counted", () => {
		const machine = scriptMachine(`if (kind === 1) ({}); if (kind === 2) new Uint8Array(1000)`);
		stepScript(machine, 1);
		const count = (kind: number) => {
			const before = machine.counters();
			stepScript(machine, kind);
			const after = machine.counters();
			return {
				slots: after.slotAllocations - before.slotAllocations,
				chunks: after.chunkAllocations - before.chunkAllocations,
				bytes: after.chunkBytes - before.chunkBytes,
			};
		};
		expect(count(0)).toEqual({ slots: 0, chunks: 0, bytes: 0 });
		expect(count(1)).toEqual({ slots: 1, chunks: 0, bytes: 0 });
		const array = count(2);
		expect(array.chunks).toBe(1);
		expect(array.bytes).toBe(1008);
	});

	test("one artefact and one sequence of records give the same instructions every time", () => {
		const run = () => {
			const machine = scriptMachine(
				`let s = 0; for (let i = 0; i < a; i++) s += Math.sqrt(i); report([...new Set([s, a])])`,
			);
			for (let i = 0; i < 50; i++) machine.post(0, 0, i, i * 7);
			settle(machine);
			machine.collect();
			return machine.counters();
		};
		expect(run()).toEqual(run());
	});

	test("instructions add up beyond 32 bits", () => {
		const machine = scriptMachine(`for (let i = 0; i < 4000; i++) native.zero(0, 131072)`, {
			meterLimit: 0xffff_ffff,
		});
		const before = machine.counters().instructions;
		stepScript(machine);
		const once = machine.counters().instructions - before;
		expect(once).toBeGreaterThan(2_000_000);
		stepScript(machine);
		expect(machine.counters().instructions - before).toBe(2 * once);
	});

	test("collect frees what is garbage", () => {
		const machine = scriptMachine(
			`if (kind === 1) globalThis.kept = new Uint8Array(100_000); else globalThis.kept = null`,
		);
		const empty = machine.collect();
		stepScript(machine, 1);
		expect(machine.collect()).toBeGreaterThan(empty + 100_000);
		stepScript(machine, 0);
		expect(machine.collect()).toBeLessThan(empty + 1000);
	});

	test("the peak stays below the cap", () => {
		const machine = scriptMachine(`const list = []; for (;;) list.push({})`, { heapBytes: 1024 * 1024 });
		stepScript(machine);
		const { heapPeakBytes } = machine.counters();
		expect(heapPeakBytes).toBeLessThanOrEqual(1024 * 1024);
		// What is left does not hold the list's next, larger table.
		expect(heapPeakBytes).toBeGreaterThan(768 * 1024);
	});
});

describe("time and chance", () => {
	test("Date is the epoch plus the record's time, in UTC", () => {
		const machine = scriptMachine(
			`report([Date.now(), new Date().toISOString(), new Date().getTimezoneOffset(), new Date(2026, 0, 1).getTime()])`,
			{
				epochUs: Date.UTC(2026, 0, 1) * 1000,
			},
		);
		expect(stepScript(machine, 0, 1_500_000).reports).toEqual([
			[Date.UTC(2026, 0, 1) + 1500, "2026-01-01T00:00:01.500Z", 0, Date.UTC(2026, 0, 1)],
		]);
	});

	test("Math.random depends on the seed alone", () => {
		const draw = (seed: bigint) =>
			stepScript(scriptMachine(`report(Array.from({ length: 100 }, Math.random))`, { seed })).reports[0];
		const first = draw(1n) as number[];
		expect(draw(1n)).toEqual(first);
		expect(draw(2n)).not.toEqual(first);
		expect(draw(1n << 40n)).not.toEqual(draw(0n));
		expect(first.every((value) => value >= 0 && value < 1)).toBe(true);
		expect(new Set(first).size).toBe(100);
	});
});

describe("memory", () => {
	test("media is zeroed, of the asked size, and stays attached", () => {
		const machine = scriptMachine(
			`const list = []; for (let i = 0; i < 10_000; i++) list.push({ i }); native.store32(0, 1)`,
			{
				mediaBytes: 36 * 1024 * 1024,
			},
		);
		const { media } = machine;
		expect(media.length).toBe(36 * 1024 * 1024);
		expect(media.read(0, media.length).every((byte) => byte === 0)).toBe(true);
		stepScript(machine);
		expect(media.read(0, 1)[0]).toBe(1);
	});

	test("a size beyond what the engine addresses is refused", () => {
		expect(() => scriptMachine("", { mediaBytes: 4 * 1024 * 1024 * 1024 })).toThrow(RangeError);
	});

	test("console, timers and the like are not there", () => {
		const machine = scriptMachine(
			`report([typeof console, typeof setTimeout, typeof crypto, typeof process])`,
		);
		expect(stepScript(machine).reports).toEqual([["undefined", "undefined", "undefined", "undefined"]]);
	});

	test("a closed machine ignores everything", () => {
		const machine = scriptMachine(`native.post(1)`);
		machine.close();
		machine.close();
		machine.post(0, 0, 0);
		let records = 0;
		expect(machine.run(() => records++).state).toBe("dead");
		expect(records).toBe(0);
	});
});

describe("artefacts", () => {
	const good = compileArtefact(`native.post(1, 0, 42)`, "firmware.js");
	/** Each outcome takes a machine, and that a process on an engine outside of this one. */
	const step = engineOfTests() === "wasm" ? 1 : 41;
	const outcome = (artefact: Uint8Array) => testMachine({ artefact, mediaBytes: 64 }).run(() => {});

	test("an intact one runs", () => {
		expect(outcome(good)).toEqual({ state: "idle" });
	});

	test("one with any byte changed is refused with a reason", () => {
		for (let at = 0; at < good.length; at += step) {
			const bad = good.slice();
			bad[at] = (bad[at] as number) ^ 0x10;
			const end = outcome(bad);
			expect(end.state, `byte ${at}`).toBe("dead");
			if (end.state === "dead") expect(end.message).toMatch(/artefact/);
		}
	});

	test("one that is cut short at any length is refused", () => {
		for (let length = 0; length < good.length; length += step)
			expect(outcome(good.subarray(0, length)).state, `${length} bytes`).toBe("dead");
	});
});
