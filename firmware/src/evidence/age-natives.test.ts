import { writeAgeHeader } from "@bodycam/protocol/age/header";
import { openAgeHeader, readAgeHeader } from "@bodycam/protocol/age/read-header";
import { nodeAgeCrypto } from "@bodycam/protocol/testing/node-age-crypto";
import { expect, test } from "vitest";
import { CIPHER_REGION_BYTES, NativeAuthenticatedCipher } from "../board/authenticated-cipher.ts";
import { KEY_AGREEMENT_REGION_BYTES, NativeKeyAgreement } from "../board/key-agreement.ts";
import {
	MESSAGE_AUTHENTICATION_REGION_BYTES,
	NativeMessageAuthentication,
} from "../board/message-authentication.ts";
import { createFakeNative } from "../testing/fake-native.ts";
import { AGE_REGION_BYTES, createAgeNatives } from "./age-natives.ts";

function setup() {
	const native = createFakeNative(8192);
	let next = 64;
	const take = (bytes: number) => {
		const region = { at: next, bytes };
		next += bytes;
		return region;
	};
	const crypto = createAgeNatives({
		media: native,
		region: take(AGE_REGION_BYTES),
		cipher: new NativeAuthenticatedCipher({ native, region: take(CIPHER_REGION_BYTES) }),
		agreement: new NativeKeyAgreement({ native, region: take(KEY_AGREEMENT_REGION_BYTES) }),
		authentication: new NativeMessageAuthentication({
			native,
			region: take(MESSAGE_AUTHENTICATION_REGION_BYTES),
		}),
	});
	return { native, crypto };
}

const key = (value: number, length = 32) => new Uint8Array(length).fill(value);
const recipients = [key(1), key(2)].map((identity) => nodeAgeCrypto.publicKey(identity));
const input = () => ({ fileKey: key(9, 16), recipients, ephemeral: [key(3), key(4)] });

test("the header by the natives is, byte for byte, that by node:crypto", () => {
	expect(writeAgeHeader(input(), setup().crypto)).toEqual(writeAgeHeader(input(), nodeAgeCrypto));
});

test("a header is opened by the natives", () => {
	const header = readAgeHeader(writeAgeHeader(input(), nodeAgeCrypto));
	expect(openAgeHeader(header, [key(7), key(2)], setup().crypto)).toEqual(key(9, 16));
});

test("nothing stays in media memory", () => {
	const { native, crypto } = setup();
	writeAgeHeader(input(), crypto);
	openAgeHeader(readAgeHeader(writeAgeHeader(input(), crypto)), [key(1)], crypto);
	expect(native.bytes.every((byte) => byte === 0)).toBe(true);
});

test("what is no file key is not wrapped", () => {
	const { crypto } = setup();
	expect(() => crypto.sealOnce(key(1), key(1, 17))).toThrow(RangeError);
	expect(() => crypto.openOnce(key(1), key(1, 33))).toThrow(RangeError);
	expect(crypto.openOnce(key(1), key(1, 15))).toBeUndefined();
	expect(crypto.openOnce(key(1), key(1, 32))).toBeUndefined();
});

test("a region that is too small is refused", () => {
	const native = createFakeNative(64);
	const none = {} as never;
	const region = { at: 0, bytes: AGE_REGION_BYTES - 1 };
	expect(() =>
		createAgeNatives({ media: native, region, cipher: none, agreement: none, authentication: none }),
	).toThrow(RangeError);
});
