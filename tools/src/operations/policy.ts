import {
	installPolicy,
	type PolicyOnCamera,
	readPolicyOnCamera,
} from "@bodycam/protocol/agency/policy-transfer";
import type { Ask } from "@bodycam/protocol/agency/provision";
import type { PolicyStatus } from "@bodycam/protocol/camera/policy";
import type { Policy } from "@bodycam/protocol/policy/document";
import { PolicyError } from "@bodycam/protocol/policy/problem";
import { openPolicy, PolicyRefusal, signPolicy } from "@bodycam/protocol/policy/signed";
import { type AgencyDirectory, openSigner } from "../agency/agency-directory.ts";
import { hostCrypto } from "../agency/host-crypto.ts";
import type { AskPassphrase } from "../agency/key-file.ts";
import type { RequestOptions, SmpClient } from "../client/smp-client.ts";
import { ProtocolError, VerificationError } from "../errors.ts";
import { PolicyFileError } from "../policy/policy-file.ts";

/**
 * Signs a policy with the agency's policy-signing key.
 * @param source - where it came from, for messages
 * @throws {PolicyFileError} when it is no good, or is not of this agency
 * @throws {BodycamError} when the key cannot be used
 */
export async function signWithAgency(
	source: string,
	policy: Policy,
	agency: AgencyDirectory,
	ask: AskPassphrase,
): Promise<Uint8Array> {
	if (policy.issuer.agency !== agency.name)
		throw new PolicyFileError(source, [
			{
				field: "issuer.agency",
				says: `is ${policy.issuer.agency}, but the agency that signs is ${agency.name}`,
			},
		]);
	const signer = await openSigner(agency, "policy-signing", ask);
	try {
		return signPolicy(policy, signer, hostCrypto);
	} catch (error) {
		if (error instanceof PolicyError) throw new PolicyFileError(source, error.problems);
		if (error instanceof PolicyRefusal)
			throw new PolicyFileError(source, [{ field: error.field ?? "", says: error.message }]);
		throw error;
	}
}

/**
 * Verifies a signed policy as a camera of the agency would.
 * @param now - ms since 1970 UTC
 * @throws {VerificationError} with what a camera would refuse
 */
export function verifyWithAgency(
	source: string,
	signed: Uint8Array,
	agency: AgencyDirectory,
	now: number,
): Policy {
	const authority = { agency: agency.name, key: agency.policySigningCertificate.key };
	try {
		return openPolicy(signed, { authority, now }, hostCrypto);
	} catch (error) {
		if (!(error instanceof PolicyRefusal)) throw error;
		throw new VerificationError(`${source} is refused (${error.reason}): ${error.message}`, {
			hint: `A camera of ${agency.name} would refuse it for the same reason.`,
		});
	}
}

/** Gives a camera a signed policy. @throws {RefusedError} when it does not take it, with the field at fault */
export function installOnCamera(
	client: SmpClient,
	signed: Uint8Array,
	options: RequestOptions = {},
): Promise<PolicyStatus> {
	return answering(installPolicy(asking(client, options), signed, client.bufferSize, hostCrypto));
}

/** Reads the policy a camera keeps. */
export function readFromCamera(client: SmpClient, options: RequestOptions = {}): Promise<PolicyOnCamera> {
	return answering(readPolicyOnCamera(asking(client, options)));
}

function asking(client: SmpClient, options: RequestOptions): Ask {
	return (command, request) => client.request(command, request, options);
}

/** A camera that contradicts itself is a matter of the protocol. */
async function answering<T>(answer: Promise<T>): Promise<T> {
	try {
		return await answer;
	} catch (error) {
		if (error instanceof RangeError) throw new ProtocolError(error.message, { cause: error });
		throw error;
	}
}
