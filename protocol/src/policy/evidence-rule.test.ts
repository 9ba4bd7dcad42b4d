import { describe, expect, test } from "vitest";
import { formatRecipient } from "../age/keys.ts";
import { nodeAgeCrypto } from "../testing/node-age-crypto.ts";
import { testArchive, testEvidence } from "../testing/policy-evidence.ts";
import { archiveKeys, formatArchive, parseArchive, recipientKeys } from "./evidence-rule.ts";

test("recipients are keys in the order of the policy", () => {
	expect(recipientKeys(testEvidence).map(formatRecipient)).toEqual(testEvidence.recipients);
});

test("archives are keys in the order of the policy, and what is none is left out", () => {
	const archives = ["not a key", ...testEvidence.archives];
	expect(archiveKeys({ ...testEvidence, archives })).toEqual([testArchive.publicKey]);
});

describe("an archive's key", () => {
	test("is written in 64 digits, and read from them", () => {
		const key = Uint8Array.from({ length: 32 }, (_, index) => index * 8);
		expect(formatArchive(key)).toMatch(/^00081018[0-9a-f]{56}$/);
		expect(parseArchive(formatArchive(key))).toEqual(key);
	});

	test.each(["", "00", "g".repeat(64), "A".repeat(64), `${"a".repeat(64)}\n`, "a".repeat(65)])(
		"%j is none",
		(digits) => {
			expect(parseArchive(digits)).toBeUndefined();
		},
	);
});

test("a recipient's key is used by a library that shares secrets with it", () => {
	for (const key of recipientKeys(testEvidence))
		expect(nodeAgeCrypto.sharedSecret(new Uint8Array(32).fill(7), key)).toHaveLength(32);
});
