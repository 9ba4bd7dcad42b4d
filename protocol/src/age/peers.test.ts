import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Decrypter, Encrypter } from "age-encryption";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { concatenate } from "../cose/head.ts";
import { nodeAgeCrypto as crypto, openChunks, sealChunks } from "../testing/node-age-crypto.ts";
import { hasTools } from "../testing/public-tools.ts";
import { writeAgeHeader } from "./header.ts";
import { formatIdentity, formatRecipient } from "./keys.ts";
import { openAgeHeader, readAgeHeader } from "./read-header.ts";
import { CHUNK_BYTES, PAYLOAD_NONCE_BYTES, payloadBytes, payloadKey } from "./stream.ts";

const identities = [new Uint8Array(32).fill(0x11), new Uint8Array(32).fill(0x22)] as const;
const recipients = identities.map((identity) => crypto.publicKey(identity));
const SIZES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES];

const plaintextOf = (bytes: number) =>
	Uint8Array.from({ length: bytes }, (_, index) => (index * 31 + (index >> 8)) & 0xff);

function encrypt(plaintext: Uint8Array): Uint8Array {
	const fileKey = new Uint8Array(16).fill(3);
	const nonce = new Uint8Array(PAYLOAD_NONCE_BYTES).fill(4);
	const ephemeral = recipients.map((_, index) => new Uint8Array(32).fill(0x50 + index));
	const header = writeAgeHeader({ fileKey, recipients, ephemeral }, crypto);
	const file = concatenate(header, nonce, sealChunks(payloadKey(fileKey, nonce, crypto), plaintext));
	expect(file.length - header.length).toBe(payloadBytes(plaintext.length));
	return file;
}

function decrypt(file: Uint8Array, identity: Uint8Array): Uint8Array | undefined {
	const header = readAgeHeader(file);
	const fileKey = openAgeHeader(header, [identity], crypto);
	const payload = header.bytes + PAYLOAD_NONCE_BYTES;
	const key = payloadKey(fileKey, file.slice(header.bytes, payload), crypto);
	return openChunks(key, file.subarray(payload));
}

describe("the package age-encryption", () => {
	test.each(SIZES)("decrypts a file of %d bytes for each recipient", async (size) => {
		for (const identity of identities) {
			const decrypter = new Decrypter();
			decrypter.addIdentity(formatIdentity(identity));
			expect(Buffer.from(await decrypter.decrypt(encrypt(plaintextOf(size)))).equals(plaintextOf(size))).toBe(
				true,
			);
		}
	});

	test.each(SIZES)("encrypts %d bytes to what is decrypted here", async (size) => {
		const encrypter = new Encrypter();
		for (const recipient of recipients) encrypter.addRecipient(formatRecipient(recipient));
		const file = await encrypter.encrypt(plaintextOf(size));
		expect(Buffer.from(decrypt(file, identities[1]) ?? []).equals(plaintextOf(size))).toBe(true);
	});
});

describe.skipIf(!hasTools("age"))("the command age", () => {
	let directory = "";
	beforeAll(() => {
		directory = mkdtempSync(join(tmpdir(), "age-peers-"));
		identities.forEach((identity, index) => {
			writeFileSync(join(directory, `identity-${index}`), `${formatIdentity(identity)}\n`);
		});
	});
	afterAll(() => rmSync(directory, { recursive: true }));

	test.each(SIZES)("decrypts a file of %d bytes for each recipient", (size) => {
		for (const index of identities.keys()) {
			const options = { input: encrypt(plaintextOf(size)), maxBuffer: 1 << 24 };
			const { status, stdout } = spawnSync(
				"age",
				["-d", "-i", join(directory, `identity-${index}`)],
				options,
			);
			expect(status).toBe(0);
			expect(stdout.equals(plaintextOf(size))).toBe(true);
		}
	});

	test.each(SIZES)("encrypts %d bytes to what is decrypted here", (size) => {
		const to = recipients.flatMap((recipient) => ["-r", formatRecipient(recipient)]);
		const { stdout } = spawnSync("age", to, { input: plaintextOf(size), maxBuffer: 1 << 24 });
		expect(Buffer.from(decrypt(stdout, identities[0]) ?? []).equals(plaintextOf(size))).toBe(true);
	});

	test("gives the whole chunks of a file that was cut off, and fails", () => {
		const file = encrypt(plaintextOf(3 * CHUNK_BYTES));
		const options = { input: file.subarray(0, file.length - CHUNK_BYTES - 16), maxBuffer: 1 << 24 };
		const { status, stdout } = spawnSync("age", ["-d", "-i", join(directory, "identity-0")], options);
		expect(status).toBe(1);
		expect(stdout.length % CHUNK_BYTES).toBe(0);
		expect(stdout.equals(plaintextOf(stdout.length))).toBe(true);
	});
});
