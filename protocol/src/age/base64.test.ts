import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBare64, encodeBare64 } from "./base64.ts";

test("it is base64 without padding", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
			const text = encodeBare64(bytes);
			expect(text).toBe(Buffer.from(bytes).toString("base64").replace(/=+$/, ""));
			expect(decodeBare64(text)).toEqual(bytes);
		}),
	);
});

test.each(["A", "AAAAA", "AA=", "AA==", "A-AA", "AB", "AAB", "AA A", "AA\u0141A"])(
	"%j, which nothing is written as, is refused",
	(text) => {
		expect(decodeBare64(text)).toBeUndefined();
	},
);
