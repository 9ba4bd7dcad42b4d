import type { StoredLogLine } from "@bodycam/protocol/camera/log";
import { describe, expect, it } from "vitest";
import { LogBook } from "../events/log-book.ts";
import { MemoryFlash } from "../testing/memory-flash.ts";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { LOG_STORE_BYTES, LogStore } from "./log-store.ts";

const FLASH_BYTES = 128 * 1024;

/** A camera's log over boots: the flash stays, all else begins anew. */
function camera() {
	const memory = createNodeMediaMemory(128 * 1024);
	const flash = new MemoryFlash(memory.bytes, FLASH_BYTES);
	let boots = 0;
	let time = 0;
	const boot = async () => {
		memory.bytes.fill(0);
		flash.restore();
		boots += 1;
		const book: LogBook = new LogBook({
			memory,
			region: { at: 0, bytes: 32 * 1024 },
			now: () => time,
			show: () => undefined,
			onLine: () => store.wake(),
		});
		const region = { at: 64 * 1024, bytes: LOG_STORE_BYTES };
		const store = new LogStore({ memory, region, flash, book, boot: boots });
		const opened = store.open();
		const settled = async () => {
			await opened;
			await new Promise<void>((done) => store.settle(done));
		};
		const all = async (level: "debug" | "warning" = "debug") => {
			const lines: StoredLogLine[] = [];
			for (let after = 0; ; ) {
				const page = await store.read(after, 8, level, 1000);
				lines.push(...page.items);
				if (page.items.length === 0 && page.next === after) return lines;
				after = page.next;
			}
		};
		return { book, store, opened, settled, all };
	};
	const pass = (us: number) => {
		time += us;
	};
	return { flash, boot, pass };
}

const texts = (lines: readonly StoredLogLine[]) => lines.map(({ text }) => text);

describe("log store", () => {
	it("keeps lines with level, time and boot, in order, over boots", async () => {
		const { boot, pass } = camera();
		const first = await boot();
		first.book.write("info", "begins");
		pass(5_000_000_000_000);
		first.book.write("error", "größer");
		await first.settled();
		const second = await boot();
		second.book.write("debug", "again");
		await second.settled();
		expect(await second.all()).toEqual([
			{ number: 1, boot: 1, monotonicMs: 0, level: "info", text: "begins" },
			{ number: 2, boot: 1, monotonicMs: 5_000_000_000, level: "error", text: "größer" },
			{ number: 3, boot: 2, monotonicMs: 5_000_000_000, level: "debug", text: "again" },
		]);
	});

	it("gives the lines of a level only", async () => {
		const { boot } = camera();
		const { book, settled, all } = await boot();
		for (let line = 0; line < 100; line++) book.write(line % 10 === 0 ? "warning" : "debug", `line ${line}`);
		await settled();
		expect(texts(await all("warning"))).toEqual(
			[0, 10, 20, 30, 40, 50, 60, 70, 80, 90].map((n) => `line ${n}`),
		);
	});

	it("lets the oldest go when the ring is full, and wears all sectors alike", async () => {
		const { boot, flash } = camera();
		const { book, settled, all, store } = await boot();
		const count = 5000;
		for (let line = 0; line < count; line++) {
			book.write("info", `line ${line} ${"x".repeat(line % 60)}`);
			if (line % 50 === 49) await settled();
		}
		const kept = await all();
		expect(kept.at(-1)?.number).toBe(count);
		expect(kept.length).toBeGreaterThan(1500);
		expect(kept.map(({ number }) => number)).toEqual(kept.map((_, index) => count - kept.length + 1 + index));
		expect(Math.max(...flash.wear) - Math.min(...flash.wear)).toBeLessThanOrEqual(1);
		expect((await store.read(1, 8, "debug", 1000)).lost).toBe(count - kept.length - 1);
	});

	it("goes on where it stopped after each boot, also over the end of the ring", async () => {
		const { boot } = camera();
		let last: StoredLogLine[] = [];
		for (let round = 0; round < 60; round++) {
			const { book, settled, all } = await boot();
			for (let line = 0; line < 40; line++)
				book.write("info", `boot ${round} line ${line} ${"y".repeat(100)}`);
			await settled();
			last = await all();
		}
		expect(last.at(-1)).toMatchObject({ number: 2400, boot: 60 });
		expect(new Set(last.map(({ number }) => number)).size).toBe(last.length);
	});

	it("survives a cut at every change of the flash: it loses at most the lines under way, and goes on", async () => {
		for (let change = 1; change <= 12; change++) {
			for (const after of [0, 5, 16, 40, 4000]) {
				const { boot, flash } = camera();
				const first = await boot();
				await first.opened;
				flash.cut = { change, after };
				for (let line = 0; line < 200; line++) {
					first.book.write("info", `first ${line} ${"z".repeat(40)}`);
					await Promise.resolve();
					if (line % 8 === 0) for (let turn = 0; turn < 20; turn++) await Promise.resolve();
				}
				const second = await boot();
				second.book.write("info", "second");
				await second.settled();
				const lines = await second.all();
				expect(lines.at(-1)?.text).toBe("second");
				expect(texts(lines.slice(0, -1))).toEqual(
					lines.slice(0, -1).map((_, index) => `first ${index} ${"z".repeat(40)}`),
				);
			}
		}
	});

	it("takes flash that holds something else for empty", async () => {
		const { boot, flash } = camera();
		flash.bytes.forEach((_, at) => {
			flash.bytes[at] = (at * 7919) >> 3;
		});
		const { book, settled, all } = await boot();
		book.write("info", "hello");
		await settled();
		expect(texts(await all())).toEqual(["hello"]);
	});

	it("says once that the flash is broken, and settles", async () => {
		const { boot, flash } = camera();
		const { book, settled, all } = await boot();
		await settled();
		flash.write = () => Promise.reject(new Error("flash error"));
		book.write("info", "one");
		await settled();
		book.write("info", "two");
		await settled();
		expect(await all()).toEqual([]);
		expect(book.read(0, 10, "error", 1000).items.map(({ text }) => text)).toEqual([
			"the log is not kept across resets any more: Error: flash error",
		]);
	});
});
