import { encodeCbor } from "@bodycam/protocol/cbor/codec";
import { POLICY_CONTENT_TYPE } from "@bodycam/protocol/policy/document";
import { issueProfile, type PolicyProfile } from "@bodycam/protocol/policy/profile";
import { signDocument } from "@bodycam/protocol/trust/signed-document";
import { hostCrypto, THROWAWAY_VALIDITY, type ThrowawayAgency } from "./throwaway-agency.ts";

/** The rules of a profile as the first policy of a throw-away agency, signed. */
export function signedFirstPolicy(agency: ThrowawayAgency, profile: PolicyProfile): Uint8Array {
	const { notBefore, notAfter: expires } = THROWAWAY_VALIDITY;
	const { name, evidence } = agency;
	const policy = issueProfile(profile, { agency: name, version: 1, notBefore, expires, evidence });
	return signDocument(POLICY_CONTENT_TYPE, encodeCbor(policy), agency.signers.policySigning, hostCrypto);
}
