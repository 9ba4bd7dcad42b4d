import { describe, expect, test } from "vitest";
import { encodeCbor } from "../cbor/codec.ts";
import { nodeTrustCrypto as crypto, testSigner } from "../testing/node-crypto.ts";
import { testEvidence } from "../testing/policy-evidence.ts";
import { SIGNED_POLICY_BYTES_MAX } from "./document.ts";
import { PolicyError } from "./problem.ts";
import { issueProfile } from "./profile.ts";
import { deNw } from "./profiles/de-nw.ts";
import { openPolicy, PolicyRefusal, signPolicy } from "./signed.ts";

const signer = testSigner(1);
const authority = { agency: "A", key: signer.publicKey };
const policy = issueProfile(deNw, {
	agency: "A",
	version: 1,
	notBefore: 1000,
	expires: 2000,
	evidence: testEvidence,
});

test("a signed policy is opened to what was signed", () => {
	const signed = signPolicy(policy, signer, crypto);
	for (const now of [undefined, 1000, 2000])
		expect(openPolicy(signed, { authority, now }, crypto)).toEqual(policy);
});

test("nothing that is no good is signed, and the field is named", () => {
	const locked = { ...policy, preRecording: { ...policy.preRecording, mode: "always" as const } };
	expect(() => signPolicy(locked, signer, crypto)).toThrow(PolicyError);
	expect(() => signPolicy(locked, signer, crypto)).toThrow(
		"preRecording.mode is always, although pre-recording is locked off",
	);
});

test("what a camera would not keep is not signed", () => {
	const basis = { reference: "x".repeat(80), text: "y".repeat(240) };
	const long = {
		...policy,
		jurisdiction: { ...policy.jurisdiction, legalBasis: Array(12).fill(basis) },
		sources: Array(12).fill("z".repeat(200)),
		reasonCodes: Array.from({ length: 24 }, (_, index) => ({
			code: `reason-${index}`,
			label: "l".repeat(80),
			imminentDanger: true,
		})),
	};
	expect(encodeCbor(long).length).toBeGreaterThan(SIGNED_POLICY_BYTES_MAX);
	expect(() => signPolicy(long, signer, crypto)).toThrow(PolicyRefusal);
});

describe("every byte counts", () => {
	const signed = signPolicy(policy, signer, crypto);

	test("a changed one is refused", () => {
		for (let at = 0; at < signed.length; at += 7) {
			const changed = signed.slice();
			changed[at] = (changed[at] ?? 0) ^ 0x10;
			expect(() => openPolicy(changed, { authority, now: 1500 }, crypto), `byte ${at}`).toThrow(
				PolicyRefusal,
			);
		}
	});

	test("a missing one is refused", () => {
		for (let length = 0; length < signed.length; length += 13)
			expect(() => openPolicy(signed.subarray(0, length), { authority, now: 1500 }, crypto)).toThrow(
				PolicyRefusal,
			);
	});
});
