import { describe, expect, test } from "vitest";
import { encodeCbor } from "../cbor/codec.ts";
import { nodeTrustCrypto as crypto, testSigner } from "../testing/node-crypto.ts";
import { CERTIFICATE_TYPE, type Certificate, issueCertificate, verifyCertificate } from "./certificate.ts";
import { signDocument } from "./signed-document.ts";
import { TrustError, type TrustReason } from "./trust-error.ts";

const root = testSigner(1);
const stranger = testSigner(2);
const key = testSigner(3).publicKey;
const notBefore = Date.UTC(2026, 0, 1);
const notAfter = Date.UTC(2031, 0, 1);
const now = Date.UTC(2027, 0, 1);
const content = { purpose: "policy-signing", agency: "Ordnungsamt", key, notBefore, notAfter } as const;
const good = issueCertificate(content, root, crypto);
const check = { purpose: "policy-signing", issuer: root.publicKey, now } as const;

function changed(at: number, bytes = good): Uint8Array {
	const copy = bytes.slice();
	copy[at] = (copy[at] ?? 0) ^ 1;
	return copy;
}

test("a certificate of the issuer says whose key is for what", () => {
	expect(verifyCertificate(good, { ...check, agency: "Ordnungsamt" }, crypto)).toEqual(content);
});

test("a device certificate names the device", () => {
	const device: Certificate = { ...content, purpose: "device", serial: "0011" };
	const signed = issueCertificate(device, root, crypto);
	expect(verifyCertificate(signed, { ...check, purpose: "device" }, crypto).serial).toBe("0011");
});

test("validity is not checked while the clock is unset", () => {
	const expired = issueCertificate({ ...content, notAfter: notBefore }, root, crypto);
	expect(verifyCertificate(expired, { ...check, now: undefined }, crypto).agency).toBe("Ordnungsamt");
});

test("both ends of the validity are within it", () => {
	for (const moment of [notBefore, notAfter])
		expect(verifyCertificate(good, { ...check, now: moment }, crypto).agency).toBe("Ordnungsamt");
});

describe("refused with its reason:", () => {
	const cases: readonly (readonly [what: string, reason: TrustReason, bytes: Uint8Array, other?: object])[] =
		[
			["signed by another key", "wrong-signer", issueCertificate(content, stranger, crypto)],
			["another key under the issuer's identifier", "bad-signature", signDocumentAs(stranger)],
			["a purpose it is not for", "wrong-purpose", good, { purpose: "device-signing" }],
			["another agency", "wrong-agency", good, { agency: "Polizei" }],
			["too early", "not-yet-valid", good, { now: notBefore - 1 }],
			["too late", "expired", good, { now: notAfter + 1 }],
			["a changed signature", "bad-signature", changed(good.length - 1)],
			["a changed payload", "bad-signature", changed(good.length - 70)],
			["cut off", "malformed", good.subarray(0, good.length - 1)],
			["empty", "malformed", new Uint8Array(0)],
			["followed by a byte", "malformed", Uint8Array.of(...good, 0)],
			[
				"another type",
				"wrong-type",
				signDocument("application/bodycam-policy+cbor", encodeCbor(content), root, crypto),
			],
			[
				"a payload that is no CBOR",
				"malformed",
				signDocument(CERTIFICATE_TYPE, Uint8Array.of(0xff), root, crypto),
			],
			[
				"a key that is too short",
				"malformed",
				signDocument(CERTIFICATE_TYPE, encodeCbor({ ...content, key: key.slice(1) }), root, crypto),
			],
		];
	for (const [what, reason, bytes, other = {}] of cases)
		test(`${what}: ${reason}`, () => {
			let caught: unknown;
			try {
				verifyCertificate(bytes, { ...check, ...other }, crypto);
			} catch (error) {
				caught = error;
			}
			expect(caught).toBeInstanceOf(TrustError);
			expect((caught as TrustError).reason).toBe(reason);
		});
});

/** A certificate that names the root as its signer, but is signed by another key. */
function signDocumentAs(other: typeof root): Uint8Array {
	return issueCertificate(content, { publicKey: root.publicKey, sign: other.sign }, crypto);
}
