import { expect, it } from "vitest";
import { SIGNED_MESSAGE_MAX } from "../hal/signature.ts";
import { createFakeNative } from "../testing/fake-native.ts";
import { nodeSignature } from "../testing/node-signature.ts";
import { NativeSignature, SIGNATURE_REGION_BYTES } from "./signature.ts";

const AT = 64;

function setup() {
	const native = createFakeNative(AT + SIGNATURE_REGION_BYTES);
	return {
		native,
		signature: new NativeSignature({ native, region: { at: AT, bytes: SIGNATURE_REGION_BYTES } }),
	};
}

const seed = new Uint8Array(32).fill(5);
const message = Uint8Array.of(1, 2, 3);

it("gives what node:crypto gives", () => {
	const { signature } = setup();
	expect(signature.publicKey(seed)).toEqual(nodeSignature.publicKey(seed));
	expect(signature.sign(seed, message)).toEqual(nodeSignature.sign(seed, message));
	expect(signature.sha256(message)).toEqual(nodeSignature.sha256(message));
});

it("signs what lies in media memory, and leaves the signature there", () => {
	const { native, signature } = setup();
	native.bytes.set(message, 3);
	const before = native.bytes.slice(AT);
	signature.signMemory(seed, 3, message.length, 0);
	expect(native.bytes.slice(0, 64)).toEqual(nodeSignature.sign(seed, message));
	expect(native.bytes.slice(AT)).toEqual(before);
	expect(() => signature.signMemory(new Uint8Array(31), 0, 1, 0)).toThrow(RangeError);
});

it("verifies its own signature, and no other", () => {
	const { signature } = setup();
	const key = signature.publicKey(seed);
	const signed = signature.sign(seed, message);
	expect(signature.verify(key, message, signed)).toBe(true);
	expect(signature.verify(key, Uint8Array.of(1, 2, 4), signed)).toBe(false);
});

it("leaves no private key in media memory", () => {
	const { native, signature } = setup();
	signature.publicKey(seed);
	signature.sign(seed, message);
	expect(Buffer.from(native.bytes).includes(Buffer.from(seed))).toBe(false);
});

it("takes messages up to the longest and hashes the empty one", () => {
	const { signature } = setup();
	const longest = new Uint8Array(SIGNED_MESSAGE_MAX).fill(1);
	expect(signature.verify(signature.publicKey(seed), longest, signature.sign(seed, longest))).toBe(true);
	expect(signature.sha256(new Uint8Array(0))).toEqual(nodeSignature.sha256(new Uint8Array(0)));
});

it("refuses other lengths: by an error where it makes something, with false where it verifies", () => {
	const { signature } = setup();
	const tooLong = new Uint8Array(SIGNED_MESSAGE_MAX + 1);
	expect(() => signature.publicKey(new Uint8Array(31))).toThrow(RangeError);
	expect(() => signature.sign(new Uint8Array(33), message)).toThrow(RangeError);
	expect(() => signature.sign(seed, tooLong)).toThrow(RangeError);
	expect(() => signature.sha256(tooLong)).toThrow(RangeError);
	const key = signature.publicKey(seed);
	expect(signature.verify(key, tooLong, new Uint8Array(64))).toBe(false);
	expect(signature.verify(key, message, new Uint8Array(63))).toBe(false);
	expect(signature.verify(key.subarray(1), message, new Uint8Array(64))).toBe(false);
});
