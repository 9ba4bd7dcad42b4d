import { writeAgeHeader } from "@bodycam/protocol/age/header";
import { openAgeHeader, readAgeHeader } from "@bodycam/protocol/age/read-header";
import { payloadKey } from "@bodycam/protocol/age/stream";
import { nodeAgeCrypto } from "@bodycam/protocol/testing/node-age-crypto";
import { expect, test } from "vitest";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { AGE_REGION_BYTES, createAgeNatives } from "./age-natives.ts";

const AT = 64;

function setup() {
	const memory = createNodeMediaMemory(AT + AGE_REGION_BYTES + 64);
	return { memory, crypto: createAgeNatives(memory, { at: AT, bytes: AGE_REGION_BYTES }) };
}

const key = (value: number, length = 32) => new Uint8Array(length).fill(value);
const recipients = [key(1), key(2)].map((identity) => nodeAgeCrypto.publicKey(identity));
const input = () => ({ fileKey: key(9, 16), recipients, ephemeral: [key(3), key(4)] });

test("the header by the natives is, byte for byte, that by node:crypto", () => {
	expect(writeAgeHeader(input(), setup().crypto)).toEqual(writeAgeHeader(input(), nodeAgeCrypto));
});

test("the payload's key by the natives is that by node:crypto, and lies in media memory", () => {
	const { memory, crypto } = setup();
	const found = payloadKey(key(9, 16), key(5, 16), crypto);
	expect(found).toEqual(payloadKey(key(9, 16), key(5, 16), nodeAgeCrypto));
	expect(found.buffer).toBe(memory.memory);
});

test("a header is opened by the natives", () => {
	const header = readAgeHeader(writeAgeHeader(input(), nodeAgeCrypto));
	expect(openAgeHeader(header, [key(7), key(2)], setup().crypto)).toEqual(key(9, 16));
});

test("the most recipients fit the region, and nothing of them stays after wiping", () => {
	const { memory, crypto } = setup();
	const many = Array.from({ length: 16 }, (_, index) => nodeAgeCrypto.publicKey(key(index + 10)));
	const ephemeral = many.map((_, index) => key(index + 40));
	writeAgeHeader({ fileKey: key(9, 16), recipients: many, ephemeral }, crypto);
	payloadKey(key(9, 16), key(5, 16), crypto);
	expect(memory.bytes.some((byte) => byte !== 0)).toBe(true);
	crypto.wipe();
	expect(memory.bytes.every((byte) => byte === 0)).toBe(true);
});

test("it never leaves its region, and goes on after wiping", () => {
	const { memory, crypto } = setup();
	expect(() => {
		for (;;) crypto.hmacSha256(key(1), key(2));
	}).toThrow(RangeError);
	expect(memory.bytes.subarray(AT + AGE_REGION_BYTES).every((byte) => byte === 0)).toBe(true);
	crypto.wipe();
	expect(crypto.hmacSha256(key(1), key(2))).toEqual(nodeAgeCrypto.hmacSha256(key(1), key(2)));
});

test("what is too short to be sealed, or was changed, is not opened", () => {
	const { crypto } = setup();
	expect(crypto.openOnce(key(1), key(1, 15))).toBeUndefined();
	expect(crypto.openOnce(key(1), key(1, 32))).toBeUndefined();
	expect(() => crypto.sealOnce(key(1, 31), key(1, 16))).toThrow(RangeError);
});

test("a region that is too small is refused", () => {
	const memory = createNodeMediaMemory(AGE_REGION_BYTES);
	expect(() => createAgeNatives(memory, { at: 0, bytes: AGE_REGION_BYTES - 1 })).toThrow(RangeError);
});
