import { randomBytes } from "node:crypto";
import { type Provisioned, provisionCamera } from "@bodycam/protocol/agency/provision";
import { provisioningRead } from "@bodycam/protocol/camera/provisioning";
import { NONCE_BYTES } from "@bodycam/protocol/trust/key-request";
import type { Signer } from "@bodycam/protocol/trust/signed-document";
import { TrustError } from "@bodycam/protocol/trust/trust-error";
import type { AgencyDirectory } from "../agency/agency-directory.ts";
import { hostCrypto } from "../agency/host-crypto.ts";
import type { SmpClient } from "../client/smp-client.ts";
import { RefusedError, VerificationError } from "../errors.ts";

/** What a camera is provisioned with. */
export interface ProvisionOptions {
	/** The agency. */
	readonly agency: AgencyDirectory;
	/** Its device-signing key. */
	readonly deviceSigning: Signer;
	/** The first policy, signed. */
	readonly policy: Uint8Array;
	/** Name for the camera. */
	readonly name?: string | undefined;
	/** Ends the work. */
	readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a camera one of the agency's, and sets its clock to this computer's.
 * @throws {RefusedError} when the camera belongs to an agency already, or does not take what it is given
 * @throws {VerificationError} when the camera does not show that it has the key it wants certified
 */
export async function provision(client: SmpClient, options: ProvisionOptions): Promise<Provisioned> {
	const { agency, deviceSigning, policy, name, signal } = options;
	await requireFactory(client, signal);
	const { notBefore, notAfter } = agency.deviceSigningCertificate;
	try {
		return await provisionCamera(
			(command, request) => client.request(command, request, { signal }),
			{
				agency,
				deviceSigning,
				validity: { notBefore, notAfter },
				policy,
				nonce: new Uint8Array(randomBytes(NONCE_BYTES)),
				clock: () => Date.now(),
				name,
				packetBytes: client.bufferSize,
			},
			hostCrypto,
		);
	} catch (error) {
		if (error instanceof TrustError)
			throw new VerificationError(`the camera was not provisioned: ${error.message}`, { cause: error });
		throw error;
	}
}

async function requireFactory(client: SmpClient, signal: AbortSignal | undefined): Promise<void> {
	const { membership } = await client.request(provisioningRead, {}, { signal });
	if (membership === undefined) return;
	throw new RefusedError(`the camera belongs to an agency already: ${membership.agency}`, {
		hint: "`bodycam factory-reset` makes it forget that agency; it needs that agency's keys.",
	});
}
