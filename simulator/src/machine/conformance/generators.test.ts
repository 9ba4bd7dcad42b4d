import { describe, expect, test } from "vitest";
import { type Case, runReference, runScript } from "./run-script.ts";

/** Generators bring their catchers back when they resume, which the setjmp patch changed. */
const CASES: readonly Case[] = [
	[
		"a generator yields and returns",
		`function* g() { yield 1; yield 2; return 3 } const i = g(); report([i.next(), i.next(), i.next(), i.next()])`,
	],
	[
		"values go in",
		`function* g() { const a = yield; const b = yield a * 2; return a + b } const i = g(); i.next(); report([i.next(4), i.next(5)])`,
	],
	[
		"a throw from outside is caught inside",
		`function* g() { try { yield 1 } catch (e) { yield "caught " + e } } const i = g(); i.next(); report(i.throw("x"))`,
	],
	[
		"a throw inside a resumed try is caught",
		`function* g() { try { yield 1; throw "in" } catch (e) { yield e } } report([...g()])`,
	],
	[
		"nested catchers come back in order",
		`function* g() { const log = []; try { try { yield 1; throw 1 } catch (e) { log.push("a" + e); yield 2; throw 2 } finally { log.push("f"); yield 3 } } catch (e) { log.push("b" + e) } return log } const i = g(); const out = []; for (let r = i.next(); ; r = i.next()) { out.push(r.value); if (r.done) break } report(out)`,
	],
	[
		"return runs finally",
		`const log = []; function* g() { try { yield 1 } finally { log.push("f") } } const i = g(); i.next(); log.push(i.return(7)); report(log)`,
	],
	[
		"finally may yield during return",
		`function* g() { try { yield 1 } finally { yield "f" } } const i = g(); i.next(); report([i.return(7), i.next()])`,
	],
	[
		"a catcher does not survive its generator's end",
		`function* g() { try { yield 1 } catch { } } const i = g(); i.next(); i.next(); try { i.throw("late") } catch (e) { report(e) }`,
	],
	[
		"two generators keep their catchers apart",
		`function* g(n) { for (;;) { try { yield n } catch (e) { n += e } } } const a = g(1), b = g(100); a.next(); b.next(); report([a.throw(1).value, b.throw(2).value, a.throw(3).value, b.throw(4).value])`,
	],
	[
		"a generator suspended in a try resumes in another frame",
		`function* g() { try { const x = yield 1; if (x) throw x } catch (e) { return "c" + e } } const i = g(); const start = () => i.next(); start(); const resume = () => [0].map(() => i.next("v"))[0]; report(resume())`,
	],
	[
		"a throw crosses a generator that resumed without a try",
		`function* g() { yield 1; throw "g" } const i = g(); try { i.next(); i.next() } catch (e) { report(e) }`,
	],
	[
		"yield* hands throws through",
		`function* inner() { try { yield 1 } catch (e) { yield "inner " + e } } function* outer() { yield* inner(); yield "end" } const i = outer(); i.next(); report([i.throw("t"), i.next()])`,
	],
	[
		"yield* hands return through",
		`const log = []; function* inner() { try { yield 1 } finally { log.push("i") } } function* outer() { try { yield* inner() } finally { log.push("o") } } const i = outer(); i.next(); i.return(); report(log)`,
	],
	[
		"a try in a loop with a yield",
		`function* g() { for (let i = 0; i < 6; i++) { try { if (i % 2) throw i; yield i } catch (e) { yield -e } } } report([...g()])`,
	],
	[
		"ten thousand resumptions inside a try",
		`function* g() { let s = 0; try { for (;;) s += yield s } finally { report(s) } } const i = g(); i.next(); for (let n = 0; n < 10000; n++) i.next(1); i.return()`,
	],
	[
		"break closes the iterator",
		`const log = []; const it = { [Symbol.iterator]() { return { next: () => ({ value: 1, done: false }), return() { log.push("closed"); return {} } } } }; for (const x of it) { log.push(x); break } report(log)`,
	],
	[
		"a throw in the body closes the iterator and wins",
		`const log = []; const it = { [Symbol.iterator]() { return { next: () => ({ value: 1, done: false }), return() { log.push("closed"); throw "second" } } } }; try { for (const x of it) throw "first" } catch (e) { log.push(e) } report(log)`,
	],
	[
		"a throw of next does not close",
		`const log = []; const it = { [Symbol.iterator]() { return { next() { throw "next" }, return() { log.push("closed"); return {} } } } }; try { for (const x of it); } catch (e) { log.push(e) } report(log)`,
	],
	[
		"a return through for-of closes",
		`const log = []; const it = { [Symbol.iterator]() { return { next: () => ({ value: 1, done: false }), return() { log.push("closed"); return {} } } } }; const f = () => { for (const x of it) return x }; log.push(f()); report(log)`,
	],
	[
		"destructuring closes what it does not exhaust",
		`const log = []; const it = { [Symbol.iterator]() { return { next: () => ({ value: 1, done: false }), return() { log.push("closed"); return {} } } } }; const [a] = it; log.push(a); report(log)`,
	],
	[
		"destructuring does not close what is exhausted",
		`const log = []; function* g() { try { yield 1 } finally { log.push("end") } } const [a, b] = g(); report([a, b === undefined, log])`,
	],
	[
		"a default that throws closes",
		`const log = []; const it = { [Symbol.iterator]() { return { next: () => ({ value: undefined, done: false }), return() { log.push("closed"); return {} } } } }; try { const [a = (() => { throw "d" })()] = it } catch (e) { log.push(e) } report(log)`,
	],
];

describe("generators and iterators", () => {
	test.each(CASES)("%s", async (_title, body) => {
		const { reports, end } = runScript(body);
		expect(end).toEqual({ state: "idle" });
		expect(reports.length).toBeGreaterThan(0);
		expect(reports).toEqual(await runReference(body));
	});
});
