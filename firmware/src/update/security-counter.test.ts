import fc from "fast-check";
import { expect, test } from "vitest";
import { MemoryFlash } from "../testing/memory-flash.ts";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { FlashAccess, FlashWork } from "./flash-access.ts";
import { SecurityCounter } from "./security-counter.ts";

const SECTOR = 4096;

/** A counter's area over boots. */
function camera() {
	const memory = createNodeMediaMemory(16 * 1024);
	const flash = new MemoryFlash(memory.bytes, 2 * SECTOR);
	const boot = () => {
		flash.restore();
		return new SecurityCounter(new FlashAccess(flash, new FlashWork(memory, { at: 0, bytes: 8192 })));
	};
	return { flash, boot };
}

/** Settles when all promise jobs are done; one that never is, is left. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("begins at 0 and keeps what it was raised to over boots", async () => {
	const { boot } = camera();
	expect(await boot().read()).toBe(0);
	await boot().raise(7);
	expect(await boot().read()).toBe(7);
	await boot().raise(0xffff_ffff);
	expect(await boot().read()).toBe(0xffff_ffff);
});

test("never falls, and writes nothing for a lower or equal value", async () => {
	const { flash, boot } = camera();
	await boot().raise(7);
	const { changes } = flash;
	await boot().raise(6);
	await boot().raise(7);
	expect(flash.changes).toBe(changes);
	expect(await boot().read()).toBe(7);
});

test("takes turns between its two sectors, each erased only when the other one is full", async () => {
	const { flash, boot } = camera();
	const counter = boot();
	for (let value = 1; value <= 600; value++) await counter.raise(value);
	expect(await boot().read()).toBe(600);
	expect(flash.wear).toEqual([1, 1]);
});

test("holds the old or the new value whenever the power goes, and can be raised afterwards", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.integer({ min: 1, max: 600 }),
			fc.integer({ min: 0, max: SECTOR }),
			async (before, bytes) => {
				const { flash, boot } = camera();
				const counter = boot();
				for (let value = 1; value <= before; value++) await counter.raise(value);
				flash.cut = { change: flash.changes + 1, after: bytes };
				void boot().raise(before + 1);
				await settled();
				expect([before, before + 1]).toContain(await boot().read());
				await boot().raise(before + 2);
				expect(await boot().read()).toBe(before + 2);
			},
		),
		{ numRuns: 40 },
	);
});

test("takes no value whose write or erasure was interrupted", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.integer({ min: 1, max: 0xffff_ffff }),
			fc.uint8Array({ minLength: 8, maxLength: 8 }),
			async (value, left) => {
				const { flash, boot } = camera();
				const whole = new Uint8Array(8);
				const view = new DataView(whole.buffer);
				view.setUint32(0, value, true);
				view.setUint32(4, ~value, true);
				const torn = whole.map((byte, at) => byte | (left[at] ?? 0));
				flash.bytes.set(torn);
				const complete = torn.every((byte, at) => byte === whole[at]);
				expect(await boot().read()).toBe(complete ? value : 0);
			},
		),
	);
});
