import { type Assignment, issueAssignment } from "@bodycam/protocol/wearer/assignment";
import { hostCrypto, THROWAWAY_VALIDITY, type ThrowawayAgency } from "./throwaway-agency.ts";

/** Pseudonym of who wears a simulated camera until somebody else is assigned. */
export const DEMO_WEARER = "demo-wearer";

/** Signs an assignment as a throw-away agency. @throws {TrustError} malformed, when it contradicts itself */
export function signAssignment(
	agency: ThrowawayAgency,
	content: Omit<Assignment, "format" | "agency">,
): Uint8Array {
	return issueAssignment({ ...content, agency: agency.name }, agency.signers.policySigning, hostCrypto);
}

/** The first assignment of a simulated camera: consent and training hold whatever its clock says. */
export function signedDemoAssignment(agency: ThrowawayAgency, camera: string): Uint8Array {
	const { notBefore, notAfter } = THROWAWAY_VALIDITY;
	return signAssignment(agency, {
		number: 1,
		camera,
		wearer: DEMO_WEARER,
		consent: { givenAt: notBefore, validUntil: notAfter },
		training: { date: notBefore, validUntil: notAfter },
		notBefore,
		notAfter,
	});
}
