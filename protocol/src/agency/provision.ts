import {
	PROVISIONING_CHUNK_OVERHEAD,
	provisioningBegin,
	provisioningComplete,
	provisioningPolicy,
} from "../camera/provisioning.ts";
import type { Command, RequestOf, ResponseOf } from "../smp/command.ts";
import { verifyKeyRequest } from "../trust/key-request.ts";
import type { Signer, TrustCrypto } from "../trust/signed-document.ts";
import { type AgencyPublic, certifyDevice, type Validity } from "./agency.ts";

/** Asks the camera; errors are those of the line and of the camera. */
export type Ask = <C extends Command>(command: C, request: RequestOf<C>) => Promise<ResponseOf<C>>;

/** What a camera is provisioned with. */
export interface Provisioning {
	/** The agency it is to belong to. */
	readonly agency: AgencyPublic;
	/** Certifies it. */
	readonly deviceSigning: Signer;
	/** Time span of its certificate. */
	readonly validity: Validity;
	/** The first policy, signed. */
	readonly policy: Uint8Array;
	/** Random bytes: `NONCE_BYTES`. */
	readonly nonce: Uint8Array;
	/** Time now in ms since 1970 UTC, asked for at the end; without it the camera's clock stays as it is. */
	readonly clock?: (() => number) | undefined;
	/** Name for the camera. */
	readonly name?: string | undefined;
	/** Bytes of the largest packet the camera takes. */
	readonly packetBytes: number;
}

/** How a camera was provisioned. */
export interface Provisioned {
	/** Its serial number. */
	readonly serial: string;
	/** Its public key. */
	readonly key: Uint8Array;
	/** Its certificate. */
	readonly certificate: Uint8Array;
}

/**
 * Provisions a camera: has it make a key, certifies the key, hands over the policy and the certificates.
 * @throws {TrustError} when the camera does not show that it has the private key
 */
export async function provisionCamera(
	ask: Ask,
	provisioning: Provisioning,
	crypto: TrustCrypto,
): Promise<Provisioned> {
	const { agency, nonce, validity, deviceSigning, policy, clock, name } = provisioning;
	const { serial, key, request } = await ask(provisioningBegin, { nonce });
	verifyKeyRequest(request, { serial, key, nonce }, crypto);
	const certificate = certifyDevice(agency.name, { serial, key }, validity, deviceSigning, crypto);
	const sha256 = crypto.sha256(policy);
	await handOver(ask, policy, sha256, provisioning.packetBytes - PROVISIONING_CHUNK_OVERHEAD);
	await ask(provisioningComplete, {
		anchor: agency.anchor,
		deviceSigning: agency.deviceSigning,
		policySigning: agency.policySigning,
		device: certificate,
		policy: sha256,
		clock: clock?.(),
		name,
	});
	return { serial, key, certificate };
}

async function handOver(ask: Ask, policy: Uint8Array, sha256: Uint8Array, chunk: number): Promise<void> {
	for (let off = 0; off < policy.length; ) {
		const data = policy.slice(off, off + chunk);
		const { next } = await ask(provisioningPolicy, { sha256, total: policy.length, off, data });
		if (next <= off) throw new RangeError(`the camera wants byte ${next} of the policy after byte ${off}`);
		off = next;
	}
}
