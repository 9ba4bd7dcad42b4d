import { encodeCbor } from "@bodycam/protocol/cbor/codec";
import { POLICY_CONTENT_TYPE } from "@bodycam/protocol/policy/document";
import { issueProfile } from "@bodycam/protocol/policy/profile";
import { demo } from "@bodycam/protocol/policy/profiles/demo";
import { signDocument } from "@bodycam/protocol/trust/signed-document";
import { hostCrypto, THROWAWAY_VALIDITY, type ThrowawayAgency } from "./throwaway-agency.ts";

/** The built-in `demo` profile as the first policy of a throw-away agency, signed. */
export function signedDemoPolicy(agency: ThrowawayAgency): Uint8Array {
	const { notBefore, notAfter: expires } = THROWAWAY_VALIDITY;
	const policy = issueProfile(demo, { agency: agency.name, version: 1, notBefore, expires });
	return signDocument(POLICY_CONTENT_TYPE, encodeCbor(policy), agency.signers.policySigning, hostCrypto);
}
