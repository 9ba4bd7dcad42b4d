import { hkdfSync } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { nodeAgeCrypto as crypto } from "../testing/node-age-crypto.ts";
import { hkdfSha256 } from "./hkdf.ts";

test("it is HKDF-SHA-256 with 32 bytes of output", () => {
	const bytes = fc.uint8Array({ maxLength: 64 });
	fc.assert(
		fc.property(bytes, bytes, fc.constantFrom("", "header", "payload"), (secret, salt, info) => {
			const expected = new Uint8Array(hkdfSync("sha256", secret, salt, info, 32));
			expect(hkdfSha256(secret, salt, info, crypto)).toEqual(expected);
		}),
	);
});
