import { POLICY_CHUNK_OVERHEAD, type PolicyStatus, policyInstall, policyRead } from "../camera/policy.ts";
import type { TrustCrypto } from "../trust/signed-document.ts";
import type { Ask } from "./provision.ts";

/** A policy as a camera keeps it. */
export interface PolicyOnCamera {
	/** Whether it is in force, and what is told about it. */
	readonly status: PolicyStatus;
	/** The signed document; undefined when there is none. */
	readonly signed: Uint8Array | undefined;
}

/**
 * Gives a camera a signed policy, in chunks that fit its packets. What the camera took is told by its status.
 * @param packetBytes - bytes of the largest packet the camera takes
 * @throws RangeError when the camera asks for what it has
 */
export async function installPolicy(
	ask: Ask,
	signed: Uint8Array,
	packetBytes: number,
	crypto: Pick<TrustCrypto, "sha256">,
): Promise<PolicyStatus> {
	const sha256 = crypto.sha256(signed);
	const total = signed.length;
	for (let off = 0; ; ) {
		const data = signed.slice(off, off + packetBytes - POLICY_CHUNK_OVERHEAD);
		const { next, status } = await ask(policyInstall, { sha256, total, off, data });
		if (status !== undefined) return status;
		if (next <= off || next >= total)
			throw new RangeError(`the camera wants byte ${next} of the policy after byte ${off}`);
		off = next;
	}
}

/**
 * Reads the policy a camera keeps.
 * @throws RangeError when it changes meanwhile or ends too early
 */
export async function readPolicyOnCamera(ask: Ask): Promise<PolicyOnCamera> {
	const { status } = await ask(policyRead, {});
	const { installed } = status;
	if (installed === undefined) return { status, signed: undefined };
	const signed = new Uint8Array(installed.bytes);
	for (let off = 0; off < signed.length; ) {
		const { data = new Uint8Array(0) } = await ask(policyRead, { off });
		if (data.length === 0 || off + data.length > signed.length)
			throw new RangeError("the policy of the camera has another length than it says");
		signed.set(data, off);
		off += data.length;
	}
	return { status, signed };
}
