import fc from "fast-check";
import { expect, test } from "vitest";
import { concatenate } from "../cose/head.ts";
import { nodeAgeCrypto as crypto } from "../testing/node-age-crypto.ts";
import { AgeError } from "./age-error.ts";
import { asciiBytes, asciiText } from "./ascii.ts";
import { ageHeaderBytes, RECIPIENTS_MAX, writeAgeHeader } from "./header.ts";
import { HEADER_BYTES_MAX, openAgeHeader, readAgeHeader } from "./read-header.ts";

const key = (number: number, length = 32) => new Uint8Array(length).fill(number);
const fileKey = key(9, 16);
const identities = [key(1), key(2)] as const;
const recipients = identities.map((identity) => crypto.publicKey(identity));
const write = (to = recipients) =>
	writeAgeHeader({ fileKey, recipients: to, ephemeral: to.map((_, index) => key(0x40 + index)) }, crypto);
const header = write();
const problemOf = (action: () => unknown) => {
	try {
		action();
	} catch (error) {
		return error instanceof AgeError ? error.problem : error;
	}
	return "nothing";
};

test("it is the version, two lines for each recipient, and the MAC", () => {
	expect(asciiText(header)).toMatch(
		/^age-encryption\.org\/v1\n(-> X25519 [A-Za-z0-9+/]{43}\n[A-Za-z0-9+/]{43}\n){2}--- [A-Za-z0-9+/]{43}\n$/,
	);
});

test("its length is known beforehand", () => {
	for (let count = 1; count <= RECIPIENTS_MAX; count++) {
		const to = Array.from({ length: count }, (_, index) => crypto.publicKey(key(index + 1)));
		expect(write(to).length).toBe(ageHeaderBytes(count));
		expect(readAgeHeader(write(to)).stanzas).toHaveLength(count);
	}
});

test("each recipient opens it, with the file behind it", () => {
	const file = concatenate(header, key(0, 100));
	for (const identity of identities) {
		const read = readAgeHeader(file);
		expect(read.bytes).toBe(header.length);
		expect(openAgeHeader(read, [key(77), identity], crypto)).toEqual(fileKey);
	}
});

test("the same ephemeral keys give the same bytes", () => {
	expect(write()).toEqual(header);
});

test("ephemeral keys are overwritten, also when it fails", () => {
	const ephemeral = [key(5), key(6)];
	writeAgeHeader({ fileKey, recipients, ephemeral }, crypto);
	expect(ephemeral).toEqual([key(0), key(0)]);
	const again = [key(5)];
	expect(() => writeAgeHeader({ fileKey, recipients: [key(0)], ephemeral: again }, crypto)).toThrow(AgeError);
	expect(again).toEqual([key(0)]);
});

test("a recipient that is a point of small order is refused", () => {
	expect(problemOf(() => write([key(0)]))).toBe("weak-recipient");
});

test("no recipient, too many, or one twice is refused", () => {
	const many = Array.from({ length: RECIPIENTS_MAX + 1 }, (_, index) => crypto.publicKey(key(index + 1)));
	for (const to of [[], many, [recipients[0] as Uint8Array, recipients[0] as Uint8Array]])
		expect(problemOf(() => write(to))).toBe("recipients");
});

test("keys of another length are refused", () => {
	expect(() => write([key(1, 31)])).toThrow(RangeError);
	expect(() => writeAgeHeader({ fileKey: key(1), recipients, ephemeral: [key(3), key(4)] }, crypto)).toThrow(
		RangeError,
	);
	expect(() => writeAgeHeader({ fileKey, recipients, ephemeral: [key(3)] }, crypto)).toThrow(RangeError);
});

test("an identity that is no recipient opens nothing", () => {
	expect(problemOf(() => openAgeHeader(readAgeHeader(header), [key(3)], crypto))).toBe("no-identity");
});

test("recipients in another order, or one less, are a header that was changed", () => {
	const lines = asciiText(header).split("\n");
	const swapped = [lines[0], lines[3], lines[4], lines[1], lines[2], ...lines.slice(5)].join("\n");
	const fewer = [lines[0], ...lines.slice(3)].join("\n");
	for (const [text, identity] of [
		[swapped, identities[0]],
		[fewer, identities[1]],
	] as const)
		expect(problemOf(() => openAgeHeader(readAgeHeader(asciiBytes(text)), [identity], crypto))).toBe(
			"header-changed",
		);
});

test("a changed byte, wherever it is, opens nothing", () => {
	for (let at = 0; at < header.length; at++) {
		const changed = header.slice();
		changed[at] = (changed[at] ?? 0) ^ 1;
		const problem = problemOf(() => openAgeHeader(readAgeHeader(changed), [identities[0]], crypto));
		expect(["malformed-header", "no-identity", "header-changed"]).toContain(problem);
	}
});

test("every truncation is malformed", () => {
	for (let length = 0; length < header.length; length++)
		expect(problemOf(() => readAgeHeader(header.subarray(0, length)))).toBe("malformed-header");
});

test.each([
	["an empty file", ""],
	["another version", "age-encryption.org/v2\n-> X25519 a\n\n--- a\n"],
	["no recipient", `age-encryption.org/v1\n--- ${"A".repeat(43)}\n`],
	["an empty argument", `age-encryption.org/v1\n-> X25519  A\nAA\n--- ${"A".repeat(43)}\n`],
	["a line end of two characters", asciiText(header).replaceAll("\n", "\r\n")],
	["padded base64", asciiText(header).replace(/\n$/, "=\n")],
	["a body line that is too long", `age-encryption.org/v1\n-> x\n${"A".repeat(65)}\n--- ${"A".repeat(43)}\n`],
	["too many recipients", `age-encryption.org/v1\n${"-> x\n\n".repeat(17)}--- ${"A".repeat(43)}\n`],
	[
		"a header beyond the bound",
		`age-encryption.org/v1\n-> x ${"a".repeat(HEADER_BYTES_MAX)}\n\n--- ${"A".repeat(43)}\n`,
	],
])("%s is malformed", (_, text) => {
	expect(problemOf(() => readAgeHeader(asciiBytes(text)))).toBe("malformed-header");
});

test("recipients of other kinds are passed over, as age does to leave room for new ones", () => {
	const other = `-> grease a b\n${"A".repeat(64)}\n\n`;
	const text = asciiText(header).replace("-> X25519", `${other}-> X25519`);
	const read = readAgeHeader(asciiBytes(text));
	expect(read.stanzas.map((stanza) => stanza.arguments[0])).toEqual(["grease", "X25519", "X25519"]);
	expect(read.stanzas[0]?.body).toEqual(new Uint8Array(48));
});

test("arbitrary bytes throw nothing but what is declared", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(header.length), (bytes, at) => {
			const file = concatenate(header.subarray(0, at), bytes);
			const problem = problemOf(() => openAgeHeader(readAgeHeader(file), identities, crypto));
			if (Buffer.from(file).indexOf(header) === 0) expect(problem).toBe("nothing");
			else expect(["malformed-header", "no-identity", "header-changed"]).toContain(problem);
		}),
	);
});
