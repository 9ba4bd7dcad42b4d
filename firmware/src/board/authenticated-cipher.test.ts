import { createCipheriv } from "node:crypto";
import { expect, it } from "vitest";
import { createFakeNative } from "../testing/fake-native.ts";
import { CIPHER_REGION_BYTES, NativeAuthenticatedCipher } from "./authenticated-cipher.ts";

const OWN = 16;
const DATA = 128;
const TEXT = 256;
const key = new Uint8Array(32).fill(5);
const data = Uint8Array.of(1, 2, 3);
const text = new Uint8Array(100).fill(9);

function setup() {
	const native = createFakeNative(1024);
	const cipher = new NativeAuthenticatedCipher({ native, region: { at: OWN, bytes: CIPHER_REGION_BYTES } });
	cipher.setKey(key);
	native.bytes.set(data, DATA);
	native.bytes.set(text, TEXT);
	return { native, cipher };
}

it("seals in place under the nonce that was set, the tag appended, as node:crypto does", () => {
	const { native, cipher } = setup();
	cipher.setNonce(0, 7, 0x01020304);
	cipher.seal(DATA, 3, TEXT, 100, TEXT, TEXT + 100);
	const nonce = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 7, 1, 2, 3, 4);
	const peer = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
	peer.setAAD(data, { plaintextLength: 100 });
	const expected = Buffer.concat([peer.update(text), peer.final(), peer.getAuthTag()]);
	expect(Buffer.from(native.bytes.subarray(TEXT, TEXT + 116))).toEqual(expected);
});

it("opens what it sealed, but not under another nonce, and leaves the target alone then", () => {
	const { native, cipher } = setup();
	cipher.setNonce(0, 0, 1);
	cipher.seal(DATA, 3, TEXT, 100, TEXT, TEXT + 100);
	const sealed = native.bytes.slice(TEXT, TEXT + 116);
	cipher.setNonce(0, 0, 2);
	expect(cipher.open(DATA, 3, TEXT, 100, TEXT, TEXT + 100)).toBe(false);
	expect(native.bytes.slice(TEXT, TEXT + 116)).toEqual(sealed);
	cipher.setNonce(0, 0, 1);
	expect(cipher.open(DATA, 3, TEXT, 100, TEXT, TEXT + 100)).toBe(true);
	expect(native.bytes.slice(TEXT, TEXT + 100)).toEqual(text);
});

it("forgets its key when it is closed", () => {
	const { native, cipher } = setup();
	cipher.close();
	expect(Buffer.from(native.bytes).includes(Buffer.from(key))).toBe(false);
});

it("refuses a key of another length and a region that is too small", () => {
	const { native, cipher } = setup();
	expect(() => cipher.setKey(new Uint8Array(31))).toThrow(RangeError);
	const region = { at: 0, bytes: CIPHER_REGION_BYTES - 1 };
	expect(() => new NativeAuthenticatedCipher({ native, region })).toThrow(RangeError);
});
