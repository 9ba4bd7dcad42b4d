import fc from "fast-check";
import { expect, test } from "vitest";
import { toHex } from "../testing/hex.ts";
import { decodeBech32, encodeBech32 } from "./bech32.ts";

test.each([
	["a", "A12UEL5L", ""],
	[
		"an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio",
		"an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
		"",
	],
	["abcdef", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "00443214c74254b635cf84653a56d7c675be77df"],
])("the valid text of BIP 173 with the prefix %s is read", (prefix, text, hex) => {
	const bytes = decodeBech32(prefix, text);
	expect(bytes && toHex(bytes)).toBe(hex);
	expect(encodeBech32(prefix, bytes as Uint8Array)).toBe(text.toLowerCase());
});

test.each([
	["A1G7SGD8", "a", "a checksum made with the prefix in upper case"],
	["10a06t8", "", "a text without a prefix"],
	["1qzzfhee", "", "an empty prefix"],
	["a12uel5m", "a", "a wrong checksum"],
	["A12uEL5L", "a", "mixed case"],
	["x1b4n0q5v", "x", "a character that is none"],
	["li1dgmt3", "li", "a checksum that is too short"],
	["a12uel5l", "b", "another prefix"],
	[`a1${"q".repeat(200)}`, "a", "a text that is too long"],
])("%s is refused: %#", (text, prefix) => {
	expect(decodeBech32(prefix, text)).toBeUndefined();
});

test("what was written is read", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
			expect(decodeBech32("age", encodeBech32("age", bytes))).toEqual(bytes);
		}),
	);
});

test("a character in another's place is noticed, wherever it is", () => {
	const text = encodeBech32("age", new Uint8Array(32).fill(7));
	for (let at = "age1".length; at < text.length; at++) {
		const other = text[at] === "q" ? "p" : "q";
		expect(decodeBech32("age", text.slice(0, at) + other + text.slice(at + 1))).toBeUndefined();
	}
});
