import { describe, expect, it } from "vitest";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { LogBook } from "./log-book.ts";

function book() {
	const memory = createNodeMediaMemory(8192);
	const shown: string[] = [];
	const log = new LogBook({
		memory,
		region: { at: 0, bytes: 4096 },
		now: () => 7_000_000_000_000,
		show: (level, at, length) => shown.push(`${level}: ${memory.readText(at, length)}`),
	});
	return { log, shown };
}

describe("log", () => {
	it("keeps and shows lines", () => {
		const { log, shown } = book();
		log.write("warning", "Störung");
		expect(shown).toEqual(["warning: Störung"]);
		expect(log.read(0, 10, "debug", 1000)).toEqual({
			items: [{ sequence: 1, monotonicMs: 7_000_000_000, level: "warning", text: "Störung" }],
			next: 1,
			lost: 0,
		});
	});

	it("leaves out what is less important than wanted, and goes on behind it", () => {
		const { log } = book();
		for (const level of ["debug", "info", "error", "debug"] as const) log.write(level, level);
		const { items, next } = log.read(0, 10, "info", 1000);
		expect(items.map(({ text }) => text)).toEqual(["info", "error"]);
		expect(next).toBe(4);
	});

	it("cuts a long line at a whole character", () => {
		const { log, shown } = book();
		log.write("info", `${"x".repeat(239)}ß`);
		expect(shown).toEqual([`info: ${"x".repeat(239)}`]);
	});

	it("says how many lines were lost", () => {
		const { log } = book();
		for (let count = 0; count < 200; count++) log.write("info", `line ${count}`);
		const { items, lost } = log.read(0, 100, "debug", 100_000);
		expect(lost).toBeGreaterThan(0);
		expect(items[0]?.sequence).toBe(lost + 1);
		expect(items.at(-1)?.text).toBe("line 199");
	});
});
