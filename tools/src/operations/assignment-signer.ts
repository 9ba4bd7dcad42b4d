import { TrustError } from "@bodycam/protocol/trust/trust-error";
import { issueAssignment } from "@bodycam/protocol/wearer/assignment";
import { openAgency, openSigner } from "../agency/agency-directory.ts";
import { hostCrypto } from "../agency/host-crypto.ts";
import type { AskPassphrase } from "../agency/key-file.ts";
import { UsageError } from "../errors.ts";
import type { SignAssignment } from "./wearer.ts";

/**
 * Signs assignments with the policy-signing key of an agency.
 * @param directory - of the agency
 * @throws {UsageError} {AgencyError} {SecretFileError} {VerificationError} when it cannot; what is returned throws
 * `UsageError` for dates that contradict each other
 */
export async function agencySigner(directory: string, ask: AskPassphrase): Promise<SignAssignment> {
	const agency = openAgency(directory);
	const signer = await openSigner(agency, "policy-signing", ask);
	return (content) => {
		try {
			return issueAssignment({ ...content, agency: agency.name }, signer, hostCrypto);
		} catch (error) {
			if (error instanceof TrustError) throw new UsageError(error.message, { cause: error });
			throw error;
		}
	};
}
