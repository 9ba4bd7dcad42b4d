import { expect, it } from "vitest";
import { createFakeNative } from "../testing/fake-native.ts";
import { KEY_AGREEMENT_REGION_BYTES, NativeKeyAgreement } from "./key-agreement.ts";

const AT = 8;
const mine = new Uint8Array(32).fill(5);
const theirs = new Uint8Array(32).fill(6);

function setup() {
	const native = createFakeNative(AT + KEY_AGREEMENT_REGION_BYTES);
	const region = { at: AT, bytes: KEY_AGREEMENT_REGION_BYTES };
	return { native, agreement: new NativeKeyAgreement({ native, region }) };
}

it("both sides come to the same secret", () => {
	const { agreement } = setup();
	const secret = agreement.sharedSecret(mine, agreement.publicKey(theirs));
	expect(secret).toHaveLength(32);
	expect(agreement.sharedSecret(theirs, agreement.publicKey(mine))).toEqual(secret);
});

it("there is no secret with a point of small order", () => {
	expect(setup().agreement.sharedSecret(mine, new Uint8Array(32))).toBeUndefined();
});

it("leaves neither keys nor secrets in media memory", () => {
	const { native, agreement } = setup();
	agreement.sharedSecret(mine, agreement.publicKey(theirs));
	expect(native.bytes.every((byte) => byte === 0)).toBe(true);
});

it("refuses keys of another length and a region that is too small", () => {
	const { native, agreement } = setup();
	const short = new Uint8Array(31);
	expect(() => agreement.publicKey(short)).toThrow(RangeError);
	expect(() => agreement.sharedSecret(short, theirs)).toThrow(RangeError);
	expect(() => agreement.sharedSecret(mine, short)).toThrow(RangeError);
	const region = { at: 0, bytes: KEY_AGREEMENT_REGION_BYTES - 1 };
	expect(() => new NativeKeyAgreement({ native, region })).toThrow(RangeError);
});
