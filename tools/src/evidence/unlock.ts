import { AgeError } from "@bodycam/protocol/age/age-error";
import type { CustodyFinding } from "@bodycam/protocol/custody/finding";
import type { CustodyReport } from "@bodycam/protocol/custody/verifier";
import { sameBytes } from "@bodycam/protocol/trust/signed-document";
import { UsageError } from "../errors.ts";
import type { AgeFile } from "./age-file.ts";
import type { AgePayload } from "./age-payload.ts";
import { EvidenceFileError } from "./evidence-error.ts";
import { hostAgeCrypto } from "./host-age-crypto.ts";

/** An age file that was opened, and by whose key. */
export interface Unlocked {
	/** What is in it. */
	readonly payload: AgePayload;
	/** X25519 public key of the identity that opened it. */
	readonly recipient: Uint8Array;
}

/**
 * Opens an age file with the first of several identities that fits.
 * @throws {UsageError} when none does
 * @throws {EvidenceFileError} when the file was changed
 */
export async function unlock(age: AgeFile, identities: readonly Uint8Array[]): Promise<Unlocked> {
	for (const identity of identities) {
		try {
			return { payload: await age.unlock([identity]), recipient: hostAgeCrypto.publicKey(identity) };
		} catch (error) {
			if (!(error instanceof AgeError)) throw error;
			if (error.problem !== "no-identity")
				throw new EvidenceFileError(`${age.path}: ${error.message}`, { cause: error });
		}
	}
	throw new UsageError(`${age.path} is not encrypted to this key`, {
		hint: "Give the identity of one of those the policy named when it was recorded.",
	});
}

/** What shows only once an age file has been opened: whose key opened it, and how it ends. */
export function compareUnlocked(
	{ header, verdict }: Pick<CustodyReport, "header" | "verdict">,
	{ payload, recipient }: Unlocked,
): readonly CustodyFinding[] {
	const findings: CustodyFinding[] = [];
	const fail = (code: CustodyFinding["code"], message: string) =>
		findings.push({ severity: "failure", code, message });
	if (header !== undefined && !header.recipients.some((key) => sameBytes(key, recipient)))
		fail("recipients", "the key that opens the age file is none of those the record names");
	if (verdict === "complete" && payload.ending === "cut")
		fail("short", "the age file has no final chunk, and its record says that it is whole");
	return findings;
}
