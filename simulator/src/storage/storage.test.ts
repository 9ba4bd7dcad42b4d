import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { ScratchDirectory } from "../testing/ffmpeg.ts";
import { FileBlockStore, MemoryBlockStore } from "./block-store.ts";
import { StateError } from "./state-error.ts";
import { ValueStore } from "./value-store.ts";

const scratch = new ScratchDirectory();
afterAll(() => scratch.remove());

const stores = {
	memory: () => new MemoryBlockStore(1_000_000),
	file: () => new FileBlockStore(scratch.file("card.img"), 1_000_000),
};

describe.each(Object.entries(stores))("a card in %s", (_where, make) => {
	it("keeps sectors, across the borders of its parts, and reads zeros elsewhere", () => {
		const store = make();
		const bytes = Uint8Array.from({ length: 512 * 300 }, (_value, index) => index % 253);
		store.write(999_000 - 300, bytes);
		const read = new Uint8Array(bytes.length + 1024).fill(9);
		store.read(999_000 - 301, read);
		expect(Buffer.compare(read.subarray(512, 512 + bytes.length), bytes)).toBe(0);
		expect(read.subarray(0, 512).every((byte) => byte === 0)).toBe(true);
		expect(read.subarray(512 + bytes.length).every((byte) => byte === 0)).toBe(true);
		store.close();
		store.close();
	});
});

describe("a card in a file", () => {
	it("takes no more room than what was written, and keeps its size when opened again", () => {
		const path = scratch.file("sparse.img");
		const store = new FileBlockStore(path, 2_000_000);
		store.write(1_500_000, new Uint8Array(512).fill(1));
		store.close();
		expect(statSync(path).size).toBe(2_000_000 * 512);
		expect(statSync(path).blocks * 512).toBeLessThan(1_000_000);
		const again = new FileBlockStore(path, 5);
		expect(again.sectors).toBe(2_000_000);
		again.close();
	});

	it("of which a part may be whole is not to be removed before its recordings are saved", () => {
		const path = scratch.file("cut.img");
		writeFileSync(path, "not whole sectors");
		expect(() => new FileBlockStore(path, 8)).toThrow(
			expect.objectContaining({ hint: expect.stringContaining(`bodycam card extract ${path}`) }),
		);
	});

	it("is refused when it is damaged or cannot be opened", () => {
		writeFileSync(scratch.file("odd.img"), "not whole sectors");
		expect(() => new FileBlockStore(scratch.file("odd.img"), 8)).toThrow(StateError);
		mkdirSync(scratch.file("directory.img"));
		expect(() => new FileBlockStore(scratch.file("directory.img"), 8)).toThrow(StateError);
	});
});

describe("key-value file", () => {
	it("keeps values of any bytes under any name", () => {
		const path = scratch.file("values.json");
		new ValueStore(path).set("Größe ☂", Uint8Array.of(0, 255, 10));
		expect([...(new ValueStore(path).get("Größe ☂") ?? [])]).toEqual([0, 255, 10]);
		expect(readFileSync(path, "utf8")).toContain("Größe ☂");
	});

	it.each(["{", "[]", '{"a": 1}', "null"])("is refused when it is damaged: %s", (text) => {
		const path = scratch.file("damaged.json");
		writeFileSync(path, text);
		expect(() => new ValueStore(path)).toThrow(StateError);
	});
});
