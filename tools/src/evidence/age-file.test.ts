import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatRecipient } from "@bodycam/protocol/age/keys";
import { CHUNK_BYTES, SEALED_CHUNK_BYTES } from "@bodycam/protocol/age/stream";
import { Encrypter } from "age-encryption";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AgeFile } from "./age-file.ts";
import { type AgePayload, PAYLOAD_BLOCK_BYTES } from "./age-payload.ts";
import { hostAgeCrypto } from "./host-age-crypto.ts";

const identity = new Uint8Array(32).fill(0x21);
const plaintextOf = (bytes: number) =>
	Uint8Array.from({ length: bytes }, (_, index) => (index * 31 + (index >> 8)) & 0xff);

let directory = "";
beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), "age-file-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

async function encrypted(plaintext: Uint8Array): Promise<Uint8Array> {
	const encrypter = new Encrypter();
	encrypter.addRecipient(formatRecipient(hostAgeCrypto.publicKey(identity)));
	return encrypter.encrypt(plaintext);
}

async function withPayload<T>(file: Uint8Array, use: (payload: AgePayload) => Promise<T>): Promise<T> {
	const path = join(directory, "file.age");
	writeFileSync(path, file);
	const age = await AgeFile.open(path);
	try {
		const payload = await age.unlock([new Uint8Array(32).fill(9), identity]);
		return await use(payload);
	} finally {
		await age.close();
	}
}

async function whole(payload: AgePayload): Promise<Uint8Array> {
	const parts: Uint8Array[] = [];
	for await (const { pieces } of payload.stream()) parts.push(...pieces);
	return new Uint8Array(Buffer.concat(parts));
}

/** Plaintext up to where reading fails, and the message of the failure. */
async function untilFailure(payload: AgePayload): Promise<[bytes: number, message: string]> {
	let bytes = 0;
	try {
		for await (const block of payload.stream()) bytes += block.bytes;
		return [bytes, ""];
	} catch (error) {
		return [bytes, (error as Error).message];
	}
}

describe("a whole file", () => {
	test.each([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 16 * CHUNK_BYTES, 40 * CHUNK_BYTES + 7])(
		"of %d bytes is read as the public package has written it",
		async (size) => {
			const plaintext = plaintextOf(size);
			await withPayload(await encrypted(plaintext), async (payload) => {
				expect(payload).toMatchObject({ ending: "final", bytes: size, tornBytes: 0 });
				expect(Buffer.compare(await whole(payload), plaintext)).toBe(0);
			});
		},
	);

	test("is read from anywhere, and for any length", async () => {
		const plaintext = plaintextOf(20 * CHUNK_BYTES + 100);
		await withPayload(await encrypted(plaintext), async (payload) => {
			await fc.assert(
				fc.asyncProperty(fc.nat(plaintext.length + 10), fc.nat(3 * CHUNK_BYTES), async (offset, length) => {
					const read = await payload.read(offset, length);
					expect(Buffer.compare(read, plaintext.subarray(offset, offset + length))).toBe(0);
				}),
				{ numRuns: 60 },
			);
		});
	});

	test("gives nothing any more once its key is wiped", async () => {
		await withPayload(await encrypted(plaintextOf(10)), async (payload) => {
			await payload.close();
			await expect(payload.read(0, 10)).rejects.toThrow("chunk 0");
		});
	});
});

describe("a file that was cut off", () => {
	test.each([
		["between two chunks", 0],
		["within a chunk", 1000],
		["within the tag of a chunk", SEALED_CHUNK_BYTES - 3],
	])("%s gives the whole chunks before the cut, and says so", async (_where, torn) => {
		const plaintext = plaintextOf(5 * CHUNK_BYTES);
		const file = await encrypted(plaintext);
		const cut = file.subarray(0, file.length - 2 * SEALED_CHUNK_BYTES + torn);
		await withPayload(cut, async (payload) => {
			expect(payload).toMatchObject({ ending: "cut", bytes: 3 * CHUNK_BYTES, tornBytes: torn });
			expect(Buffer.compare(await whole(payload), plaintext.subarray(0, payload.bytes))).toBe(0);
		});
	});

	test("behind its header is refused", async () => {
		const file = await encrypted(plaintextOf(5));
		await expect(withPayload(file.subarray(0, file.length - 30), whole)).rejects.toThrow("ends behind");
	});

	test("while it is read is told", async () => {
		const path = join(directory, "shrinking.age");
		writeFileSync(path, await encrypted(plaintextOf(40 * CHUNK_BYTES)));
		const age = await AgeFile.open(path);
		const payload = await age.unlock([identity]);
		truncateSync(path, 20 * CHUNK_BYTES);
		await expect(whole(payload)).rejects.toThrow("became shorter");
		await age.close();
	});
});

describe("a file that was changed", () => {
	const size = 20 * CHUNK_BYTES + 5;
	const chunkAt = (file: Uint8Array, index: number) =>
		file.length - (21 * 16 + size) + index * SEALED_CHUNK_BYTES;

	test.each([0, 3, 17])("in chunk %d gives what is before it, and names the chunk", async (index) => {
		const file = await encrypted(plaintextOf(size));
		file[chunkAt(file, index) + 10] = (file[chunkAt(file, index) + 10] ?? 0) ^ 1;
		await withPayload(file, async (payload) => {
			const [bytes, message] = await untilFailure(payload);
			expect(bytes).toBe(index * CHUNK_BYTES);
			expect(message).toContain(`chunk ${index},`);
		});
	});

	test("by swapping two chunks is refused at the first of them", async () => {
		const file = await encrypted(plaintextOf(size));
		const [a, b] = [chunkAt(file, 4), chunkAt(file, 5)];
		const chunk = file.slice(a, b);
		file.copyWithin(a, b, b + SEALED_CHUNK_BYTES);
		file.set(chunk, b);
		await withPayload(file, async (payload) => {
			expect((await untilFailure(payload))[0]).toBe(4 * CHUNK_BYTES);
		});
	});

	test("in its last chunk, a whole one, is refused when it is opened", async () => {
		const file = await encrypted(plaintextOf(2 * CHUNK_BYTES));
		file[file.length - 1] = (file[file.length - 1] ?? 0) ^ 1;
		await expect(withPayload(file, whole)).rejects.toThrow("chunk 1,");
	});

	test("by appending bytes is refused, whatever comes behind its final chunk", async () => {
		const file = await encrypted(plaintextOf(2 * CHUNK_BYTES));
		const longer = Buffer.concat([file, new Uint8Array(SEALED_CHUNK_BYTES)]);
		await expect(withPayload(longer, whole)).rejects.toThrow("chunk 2,");
		const torn = Buffer.concat([file, new Uint8Array(10)]);
		await withPayload(torn, async (payload) => expect((await untilFailure(payload))[0]).toBe(CHUNK_BYTES));
	});

	test("in its header is refused", async () => {
		const file = await encrypted(plaintextOf(5));
		const text = Buffer.from(file).toString("latin1");
		const changed = Buffer.from(text.replace("-> X25519", "-> x x\n\n-> X25519"), "latin1");
		await expect(withPayload(changed, whole)).rejects.toMatchObject({ problem: "header-changed" });
	});
});

test("a file for somebody else is refused, with the reason", async () => {
	const path = join(directory, "file.age");
	writeFileSync(path, await encrypted(plaintextOf(5)));
	const age = await AgeFile.open(path);
	await expect(age.unlock([new Uint8Array(32).fill(7)])).rejects.toMatchObject({ problem: "no-identity" });
	await age.close();
});

test.each([
	["no age file", "Dear Sir or Madam\n"],
	["an empty file", ""],
])("%s is named", async (_what, text) => {
	const path = join(directory, "letter.age");
	writeFileSync(path, text);
	await expect(AgeFile.open(path)).rejects.toMatchObject({ code: "not-evidence", exitCode: 6 });
	await expect(AgeFile.open(path)).rejects.toThrow("letter.age");
});

test("is hashed in blocks of one size, whatever its length", async () => {
	const path = join(directory, "long.age");
	// A sparse file: what is hashed only need not be decrypted.
	writeFileSync(path, await encrypted(plaintextOf(5)));
	const handle = openSync(path, "r+");
	writeSync(handle, Uint8Array.of(0), 0, 1, 1 << 23);
	closeSync(handle);
	const age = await AgeFile.open(path);
	let most = 0;
	let bytes = 0;
	for await (const block of age.sealed()) {
		expect(block.at).toBe(bytes);
		bytes += block.bytes.length;
		most = Math.max(most, block.bytes.length);
	}
	await age.close();
	expect(bytes).toBe((1 << 23) + 1);
	expect(most).toBe(PAYLOAD_BLOCK_BYTES);
});
