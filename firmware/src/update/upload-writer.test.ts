import fc from "fast-check";
import { expect, test } from "vitest";
import { MemoryFlash } from "../testing/memory-flash.ts";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { UploadWriter } from "./upload-writer.ts";

const SECTOR = 4096;
const STAGING = 4 * SECTOR;

function start(total: number) {
	const memory = createNodeMediaMemory(32 * 1024);
	const flash = new MemoryFlash(memory.bytes, 512 * 1024);
	flash.bytes.fill(0x33);
	const writer = new UploadWriter({ memory, staging: { at: SECTOR, bytes: STAGING }, flash, total });
	writer.begin();
	return { flash, writer };
}

const contents = (total: number) => Uint8Array.from({ length: total }, (_, at) => (at * 31) >> 3);

test("what is taken in any pieces lies in the flash in the end, byte for byte", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.integer({ min: 1, max: 150_000 }),
			fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 20 }),
			async (total, sizes) => {
				const { flash, writer } = start(total);
				const image = contents(total);
				for (let at = 0, piece = 0; at < total; piece++) {
					const end = Math.min(total, at + (sizes[piece % sizes.length] ?? 1));
					await writer.take(image.slice(at, end));
					at = end;
				}
				await writer.drained();
				expect(writer.received).toBe(total);
				expect(Buffer.compare(flash.bytes.subarray(0, total), image)).toBe(0);
			},
		),
		{ numRuns: 30 },
	);
});

test("a piece waits while there is no room for it", async () => {
	const { flash, writer } = start(100_000);
	const erase = flash.erase.bind(flash);
	let release: () => void = () => undefined;
	flash.erase = (offset, length) =>
		new Promise<void>((resolve) => {
			release = resolve;
		}).then(() => erase(offset, length));
	const slow = new UploadWriter({
		memory: createNodeMediaMemory(32 * 1024),
		staging: { at: 0, bytes: STAGING },
		flash,
		total: 100_000,
	});
	await writer.stop();
	slow.begin();
	await slow.take(new Uint8Array(STAGING));
	let taken = false;
	const waiting = slow.take(new Uint8Array(1)).then(() => {
		taken = true;
	});
	await new Promise((resolve) => setImmediate(resolve));
	expect(taken).toBe(false);
	release();
	await waiting;
	expect(taken).toBe(true);
});

test("tells with the next piece that the flash refused", async () => {
	const { flash, writer } = start(50_000);
	flash.write = () => Promise.reject(new Error("worn out"));
	const upload = async () => {
		for (let piece = 0; piece < 10; piece++) await writer.take(new Uint8Array(5000));
		await writer.drained();
	};
	await expect(upload()).rejects.toThrow("worn out");
});

test("stopped, changes nothing any more", async () => {
	const { flash, writer } = start(500_000);
	await writer.take(new Uint8Array(10_000));
	await writer.stop();
	const { changes } = flash;
	await writer.take(new Uint8Array(10_000));
	await new Promise((resolve) => setImmediate(resolve));
	expect(flash.changes).toBe(changes);
});
