import fc from "fast-check";
import { expect, test } from "vitest";
import { fromHex, toHex } from "../testing/hex.ts";
import { nodeTrustCrypto, signerOf } from "../testing/node-crypto.ts";
import { CoseError, concatenate } from "./head.ts";
import { decodeSign1, encodeSign1, toBeSigned } from "./sign1.ts";

const signer = signerOf(fromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
const content = {
	contentType: "application/bodycam-policy+cbor",
	kid: fromHex("0102030405060708"),
	payload: fromHex("a16161 01"),
};
const encoded = encodeSign1(content, signer.sign);

const TYPE_HEX = `03781f${toHex(new TextEncoder().encode(content.contentType))}`;
const HEADER_HEX = `a30127${TYPE_HEX}04480102030405060708`;

test("what is signed is the Sig_structure of RFC 9052", () => {
	const header = fromHex(HEADER_HEX);
	expect(toHex(toBeSigned(content))).toBe(
		`846a5369676e61747572653158${header.length.toString(16)}${HEADER_HEX}4044a1616101`,
	);
});

test("the encoding is a tagged array of header, empty map, payload and signature", () => {
	const signature = toHex(signer.sign(toBeSigned(content)));
	const length = (HEADER_HEX.length / 2).toString(16);
	expect(toHex(encoded)).toBe(`d28458${length}${HEADER_HEX}a044a16161015840${signature}`);
});

test("what was encoded is decoded, and its signature is valid", () => {
	const decoded = decodeSign1(encoded);
	expect(decoded).toMatchObject(content);
	expect(nodeTrustCrypto.verify(signer.publicKey, decoded.toBeSigned, decoded.signature)).toBe(true);
});

test("the tag may be missing", () => {
	expect(decodeSign1(encoded.subarray(1))).toEqual(decodeSign1(encoded));
});

test("the members of the protected header may come in any order", () => {
	const header = fromHex(`a304480102030405060708${TYPE_HEX}0127`);
	const bytes = concatenate(
		fromHex(`8458${header.length.toString(16)}`),
		header,
		fromHex("a04101 5840"),
		new Uint8Array(64),
	);
	expect(decodeSign1(bytes)).toMatchObject({ contentType: content.contentType, kid: content.kid });
});

test("payloads of every length survive", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 70_000 }), (payload) => {
			expect(decodeSign1(encodeSign1({ ...content, payload }, signer.sign)).payload).toEqual(payload);
		}),
		{ numRuns: 20 },
	);
});

test("every truncation is refused", () => {
	for (let length = 0; length < encoded.length; length++)
		expect(() => decodeSign1(encoded.subarray(0, length))).toThrow(CoseError);
});

test("a changed byte is refused or makes the signature invalid", () => {
	for (let at = 0; at < encoded.length; at++) {
		const changed = encoded.slice();
		changed[at] = (changed[at] ?? 0) ^ 0x01;
		let valid = false;
		try {
			const { toBeSigned, signature } = decodeSign1(changed);
			valid = nodeTrustCrypto.verify(signer.publicKey, toBeSigned, signature);
		} catch (error) {
			expect(error).toBeInstanceOf(CoseError);
		}
		expect(valid, `byte ${at}`).toBe(false);
	}
});

const UNEXPECTED: readonly (readonly [string, string])[] = [
	["nothing", ""],
	["another tag", "d18443a10127a0400040"],
	["three items", "8343a10127a040"],
	["an unprotected header", "8443a10127a1044101404000"],
	[
		"another algorithm",
		`8458${(HEADER_HEX.length / 2).toString(16)}${HEADER_HEX.replace("0127", "0126")}a0405840`,
	],
	["a header that is no map", "844101a0405840"],
	["a payload that is detached", "8443a10127a0f640"],
	["a length that is not the shortest", "8458 03 a10127 a0 40 40"],
	["a length of eight bytes", "845b0000000000000003a10127a04040"],
	["a header label twice", "8445a201270127a04040"],
];
test.each(UNEXPECTED)("%s is refused", (_what, hex) => {
	expect(() => decodeSign1(concatenate(fromHex(hex), new Uint8Array(64)))).toThrow(CoseError);
});

test("random bytes never do anything but being refused", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
			try {
				decodeSign1(bytes);
			} catch (error) {
				expect(error).toBeInstanceOf(CoseError);
			}
		}),
		{ numRuns: 2000 },
	);
});

test("a key identifier of another length and a type beyond ASCII are the caller's mistake", () => {
	expect(() => encodeSign1({ ...content, kid: new Uint8Array(7) }, signer.sign)).toThrow(RangeError);
	expect(() => encodeSign1({ ...content, contentType: "Prüfung" }, signer.sign)).toThrow(RangeError);
	expect(() => encodeSign1(content, () => new Uint8Array(63))).toThrow(RangeError);
});
