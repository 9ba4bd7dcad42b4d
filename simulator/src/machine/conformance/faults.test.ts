import { describe, expect, test } from "vitest";
import type { RunResult } from "../machine.ts";
import { runScript, scriptMachine, settle, stepScript } from "./run-script.ts";

function death(end: RunResult): Extract<RunResult, { state: "dead" }> {
	if (end.state !== "dead") throw new Error("the machine lives");
	return end;
}

/** A heap that is full soon, bytes: the fuller it is the longer the engine collects garbage. */
const SMALL_HEAP = 1024 * 1024;

describe("what ends a machine", () => {
	test("an uncaught exception, with message and stack", () => {
		const end = death(runScript(`\nnull.x`).end);
		expect(end.reason).toBe("exception");
		expect(end.message).toMatch(/^TypeError: /);
		expect(end.stack).toMatch(/\n at onRecord \(firmware\.js:\d+\)$/);
	});

	test("a thrown value that is no error", () => {
		expect(death(runScript(`throw { toString() { return "odd" } }`).end)).toMatchObject({
			reason: "exception",
			message: "odd",
			stack: "",
		});
	});

	test("a thrown value that cannot even be described", () => {
		expect(death(runScript(`throw { toString() { throw 1 } }`).end)).toMatchObject({
			reason: "exception",
			message: "exception without a description",
		});
	});

	test("a thrown value whose description never ends", () => {
		const end = runScript(`throw { toString() { for (;;); } }`, { meterLimit: 100_000 }).end;
		expect(death(end).reason).toBe("exception");
	});

	test("a rejection that nobody handled by the end of the record", () => {
		const end = death(runScript(`(async () => { await 0; throw new RangeError("async") })()`).end);
		expect(end.reason).toBe("exception");
		expect(end.message).toBe("RangeError: async");
		expect(end.stack).toContain("firmware.js:");
	});

	test("an endless loop, with the place where it was", () => {
		const end = death(runScript(`(function spin() { for (;;); })()`, { meterLimit: 1_000_000 }).end);
		expect(end.reason).toBe("watchdog");
		expect(end.stack).toMatch(/^ at spin \(firmware\.js:\d+\)\n at onRecord /);
	});

	test("an endless loop inside try and catch, which cannot hold it", () => {
		const end = runScript(`for (;;) try { for (;;); } catch { } finally { continue }`, {
			meterLimit: 1_000_000,
		}).end;
		expect(death(end).reason).toBe("watchdog");
	});

	test("an endless chain of promises", () => {
		const end = runScript(`const again = () => { Promise.resolve().then(again) }; again()`, {
			meterLimit: 1_000_000,
		}).end;
		expect(death(end).reason).toBe("watchdog");
	});

	test("an endless loop around a native", () => {
		const end = runScript(`for (;;) native.zero(0, 65536)`, { meterLimit: 1_000_000 }).end;
		expect(death(end).reason).toBe("watchdog");
	});

	test.each([
		["objects", `const list = []; for (;;) list.push({})`],
		["strings", `let text = "x"; for (;;) text += text`],
		["buffers", `const list = []; for (;;) list.push(new Uint8Array(1000))`],
		["one huge buffer", `new ArrayBuffer(2 ** 30)`],
		["property names", `const o = {}; for (let i = 0; ; i++) o["name" + i] = 1`],
		["promises", `const wait = () => new Promise(() => {}); const list = []; for (;;) list.push(wait())`],
	])("a heap that is full of %s", (_title, body) => {
		expect(death(runScript(body, { heapBytes: SMALL_HEAP }).end).reason).toBe("outOfMemory");
	});

	test("a full heap cannot be caught", () => {
		expect(
			runScript(`try { const list = []; for (;;) list.push({}) } catch { report(1) } finally { report(2) }`),
		).toMatchObject({ reports: [], end: { state: "dead", reason: "outOfMemory" } });
	});

	test.each([
		["JavaScript", `const f = () => f() + 1; f()`],
		["a native callback", `const f = () => [1].map(f); f()`],
		["a getter", `const o = { get x() { return this.x } }; o.x`],
		["a proxy", `const p = new Proxy({}, { get: (t, k, r) => r[k] }); p.x`],
		["toString", `const o = { toString() { return "" + this } }; "" + o`],
		["try and native callbacks", `const f = () => { try { [1].map(f) } finally { native.now() } }; f()`],
		["generators", `function* g() { yield* g() } g().next()`],
		["JSON", `JSON.parse("[".repeat(20000))`],
	])("a recursion through %s", (_title, body) => {
		expect(death(runScript(body).end).reason).toBe("stackOverflow");
	});
});

describe("a dead machine", () => {
	test("stays dead, ignores records and has no live heap", () => {
		const { machine, end } = runScript(`throw 1`);
		machine.post(0, 0, 0);
		expect(machine.run(() => {})).toBe(end);
		expect(machine.collect()).toBe(0);
	});

	test("hands out what it posted before it died", () => {
		expect(runScript(`report("last words"); throw 1`)).toMatchObject({
			reports: ["last words"],
			end: { state: "dead" },
		});
	});

	test("does no harm to another", () => {
		const bodies = [
			`throw 1`,
			`for (;;);`,
			`const l = []; for (;;) l.push({})`,
			`const f = () => f() + 1; f()`,
		];
		const healthy = scriptMachine(`globalThis.n = (globalThis.n ?? 0) + 1; report(globalThis.n)`);
		let n = 0;
		for (const body of bodies) {
			expect(runScript(body, { meterLimit: 1_000_000 }).end.state).toBe("dead");
			expect(stepScript(healthy).reports).toEqual([++n]);
		}
	});

	test("dies while it is evaluated and says so at the first run", () => {
		const machine = scriptMachine(`} }); throw new Error("at boot"); native.listen(() => { {`);
		expect(death(settle(machine).end).message).toBe("Error: at boot");
	});
});
