import { factoryReset, factoryResetBegin, provisioningRead } from "@bodycam/protocol/camera/provisioning";
import { type ResetAuthorisation, signResetAuthorisation } from "@bodycam/protocol/trust/reset-authorisation";
import { type Signer, sameBytes } from "@bodycam/protocol/trust/signed-document";
import type { AgencyDirectory } from "../agency/agency-directory.ts";
import { hostCrypto } from "../agency/host-crypto.ts";
import type { SmpClient } from "../client/smp-client.ts";
import { ConnectionError, RefusedError } from "../errors.ts";

/** Recordings that are given up: those of these ranges, or all that are on the card. */
export type GivenUp = ResetAuthorisation["givesUp"] | "all";

/** How a reset is authorised. */
export interface FactoryResetOptions {
	/** The agency the camera belongs to. */
	readonly agency: AgencyDirectory;
	/** Its device-signing key. */
	readonly deviceSigning: Signer;
	/** Recordings that are given up. */
	readonly givesUp: GivenUp;
	/** Ends the work. */
	readonly signal?: AbortSignal | undefined;
}

/** Outcome of a factory reset. */
export interface FactoryResetOutcome {
	/** Serial number of the camera. */
	readonly serial: string;
	/** Recordings on its card, which stay there. */
	readonly recordings: number;
}

/**
 * Makes a camera forget its agency, key, policy, wearer and settings.
 * @throws {RefusedError} when it belongs to none or another, records, or has recordings that are not given up
 */
export async function resetToFactory(
	client: SmpClient,
	options: FactoryResetOptions,
): Promise<FactoryResetOutcome> {
	const { agency, deviceSigning, signal } = options;
	await requireMember(client, agency, signal);
	const { serial, nonce, recordings, last } = await client.request(factoryResetBegin, {}, { signal });
	const all = last === undefined ? [] : [{ first: 1, last }];
	const givesUp = options.givesUp === "all" ? all : options.givesUp;
	const authorisation = signResetAuthorisation({ serial, nonce, givesUp }, deviceSigning, hostCrypto);
	try {
		await client.request(factoryReset, { authorisation }, { signal, attempts: 1 });
	} catch (error) {
		if (!(error instanceof ConnectionError) || !(await isFactory(client, signal))) throw error;
	}
	return { serial, recordings };
}

async function requireMember(
	client: SmpClient,
	agency: AgencyDirectory,
	signal: AbortSignal | undefined,
): Promise<void> {
	const { membership } = await client.request(provisioningRead, {}, { signal });
	if (membership === undefined)
		throw new RefusedError("the camera belongs to no agency: there is nothing to reset");
	if (sameBytes(membership.anchor, agency.anchor)) return;
	throw new RefusedError(`the camera belongs to another agency: ${membership.agency}`, {
		hint: "Only the agency that a camera belongs to can let it go.",
	});
}

/** Whether the answer alone was lost. */
async function isFactory(client: SmpClient, signal: AbortSignal | undefined): Promise<boolean> {
	try {
		return (await client.request(provisioningRead, {}, { signal })).state === "factory";
	} catch {
		return false;
	}
}
