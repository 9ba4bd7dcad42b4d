import { decodeCbor, encodeCbor } from "../cbor/codec.ts";
import { CborError } from "../cbor/structure.ts";
import { openDocument, type Signer, signDocument, type TrustCrypto } from "../trust/signed-document.ts";
import { TRUST_REASONS, TrustError } from "../trust/trust-error.ts";
import { checkPolicy } from "./check.ts";
import { POLICY_CONTENT_TYPE, type Policy, SIGNED_POLICY_BYTES_MAX } from "./document.ts";
import { describeProblem, PolicyError } from "./problem.ts";

/** Why a policy is not taken. */
export const POLICY_REFUSALS = [
	...TRUST_REASONS,
	"unsigned",
	"too-large",
	"invalid",
	"no-prompt",
	"older",
	"not-provisioned",
	"not-kept",
] as const;

/** One of `POLICY_REFUSALS`. */
export type PolicyRefusalReason = (typeof POLICY_REFUSALS)[number];

/** A policy that is not taken. */
export class PolicyRefusal extends Error {
	override readonly name = "PolicyRefusal";
	/** Why. */
	readonly reason: PolicyRefusalReason;
	/** The field at fault, where it is one. */
	readonly field: string | undefined;

	/** @param message - what is wrong, in words; the field named */
	constructor(reason: PolicyRefusalReason, message: string, field?: string) {
		super(message);
		this.reason = reason;
		this.field = field;
	}
}

/** Who may sign policies. */
export interface PolicyAuthority {
	/** Name of the agency. */
	readonly agency: string;
	/** Its policy-signing public key. */
	readonly key: Uint8Array;
}

/** What a signed policy is checked against. */
export interface PolicyExpectation {
	/** Who may sign it. */
	readonly authority: PolicyAuthority;
	/** Time now in ms since 1970 UTC; undefined while the clock is unset: then its validity is not checked. */
	readonly now: number | undefined;
	/** Languages in which something can be said; without it every one. */
	readonly prompts?: ReadonlySet<string> | undefined;
}

/**
 * A policy signed by the agency: a COSE_Sign1.
 * @throws {PolicyError} when it is no good
 * @throws {PolicyRefusal} when it is larger than a camera keeps
 */
export function signPolicy(policy: Policy, signer: Signer, crypto: Pick<TrustCrypto, "sha256">): Uint8Array {
	const { policy: checked, problems } = checkPolicy(policy);
	if (checked === undefined) throw new PolicyError(problems);
	const signed = signDocument(POLICY_CONTENT_TYPE, encodeCbor(checked), signer, crypto);
	requireSize(signed);
	return signed;
}

/**
 * Opens a signed policy after checking all of it: size, signature, signer, contents, agency, prompts, validity.
 * @throws {PolicyRefusal} with the reason and, where one is at fault, the field
 */
export function openPolicy(signed: Uint8Array, expected: PolicyExpectation, crypto: TrustCrypto): Policy {
	requireSize(signed);
	requireSigned(signed);
	const policy = readPayload(openPayload(signed, expected.authority, crypto));
	const { agency } = expected.authority;
	if (policy.issuer.agency !== agency) {
		const message = `issuer.agency is ${policy.issuer.agency}, but the signature is of ${agency}`;
		throw new PolicyRefusal("wrong-agency", message, "issuer.agency");
	}
	requirePrompts(policy, expected.prompts);
	requireValidity(policy, expected.now);
	return policy;
}

/**
 * Checks the time span of a policy.
 * @param now - ms since 1970 UTC; undefined while the clock is unset: then nothing is checked
 * @throws {PolicyRefusal} not-yet-valid, expired
 */
export function requireValidity(
	policy: Pick<Policy, "notBefore" | "expires">,
	now: number | undefined,
): void {
	if (now === undefined) return;
	if (now < policy.notBefore)
		throw new PolicyRefusal("not-yet-valid", "notBefore is in the future", "notBefore");
	if (now > policy.expires) throw new PolicyRefusal("expired", "expires is in the past", "expires");
}

function requireSize({ length }: Uint8Array): void {
	if (length <= SIGNED_POLICY_BYTES_MAX) return;
	const message = `the policy has ${length} bytes, a camera keeps ${SIGNED_POLICY_BYTES_MAX}: shorten its texts`;
	throw new PolicyRefusal("too-large", message);
}

/** A bare CBOR map is a policy somebody forgot to sign, which says more than that it is malformed. */
function requireSigned(bytes: Uint8Array): void {
	if ((bytes[0] ?? 0) >> 5 === 5)
		throw new PolicyRefusal("unsigned", "the policy is not signed; `bodycam policy sign` signs it");
}

function openPayload(signed: Uint8Array, authority: PolicyAuthority, crypto: TrustCrypto): Uint8Array {
	const expected = { what: "the policy", contentType: POLICY_CONTENT_TYPE, publicKey: authority.key };
	try {
		return openDocument(signed, expected, crypto);
	} catch (error) {
		if (error instanceof TrustError) throw new PolicyRefusal(error.reason, error.message);
		throw error;
	}
}

function readPayload(payload: Uint8Array): Policy {
	let value: unknown;
	try {
		value = decodeCbor(payload);
	} catch (error) {
		if (error instanceof CborError)
			throw new PolicyRefusal("malformed", `the policy cannot be read: ${error.message}`);
		throw error;
	}
	const { policy, problems } = checkPolicy(value);
	if (policy !== undefined) return policy;
	const [first = { field: "", says: "is no good" }] = problems;
	throw new PolicyRefusal("invalid", describeProblem(first), first.field === "" ? undefined : first.field);
}

function requirePrompts(policy: Policy, prompts: ReadonlySet<string> | undefined): void {
	policy.announcement.languages.forEach((language, index) => {
		if (prompts?.has(language) !== false) return;
		const field = `announcement.languages[${index}]`;
		throw new PolicyRefusal("no-prompt", `${field} is ${language}, in which this camera cannot speak`, field);
	});
}
