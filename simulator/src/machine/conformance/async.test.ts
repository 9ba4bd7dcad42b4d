import { describe, expect, test } from "vitest";
import { type Case, runReference, runScript } from "./run-script.ts";

const CASES: readonly Case[] = [
	["await gives the value", `(async () => report(await Promise.resolve(5)))()`],
	["await of a plain value", `(async () => report(await 5))()`],
	["a rejection is caught", `(async () => { try { await Promise.reject("no") } catch (e) { report(e) } })()`],
	[
		"a throw after an await is caught",
		`(async () => { try { await 0; throw "later" } catch (e) { report(e) } })()`,
	],
	[
		"a throw through a native after an await is caught",
		`(async () => { try { await 0; [1].map(() => { throw "map" }) } catch (e) { report(e) } })()`,
	],
	[
		"await in catch and in finally",
		`(async () => { const log = []; try { try { await 0; throw 1 } catch (e) { log.push(await (e + 1)); throw 3 } finally { log.push(await "f") } } catch (e) { log.push(e) } report(log) })()`,
	],
	[
		"return await goes through finally",
		`const log = []; (async () => { try { return await "r" } finally { log.push("f") } })().then((v) => { log.push(v); report(log) })`,
	],
	[
		"nested async functions hand errors up",
		`const a = async () => { await 0; throw new TypeError("deep") }; const b = async () => { try { await a() } finally { await 0 } }; b().catch((e) => report([e.name, e.message]))`,
	],
	[
		"jobs run in order",
		`const log = []; Promise.resolve().then(() => log.push(1)).then(() => log.push(3)); Promise.resolve().then(() => log.push(2)).then(() => { log.push(4); report(log) }); log.push(0)`,
	],
	[
		"async functions interleave",
		`const log = []; const f = async (n) => { for (let i = 0; i < 3; i++) { log.push(n + i); await 0 } }; Promise.all([f("a"), f("b")]).then(() => report(log))`,
	],
	[
		"for await over promises",
		`(async () => { const log = []; for await (const x of [Promise.resolve(1), 2, Promise.resolve(3)]) log.push(x); report(log) })()`,
	],
	[
		"for await over an async generator, closed by break",
		`const log = []; async function* g() { try { for (let i = 0; ; i++) yield i } finally { log.push("closed") } } (async () => { for await (const x of g()) { log.push(x); if (x === 2) break } report(log) })()`,
	],
	[
		"an async generator catches what comes in",
		`async function* g() { try { yield 1 } catch (e) { yield "c" + e } } (async () => { const i = g(); await i.next(); report(await i.throw("x")) })()`,
	],
	[
		"all, allSettled, race, any",
		`(async () => { report([await Promise.all([1, Promise.resolve(2)]), (await Promise.allSettled([Promise.reject(1), 2])).map((r) => r.status), await Promise.race([new Promise(() => {}), "r"]), await Promise.any([Promise.reject(1), "a"])]) })()`,
	],
	[
		"a rejection handled within the same record is not fatal",
		`const p = Promise.reject("late"); Promise.resolve().then(() => p.catch((e) => report(e)))`,
	],
	["a thenable is followed", `(async () => report(await { then(resolve) { resolve("t") } }))()`],
	["finally of a promise keeps the value", `Promise.resolve(1).finally(() => 2).then((v) => report(v))`],
	[
		"withResolvers",
		`const later = {}; const p = new Promise((resolve) => { later.resolve = resolve }); p.then((v) => report(v)); later.resolve("w")`,
	],
	[
		"a thousand awaits inside a try",
		`(async () => { let n = 0; for (let i = 0; i < 1000; i++) { try { await i; if (i % 3 === 0) throw 1; n++ } catch (e) { n += 2 } } report(n) })()`,
	],
];

describe("promises and async functions", () => {
	test.each(CASES)("%s", async (_title, body) => {
		const { reports, end } = runScript(body);
		expect(end).toEqual({ state: "idle" });
		expect(reports.length).toBeGreaterThan(0);
		expect(reports).toEqual(await runReference(body));
	});
});
