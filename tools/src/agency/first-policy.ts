import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { checkPolicy } from "@bodycam/protocol/policy/check";
import type { Policy } from "@bodycam/protocol/policy/document";
import { describeProblem } from "@bodycam/protocol/policy/problem";
import { issueProfile } from "@bodycam/protocol/policy/profile";
import { findProfile, PROFILES } from "@bodycam/protocol/policy/profiles/index";
import { openPolicy, PolicyRefusal, signPolicy } from "@bodycam/protocol/policy/signed";
import type { Signer } from "@bodycam/protocol/trust/signed-document";
import { UsageError, VerificationError } from "../errors.ts";
import type { AgencyDirectory } from "./agency-directory.ts";
import { RECIPIENTS_FILE } from "./evidence-keys.ts";
import { hostCrypto } from "./host-crypto.ts";

/** The profile a camera is provisioned with unless another policy is chosen: the strictest one. */
export const DEFAULT_PROFILE = "de-nw";

/** Largest file that can be a signed policy, bytes. */
const FILE_MAX = 1_000_000;

/** A policy to begin with. */
export interface FirstPolicy {
	/** Its name. */
	readonly name: string;
	/** Its version. */
	readonly version: number;
	/** The signed document. */
	readonly signed: Uint8Array;
}

/**
 * The policy a camera is provisioned with: a built-in profile, which becomes version 1 of the agency's policy and
 * holds as long as its policy-signing certificate, or a file with a policy that the agency has signed.
 * @param choice - name of a profile, or path of a file
 * @param openSigner - opens the policy-signing key; asked only for a profile
 * @throws {UsageError} when it is neither, or the agency names too few recipients for the profile
 * @throws {VerificationError} when the file is no good policy of this agency
 */
export async function firstPolicy(
	agency: AgencyDirectory,
	choice: string,
	openSigner: () => Promise<Signer>,
	now: number,
): Promise<FirstPolicy> {
	const profile = findProfile(choice);
	if (profile === undefined) return readSigned(agency, choice, now);
	const { notBefore, notAfter: expires } = agency.policySigningCertificate;
	const { name, evidence } = agency;
	const policy = issueProfile(profile, { agency: name, version: 1, notBefore, expires, evidence });
	requireGood(policy, agency);
	return { name: policy.name, version: 1, signed: signPolicy(policy, await openSigner(), hostCrypto) };
}

/** A built-in profile can only lack what the agency adds to it. */
function requireGood(policy: Policy, { path }: AgencyDirectory): void {
	const { problems } = checkPolicy(policy);
	if (problems.length === 0) return;
	throw new UsageError(`the agency lacks what a policy needs: ${problems.map(describeProblem).join("; ")}`, {
		hint: `Put the recipients, as \`bodycam evidence keygen\` shows them, into ${join(path, RECIPIENTS_FILE)}.`,
	});
}

function readSigned(agency: AgencyDirectory, path: string, now: number): FirstPolicy {
	const signed = readFile(path);
	const authority = { agency: agency.name, key: agency.policySigningCertificate.key };
	try {
		const { name, version } = openPolicy(signed, { authority, now }, hostCrypto);
		return { name, version, signed };
	} catch (error) {
		if (error instanceof PolicyRefusal)
			throw new VerificationError(`${path} is not a policy this agency's cameras take: ${error.message}`, {
				cause: error,
			});
		throw error;
	}
}

function readFile(path: string): Uint8Array {
	try {
		const status = statSync(path);
		if (!status.isFile() || status.size > FILE_MAX) throw new UsageError(`${path} is no signed policy`);
		return new Uint8Array(readFileSync(path));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
		throw new UsageError(`${path} is neither a built-in profile nor a file`, {
			hint: `The profiles are ${PROFILES.map(({ name }) => name).join(", ")}.`,
			cause: error,
		});
	}
}
