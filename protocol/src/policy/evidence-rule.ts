import { AgeError } from "../age/age-error.ts";
import { parseRecipient } from "../age/keys.ts";
import { array, type Infer, map, text } from "../schema/schema.ts";
import type { PolicyProblem } from "./problem.ts";
import { isSmallOrderEd25519, isSmallOrderX25519 } from "./small-order.ts";

/** Most recipients of recordings that a policy names: as many as the header of an age file takes. */
export const POLICY_RECIPIENTS_MAX = 16;

/** Recipients that a policy under a state's law names at least: one for the daily work, one in escrow. */
export const RECIPIENTS_UNDER_LAW = 2;

/** Most archives a policy names. */
export const POLICY_ARCHIVES_MAX = 8;

/** Characters of an Ed25519 public key in hexadecimal digits. */
const KEY_HEX = 64;

/** Schema of `EvidenceRule`. */
export const evidenceRule = map(
	{
		recipients: array(text(62, { doc: "an age recipient: age1 and 58 characters" }), POLICY_RECIPIENTS_MAX, {
			doc: "whom every recording is encrypted to, at least one",
		}),
		archives: array(
			text(KEY_HEX, { doc: "an Ed25519 public key in 64 hexadecimal digits" }),
			POLICY_ARCHIVES_MAX,
			{
				doc: "whose receipts let a camera erase a recording; without one nothing is ever erased",
			},
		),
	},
	{ name: "policy-evidence" },
);

/** Whom recordings are encrypted to, and who may say that they are kept elsewhere. */
export type EvidenceRule = Infer<typeof evidenceRule>;

/**
 * The X25519 public keys, 32 bytes each, of those whom recordings are encrypted to, in the order of the policy.
 * @throws {AgeError} bad-key-text; never for a policy that was checked
 */
export function recipientKeys({ recipients }: EvidenceRule): Uint8Array[] {
	return recipients.map(parseRecipient);
}

/** The Ed25519 public keys of the archives, in the order of the policy; those that are none are left out. */
export function archiveKeys({ archives }: EvidenceRule): Uint8Array[] {
	return archives.flatMap((digits) => parseArchive(digits) ?? []);
}

/** The Ed25519 public key written in 64 hexadecimal digits of lower case; undefined when it is not. */
export function parseArchive(digits: string): Uint8Array | undefined {
	if (!/^[0-9a-f]{64}$/.test(digits)) return undefined;
	const key = new Uint8Array(KEY_HEX / 2);
	for (let at = 0; at < key.length; at++) key[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
	return key;
}

/** What a policy calls an archive's key: its 64 hexadecimal digits. */
export function formatArchive(key: Uint8Array): string {
	let digits = "";
	for (let at = 0; at < key.length; at++) digits += (key[at] ?? 0).toString(16).padStart(2, "0");
	return digits;
}

/**
 * What is wrong with an evidence rule.
 * @param underLaw - whether the policy is for a state's law, which asks for a second recipient
 */
export function findEvidenceProblems(rule: EvidenceRule, underLaw: boolean): PolicyProblem[] {
	const { recipients, archives } = rule;
	const problems: PolicyProblem[] = [];
	const least = underLaw ? RECIPIENTS_UNDER_LAW : 1;
	if (recipients.length < least)
		problems.push({ field: "evidence.recipients", says: tooFew(recipients.length, least) });
	recipients.forEach((recipient, index) => {
		const says = wrongRecipient(recipient) ?? repeated(recipients, index);
		if (says !== undefined) problems.push({ field: `evidence.recipients[${index}]`, says });
	});
	archives.forEach((archive, index) => {
		const says = wrongArchive(archive) ?? repeated(archives, index);
		if (says !== undefined) problems.push({ field: `evidence.archives[${index}]`, says });
	});
	return problems;
}

function tooFew(named: number, least: number): string {
	if (least === 1) return "is empty: nobody could ever watch a recording";
	return `names ${named}, although a jurisdiction is named: at least ${least} are needed, one for the daily work and one in escrow`;
}

function wrongRecipient(recipient: string): string | undefined {
	try {
		return isSmallOrderX25519(parseRecipient(recipient)) ? "is a key that protects nothing" : undefined;
	} catch (error) {
		if (!(error instanceof AgeError)) throw error;
		return "is no age recipient: it has to be the whole text that begins with age1";
	}
}

function wrongArchive(archive: string): string | undefined {
	const key = parseArchive(archive);
	if (key === undefined) return "is no public key: it has to be 64 hexadecimal digits in lower case";
	return isSmallOrderEd25519(key) ? "is a key for which anybody can sign" : undefined;
}

/** Each key has one way to be written, so that the same text is the same key. */
function repeated(keys: readonly string[], index: number): string | undefined {
	return keys.indexOf(keys[index] ?? "") < index ? "is there once more" : undefined;
}
