import { formatIdentity, formatRecipient } from "../age/keys.ts";
import { type EvidenceRule, formatArchive } from "../policy/evidence-rule.ts";
import { nodeAgeCrypto } from "./node-age-crypto.ts";
import { testSigner } from "./node-crypto.ts";

/** Private keys of those whom the recordings under `testEvidence` are encrypted to. */
const IDENTITIES = [new Uint8Array(32).fill(0x41), new Uint8Array(32).fill(0x42)];

/** The same, as lines of an age identity file. */
export const testIdentities: readonly string[] = IDENTITIES.map(formatIdentity);

/** The archive whose receipts policies with `testEvidence` take. */
export const testArchive = testSigner(9);

/** What policies for tests say of evidence. */
export const testEvidence: EvidenceRule = {
	recipients: IDENTITIES.map((key) => formatRecipient(nodeAgeCrypto.publicKey(key))),
	archives: [formatArchive(testArchive.publicKey)],
};
