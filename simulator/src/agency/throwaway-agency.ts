import { createHash } from "node:crypto";
import { ed25519Public, ed25519Sign, ed25519Verify } from "@bodycam/firmware/ed25519";
import { type AgencyPublic, type AgencySigners, foundAgency } from "@bodycam/protocol/agency/agency";
import type { Signer, TrustCrypto } from "@bodycam/protocol/trust/signed-document";
import type { RandomStream } from "../world/random.ts";

/** Name of an agency that a simulator makes for itself. */
export const THROWAWAY_AGENCY = "Simulated agency (throw-away)";

/** Its certificates hold whatever the clock of a simulated camera says: 1970 to 2100, ms since 1970 UTC. */
export const THROWAWAY_VALIDITY = { notBefore: 0, notAfter: Date.UTC(2100, 0, 1) };

/** Digests and signatures by node:crypto. */
export const hostCrypto: TrustCrypto = {
	sha256: (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest()),
	verify: ed25519Verify,
};

/** The private keys of an agency: their 32-byte seeds. */
export interface AgencySeeds {
	/** Of the root key. */
	readonly root: Uint8Array;
	/** Of the key that certifies cameras. */
	readonly deviceSigning: Uint8Array;
	/** Of the key that signs policies and assignments. */
	readonly policySigning: Uint8Array;
}

/** An agency with its private keys, for test material only. */
export interface ThrowawayAgency extends AgencyPublic {
	/** Its key pairs. */
	readonly signers: AgencySigners;
}

/** Makes private keys from random numbers; the same ones make the same keys. */
export function makeAgencySeeds(random: RandomStream): AgencySeeds {
	const seed = (): Uint8Array => {
		const bytes = new Uint8Array(32);
		random.fill(bytes);
		return bytes;
	};
	return { root: seed(), deviceSigning: seed(), policySigning: seed() };
}

/** The agency of these private keys; the same ones make the same agency. */
export function throwawayAgency(seeds: AgencySeeds): ThrowawayAgency {
	const signers = {
		root: signerOf(seeds.root),
		deviceSigning: signerOf(seeds.deviceSigning),
		policySigning: signerOf(seeds.policySigning),
	};
	return { ...foundAgency(THROWAWAY_AGENCY, signers, THROWAWAY_VALIDITY, hostCrypto), signers };
}

function signerOf(seed: Uint8Array): Signer {
	return { publicKey: ed25519Public(seed), sign: (message) => ed25519Sign(seed, message) };
}
