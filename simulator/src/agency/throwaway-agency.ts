import { createHash } from "node:crypto";
import { ed25519Public, ed25519Sign, ed25519Verify } from "@bodycam/firmware/ed25519";
import { formatIdentity, formatRecipient } from "@bodycam/protocol/age/keys";
import { type AgencyPublic, type AgencySigners, foundAgency } from "@bodycam/protocol/agency/agency";
import { type EvidenceRule, formatArchive } from "@bodycam/protocol/policy/evidence-rule";
import type { Signer, TrustCrypto } from "@bodycam/protocol/trust/signed-document";
import type { RandomStream } from "../world/random.ts";
import { x25519Public } from "./age-identity.ts";

/** Name of an agency that a simulator makes for itself. */
export const THROWAWAY_AGENCY = "Simulated agency (throw-away)";

/** Its certificates hold whatever the clock of a simulated camera says: 1970 to 2100, ms since 1970 UTC. */
export const THROWAWAY_VALIDITY = { notBefore: 0, notAfter: Date.UTC(2100, 0, 1) };

/** Digests and signatures by node:crypto. */
export const hostCrypto: TrustCrypto = {
	sha256: (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest()),
	verify: ed25519Verify,
};

/** The private keys of an agency, 32 bytes each: seeds of Ed25519 keys, and X25519 keys to decrypt recordings with. */
export interface AgencySeeds {
	/** Of the root key. */
	readonly root: Uint8Array;
	/** Of the key that certifies cameras. */
	readonly deviceSigning: Uint8Array;
	/** Of the key that signs policies and assignments. */
	readonly policySigning: Uint8Array;
	/** Of the key with which its archive signs receipts. */
	readonly archive: Uint8Array;
	/** The X25519 key of the daily work. */
	readonly daily: Uint8Array;
	/** The X25519 key in escrow. */
	readonly escrow: Uint8Array;
}

/** An agency with its private keys, for test material only. */
export interface ThrowawayAgency extends AgencyPublic {
	/** Its key pairs. */
	readonly signers: AgencySigners;
	/** The key pair of its archive. */
	readonly archive: Signer;
	/** Its keys for recordings, as its policies name them: the daily work first, then escrow. */
	readonly evidence: EvidenceRule;
	/** The age identities that decrypt its recordings: `AGE-SECRET-KEY-1…`. */
	readonly identities: { readonly daily: string; readonly escrow: string };
}

/** Makes private keys from random numbers; the same ones make the same keys. */
export function makeAgencySeeds(random: RandomStream): AgencySeeds {
	const seed = (): Uint8Array => {
		const bytes = new Uint8Array(32);
		random.fill(bytes);
		return bytes;
	};
	return {
		root: seed(),
		deviceSigning: seed(),
		policySigning: seed(),
		archive: seed(),
		daily: seed(),
		escrow: seed(),
	};
}

/** The agency of these private keys; the same ones make the same agency. */
export function throwawayAgency(seeds: AgencySeeds): ThrowawayAgency {
	const signers = {
		root: signerOf(seeds.root),
		deviceSigning: signerOf(seeds.deviceSigning),
		policySigning: signerOf(seeds.policySigning),
	};
	const archive = signerOf(seeds.archive);
	return {
		...foundAgency(THROWAWAY_AGENCY, signers, THROWAWAY_VALIDITY, hostCrypto),
		signers,
		archive,
		evidence: {
			recipients: [seeds.daily, seeds.escrow].map((key) => formatRecipient(x25519Public(key))),
			archives: [formatArchive(archive.publicKey)],
		},
		identities: { daily: formatIdentity(seeds.daily), escrow: formatIdentity(seeds.escrow) },
	};
}

function signerOf(seed: Uint8Array): Signer {
	return { publicKey: ed25519Public(seed), sign: (message) => ed25519Sign(seed, message) };
}
