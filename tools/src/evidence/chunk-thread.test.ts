import { CHUNK_BYTES, chunkNonce } from "@bodycam/protocol/age/stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ChunkThread } from "./chunk-thread.ts";
import { seal } from "./host-age-crypto.ts";

const key = new Uint8Array(32).fill(7);
const nonces = [0, 1, 2].map((index) => chunkNonce(index, index === 2));
const chunks = [CHUNK_BYTES, CHUNK_BYTES, 500].map((bytes, index) => new Uint8Array(bytes).fill(index + 1));
const sealed = () =>
	Buffer.concat(chunks.map((chunk, index) => seal(key, nonces[index] as Uint8Array, chunk)));
const plain = (count: number) => Buffer.concat(chunks.slice(0, count));

let thread: ChunkThread;
beforeEach(() => {
	thread = new ChunkThread(key, sealed().length);
});
afterEach(() => thread.close());

test("opens the chunks of a block, the last one shorter", async () => {
	const opened = await thread.open(sealed(), nonces);
	expect(opened.chunks).toBe(3);
	expect(Buffer.compare(opened.plaintext, plain(3))).toBe(0);
});

test("opens as many chunks as there are nonces", async () => {
	expect(await thread.open(sealed(), nonces.slice(0, 1))).toEqual({ chunks: 1, plaintext: chunks[0] });
	expect(await thread.open(sealed(), [])).toEqual({ chunks: 0, plaintext: new Uint8Array(0) });
});

test.each([0, 1, 2])(
	"gives nothing of chunk %d when it was changed, nor of those behind it",
	async (index) => {
		const changed = sealed();
		const at = index * (CHUNK_BYTES + 16) + 10;
		changed[at] = (changed[at] ?? 0) ^ 1;
		const opened = await thread.open(changed, nonces);
		expect(opened.chunks).toBe(index);
		expect(Buffer.compare(opened.plaintext, plain(index))).toBe(0);
	},
);

test("takes a copy of the block, and keeps the plaintext while it opens the next one", async () => {
	const block = sealed();
	const opening = thread.open(block, nonces);
	block.fill(0);
	const first = await opening;
	await thread.open(sealed(), nonces.slice(0, 1));
	expect(Buffer.compare(first.plaintext, plain(3))).toBe(0);
});

test("refuses a block that is longer than it was made for", async () => {
	await expect(thread.open(Buffer.concat([sealed(), new Uint8Array(1)]), nonces)).rejects.toThrow(RangeError);
});

test("says that something else is wrong than a chunk", async () => {
	await expect(thread.open(sealed(), [new Uint8Array(3)])).rejects.toThrow(/iv|nonce|initialization/i);
});

test("ends what is being opened when it is closed, and opens nothing any more", async () => {
	const opening = thread.open(sealed(), nonces);
	await Promise.all([expect(opening).rejects.toThrow("abort"), thread.close()]);
	await expect(thread.open(sealed(), nonces)).rejects.toThrow("abort");
});
