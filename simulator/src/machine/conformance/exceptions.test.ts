import { describe, expect, test } from "vitest";
import { engineOfTests } from "../../testing/engines.ts";
import { type Case, runReference, runScript } from "./run-script.ts";

/** Everything the setjmp patch touches: where a throw begins, what it crosses, where it lands. */
const CASES: readonly Case[] = [
	["a throw is caught where it happens", `try { throw 1 } catch (error) { report(error) }`],
	[
		"a throw crosses JavaScript frames",
		`const f = () => { throw "f" }; const g = () => f(); try { g() } catch (e) { report(e) }`,
	],
	[
		"a throw crosses Array.prototype.map",
		`try { [1, 2].map((x) => { if (x > 1) throw x; return x }) } catch (e) { report(e) }`,
	],
	[
		"a throw crosses a sort comparator",
		`try { [3, 1, 2].sort(() => { throw "compare" }) } catch (e) { report(e) }`,
	],
	[
		"a throw crosses a JSON reviver",
		`try { JSON.parse("[1]", () => { throw "revive" }) } catch (e) { report(e) }`,
	],
	["a throw crosses toJSON", `try { JSON.stringify({ toJSON() { throw "json" } }) } catch (e) { report(e) }`],
	["a throw crosses a getter", `const o = { get x() { throw "get" } }; try { o.x } catch (e) { report(e) }`],
	[
		"a throw crosses a setter",
		`const o = { set x(v) { throw v } }; try { o.x = "set" } catch (e) { report(e) }`,
	],
	[
		"a throw crosses toString in a concatenation",
		`try { "" + { toString() { throw "text" } } } catch (e) { report(e) }`,
	],
	[
		"a throw crosses a proxy trap",
		`const p = new Proxy({}, { get() { throw "trap" } }); try { p.x } catch (e) { report(e) }`,
	],
	[
		"a throw crosses Reflect.apply",
		`try { Reflect.apply(() => { throw "apply" }, null, []) } catch (e) { report(e) }`,
	],
	[
		"a throw crosses a replace callback",
		`try { "x".replace(/x/, () => { throw "replace" }) } catch (e) { report(e) }`,
	],
	[
		"a throw crosses a constructor",
		`class A { constructor() { throw "new" } } class B extends A {} try { new B() } catch (e) { report(e) }`,
	],
	[
		"a throw crosses a bound function",
		`const f = function () { throw this.x }.bind({ x: 9 }); try { f() } catch (e) { report(e) }`,
	],
	[
		"the engine's own errors are of their class",
		`const names = []; for (const f of [() => null.x, () => missing, () => Symbol() + "", () => new Array(-1), () => JSON.parse("{"), () => decodeURIComponent("%")]) { try { f() } catch (e) { names.push(e.constructor.name) } } report(names)`,
	],
	[
		"finally runs after a return",
		`const log = []; const f = () => { try { log.push(1); return "r" } finally { log.push(2) } }; log.push(f()); report(log)`,
	],
	[
		"finally runs after a throw",
		`const log = []; try { try { throw "t" } finally { log.push("f") } } catch (e) { log.push(e) } report(log)`,
	],
	[
		"a return in finally wins over a throw",
		`const f = () => { try { throw 1 } finally { return 2 } }; report(f())`,
	],
	[
		"a throw in finally wins over a return",
		`const f = () => { try { return 1 } finally { throw 2 } }; try { f() } catch (e) { report(e) }`,
	],
	[
		"a throw in a catch reaches the outer catch",
		`try { try { throw 1 } catch (e) { throw e + 1 } } catch (e) { report(e) }`,
	],
	[
		"a rethrow keeps the value",
		`const o = { k: 1 }; try { try { throw o } catch (e) { throw e } } catch (e) { report(e === o) }`,
	],
	[
		"nested finally blocks run inside out",
		`const log = []; try { try { try { throw 0 } finally { log.push(1) } } finally { log.push(2) } } catch { log.push(3) } report(log)`,
	],
	[
		"break leaves through finally",
		`const log = []; for (const x of [1, 2, 3]) { try { if (x === 2) break; log.push(x) } finally { log.push("f" + x) } } report(log)`,
	],
	[
		"continue leaves through finally",
		`const log = []; for (let x = 0; x < 3; x++) { try { if (x === 1) continue; log.push(x) } finally { log.push("f" + x) } } report(log)`,
	],
	[
		"a labelled break leaves through two finally blocks",
		`const log = []; out: for (;;) { try { for (;;) { try { break out } finally { log.push(1) } } } finally { log.push(2) } } report(log)`,
	],
	[
		"a loop can catch ten thousand times",
		`let n = 0; for (let i = 0; i < 10000; i++) { try { if (i % 2) throw i; n++ } catch (e) { n += e > i ? 1 : 2 } } report(n)`,
	],
	[
		"a try without a throw leaves nothing behind",
		`let n = 0; const f = (x) => { try { return x } finally { n++ } }; for (let i = 0; i < 5000; i++) f(i); try { throw n } catch (e) { report(e) }`,
	],
	[
		"variables keep what the try block gave them",
		`let a = 1, b = 1; try { a = 2; (() => { b = 3; throw 0 })(); a = 4 } catch { report([a, b]) }`,
	],
	[
		"block scopes are restored",
		`const x = "outer"; try { const x = "inner"; throw x } catch (e) { report([e, x]) }`,
	],
	[
		"closures made in a try see their own block",
		`const fs = []; for (let i = 0; i < 3; i++) { try { if (i === 1) throw 0; fs.push(() => i) } catch { fs.push(() => -i) } } report(fs.map((f) => f()))`,
	],
	[
		"a catch binding may be a pattern",
		`try { throw { a: 1, b: [2] } } catch ({ a, b: [c] }) { report([a, c]) }`,
	],
	[
		"a callback's own catch does not hide the outer one",
		`const log = []; try { [1, 2].forEach((x) => { try { throw x } catch (e) { log.push(e); if (e === 2) throw "out" } }) } catch (e) { log.push(e) } report(log)`,
	],
	[
		"try works at every depth of recursion through natives",
		`const f = (n) => { try { if (n === 0) throw "deep"; return [n].map((x) => f(x - 1))[0] } catch (e) { if (n < 20) throw e; return e + n } }; report(f(20))`,
	],
	[
		"an error of a callback in a finally wins",
		`try { try { throw 1 } finally { [0].map(() => { throw 2 }) } } catch (e) { report(e) }`,
	],
	[
		"destructuring of undefined throws",
		`try { const { x } = undefined } catch (e) { report(e instanceof TypeError) }`,
	],
	["a dead zone throws", `try { y; let y = 1 } catch (e) { report(e instanceof ReferenceError) }`],
	[
		"an aggregate keeps its errors and a cause stays",
		`const e = new AggregateError([new Error("a"), 2], "m", { cause: 3 }); report([e.message, e.errors.length, e.cause])`,
	],
	[
		"instanceof works across a throw",
		`class Mine extends Error { constructor() { super("m"); this.name = "Mine" } } try { throw new Mine() } catch (e) { report([e instanceof Mine, e instanceof Error, e.message, String(e)]) }`,
	],
];

/** An image for a microcontroller is linked without the parser: there these throw a SyntaxError. */
const CASES_WITH_PARSER: Case[] = [
	[
		"an assignment to a constant in evaluated code throws",
		`try { const c = 1; eval("c = 2") } catch (e) { report(e instanceof TypeError) }`,
	],
];

describe("exceptions", () => {
	test.each(CASES)("%s", matches);

	test.skipIf(engineOfTests() !== "wasm").each(CASES_WITH_PARSER)("%s", matches);

	async function matches(_title: string, body: string): Promise<void> {
		const { reports, end } = runScript(body);
		expect(end).toEqual({ state: "idle" });
		expect(reports.length).toBeGreaterThan(0);
		expect(reports).toEqual(await runReference(body));
	}
});
