import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { AUTHENTICATED_MESSAGE_MAX } from "../hal/message-authentication.ts";
import { createFakeNative } from "../testing/fake-native.ts";
import {
	MESSAGE_AUTHENTICATION_REGION_BYTES,
	NativeMessageAuthentication,
} from "./message-authentication.ts";

const AT = 8;

function setup() {
	const native = createFakeNative(AT + MESSAGE_AUTHENTICATION_REGION_BYTES);
	const region = { at: AT, bytes: MESSAGE_AUTHENTICATION_REGION_BYTES };
	return { native, authentication: new NativeMessageAuthentication({ native, region }) };
}

it.each([0, 1, 64, 65, AUTHENTICATED_MESSAGE_MAX])(
	"gives the code that node:crypto gives for %i bytes",
	(length) => {
		const key = new Uint8Array(length).fill(3);
		const message = new Uint8Array(length).fill(4);
		const expected = createHmac("sha256", key).update(message).digest();
		expect(Buffer.from(setup().authentication.hmacSha256(key, message))).toEqual(expected);
	},
);

it("tells equal byte strings from others, also from their own beginning", () => {
	const { authentication } = setup();
	const bytes = Uint8Array.of(1, 2, 3);
	expect(authentication.equal(bytes, Uint8Array.of(1, 2, 3))).toBe(true);
	expect(authentication.equal(bytes, Uint8Array.of(1, 2, 4))).toBe(false);
	expect(authentication.equal(bytes, bytes.subarray(0, 2))).toBe(false);
	expect(authentication.equal(bytes.subarray(0, 0), bytes.subarray(3))).toBe(true);
});

it("leaves nothing in media memory", () => {
	const { native, authentication } = setup();
	authentication.hmacSha256(new Uint8Array(40).fill(3), new Uint8Array(50).fill(4));
	authentication.equal(new Uint8Array(40).fill(3), new Uint8Array(50).fill(4));
	expect(native.bytes.every((byte) => byte === 0)).toBe(true);
});

it("refuses what is too long and a region that is too small", () => {
	const { native, authentication } = setup();
	const long = new Uint8Array(AUTHENTICATED_MESSAGE_MAX + 1);
	expect(() => authentication.hmacSha256(long, long.subarray(1))).toThrow(RangeError);
	expect(() => authentication.hmacSha256(long.subarray(1), long)).toThrow(RangeError);
	const region = { at: 0, bytes: MESSAGE_AUTHENTICATION_REGION_BYTES - 1 };
	expect(() => new NativeMessageAuthentication({ native, region })).toThrow(RangeError);
});
