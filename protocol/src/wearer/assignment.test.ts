import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCbor, encodeCbor } from "../cbor/codec.ts";
import { nodeTrustCrypto as crypto, testSigner } from "../testing/node-crypto.ts";
import { signDocument } from "../trust/signed-document.ts";
import { TrustError, type TrustReason } from "../trust/trust-error.ts";
import {
	ASSIGNMENT_BYTES_MAX,
	ASSIGNMENT_TYPE,
	type Assignment,
	issueAssignment,
	validityChange,
	validityObstacle,
	verifyAssignment,
} from "./assignment.ts";

const signer = testSigner(4);
const stranger = testSigner(5);
const HOUR = 3_600_000;
const start = Date.UTC(2027, 0, 1);
const content: Assignment = {
	format: 1,
	number: 7,
	agency: "Ordnungsamt",
	camera: "0011223344556677",
	wearer: "W-17",
	consent: { givenAt: start - 10 * HOUR, validUntil: start + 20 * HOUR },
	training: { date: start - 500 * HOUR, validUntil: start + 30 * HOUR },
	notBefore: start,
	notAfter: start + 10 * HOUR,
};
const check = { publicKey: signer.publicKey, agency: "Ordnungsamt", camera: "0011223344556677" };
const good = issueAssignment(content, signer, crypto);

function sign(payload: unknown, by = signer, type = ASSIGNMENT_TYPE): Uint8Array {
	return signDocument(type, encodeCbor(payload), by, crypto);
}

function reasonOf(work: () => unknown): TrustReason {
	try {
		work();
	} catch (error) {
		if (error instanceof TrustError) return error.reason;
		throw error;
	}
	throw new Error("it was not refused");
}

test("what was issued is read back", () => {
	expect(verifyAssignment(good, check, crypto)).toEqual(content);
	expect(good.length).toBeLessThan(ASSIGNMENT_BYTES_MAX / 2);
});

test("an assignment that names no camera is for any of the agency's", () => {
	const { camera: _camera, ...anyCamera } = content;
	const signed = issueAssignment(anyCamera, signer, crypto);
	expect(verifyAssignment(signed, check, crypto).camera).toBeUndefined();
});

describe("refused with its reason:", () => {
	const cases: readonly (readonly [what: string, reason: TrustReason, bytes: Uint8Array])[] = [
		["signed by another key", "wrong-signer", issueAssignment(content, stranger, crypto)],
		[
			"signed by another key under the agency's identifier",
			"bad-signature",
			issueAssignment(content, { publicKey: signer.publicKey, sign: stranger.sign }, crypto),
		],
		["a policy", "wrong-type", sign(content, signer, "application/bodycam-policy+cbor")],
		["of another agency", "wrong-agency", issueAssignment({ ...content, agency: "Polizei" }, signer, crypto)],
		["for another camera", "wrong-device", issueAssignment({ ...content, camera: "99" }, signer, crypto)],
		["too long", "malformed", new Uint8Array(ASSIGNMENT_BYTES_MAX + 1)],
		["cut off", "malformed", good.subarray(0, good.length - 1)],
		["of a future format", "malformed", sign({ ...content, format: 2 })],
		["of number 0", "malformed", sign({ ...content, number: 0 })],
		["without a pseudonym", "malformed", sign({ ...content, wearer: "" })],
		["ending before it begins", "malformed", sign({ ...content, notAfter: start - 1 })],
		[
			"ending before the consent was given",
			"malformed",
			sign({ ...content, consent: { givenAt: start + 11 * HOUR, validUntil: start + 12 * HOUR } }),
		],
		[
			"ending before the training",
			"malformed",
			sign({ ...content, training: { date: start + 11 * HOUR, validUntil: start + 12 * HOUR } }),
		],
		[
			"with a consent that ends before it was given",
			"malformed",
			sign({ ...content, consent: { givenAt: start, validUntil: start - 1 } }),
		],
		[
			"with a training that expires before it was had",
			"malformed",
			sign({ ...content, training: { date: start, validUntil: start - 1 } }),
		],
	];
	test.each(cases)("%s: %s", (_what, reason, bytes) => {
		expect(reasonOf(() => verifyAssignment(bytes, check, crypto))).toBe(reason);
	});

	const required = Object.keys(content).filter((key) => key !== "camera");
	test.each(required)("without %s: malformed, and the member is named", (key) => {
		const members: Record<string, unknown> = { ...content };
		delete members[key];
		expect(reasonOf(() => verifyAssignment(sign(members), check, crypto))).toBe("malformed");
		expect(() => verifyAssignment(sign(members), check, crypto)).toThrow(key);
	});

	test.each(Object.keys(content))("with %s of the wrong type: malformed, and the member is named", (key) => {
		const signed = sign({ ...content, [key]: [true] });
		expect(() => verifyAssignment(signed, check, crypto)).toThrow(key);
	});
});

test("a changed byte anywhere is refused", () => {
	fc.assert(
		fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
			const changed = good.slice();
			changed[at] = (changed[at] ?? 0) ^ mask;
			expect(() => verifyAssignment(changed, check, crypto)).toThrow(TrustError);
		}),
	);
});

test("a contradictory assignment is not even issued", () => {
	expect(reasonOf(() => issueAssignment({ ...content, notAfter: 0 }, signer, crypto))).toBe("malformed");
});

describe("the dates", () => {
	const sooner = (member: "consent" | "training"): Assignment => ({
		...content,
		[member]: { ...content[member], validUntil: start + HOUR },
	});
	test.each([
		["before the assignment begins", content, start - 1, "not-yet-valid"],
		["at its first moment", content, start, undefined],
		["at its last moment", content, start + 10 * HOUR, undefined],
		["after its end", content, start + 10 * HOUR + 1, "assignment-expired"],
		["at the last moment of the consent", sooner("consent"), start + HOUR, undefined],
		["after the end of the consent", sooner("consent"), start + HOUR + 1, "consent-expired"],
		["after the end of the training", sooner("training"), start + HOUR + 1, "training-expired"],
		[
			"before the consent was given",
			{ ...content, consent: { ...content.consent, givenAt: start + HOUR } },
			start + HOUR - 1,
			"not-yet-valid",
		],
		[
			"before the training",
			{ ...content, training: { ...content.training, date: start + HOUR } },
			start + HOUR - 1,
			"not-yet-valid",
		],
	] as const)("%s", (_when, document, now, expected) => {
		expect(validityObstacle(document, now)).toBe(expected);
	});

	test("change only where they say so", () => {
		const moment = fc.integer({ min: 0, max: 1000 });
		const document = fc.record({
			notBefore: moment,
			notAfter: moment,
			consent: fc.record({ givenAt: moment, validUntil: moment }),
			training: fc.record({ date: moment, validUntil: moment }),
		});
		fc.assert(
			fc.property(document, moment, moment, (dates, now, later) => {
				const one: Assignment = { ...content, ...dates };
				const change = validityChange(one, now) ?? Number.POSITIVE_INFINITY;
				expect(change).toBeGreaterThan(now);
				if (later < now || later >= change) return;
				expect(validityObstacle(one, later) === undefined).toBe(validityObstacle(one, now) === undefined);
			}),
		);
	});
});

test("an assignment is a map with text keys, as its CDDL says", () => {
	const decoded = decodeCbor(encodeCbor(content)) as Record<string, unknown>;
	expect(Object.keys(decoded)).toEqual(Object.keys(content));
});
