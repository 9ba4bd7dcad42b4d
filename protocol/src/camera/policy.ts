import { SIGNED_POLICY_BYTES_MAX } from "../policy/document.ts";
import type { PolicyRefusalReason } from "../policy/signed.ts";
import { bytes, choice, type Infer, map, optional, text, uint } from "../schema/schema.ts";
import { command } from "../smp/command.ts";
import { declareErrors, type GroupErrorDeclaration } from "../smp/errors.ts";
import { ReturnCode } from "../smp/return-code.ts";
import { CameraGroup } from "./groups.ts";

/** Whether a policy is in force, and why none is. */
export const POLICY_STATES = ["loading", "in-force", "none", "damaged", "not-yet-valid", "expired"] as const;

/** One of `POLICY_STATES`. */
export type PolicyState = (typeof POLICY_STATES)[number];

/** What is told about an installed policy. */
const installedPolicy = {
	name: text(32),
	version: uint({ min: 1, max: 0xffff_ffff }),
	agency: text(64),
	notBefore: uint({ doc: "valid from, ms since 1970 UTC" }),
	expires: uint({ doc: "valid until, ms since 1970 UTC" }),
	sha256: bytes(32, { min: 32, doc: "SHA-256 (FIPS 180-4) of the signed document" }),
	bytes: uint({ max: SIGNED_POLICY_BYTES_MAX, doc: "length of the signed document" }),
};

/** Schema of `PolicyStatus`. */
export const policyStatus = map(
	{
		state: choice(POLICY_STATES, {
			name: "policy-state",
			doc: "unless a policy is in force the camera records nothing",
		}),
		installed: optional(
			map(installedPolicy, { name: "installed-policy", doc: "the policy the camera keeps" }),
		),
		waiting: optional(uint({ min: 1, doc: "version that takes effect after the recording" })),
	},
	{ name: "policy-status", doc: "the policy of a camera" },
);

/** The policy of a camera. */
export type PolicyStatus = Infer<typeof policyStatus>;

/** What is told about an installed policy. */
export type InstalledPolicy = NonNullable<PolicyStatus["installed"]>;

/** Bytes of a chunk besides its data: SMP header, map, keys, digest, integers and the data's own header. */
export const POLICY_CHUNK_OVERHEAD = 96;

/** Reads the policy a camera keeps. */
export const policyRead = command({
	name: "policy-read",
	group: CameraGroup.policy,
	id: 0,
	access: "read",
	role: "wearer",
	doc: "Tells which policy is in force, and reads its signed document a piece at a time.",
	request: map({ off: optional(uint({ doc: "offset of the first byte wanted; absent: no bytes" })) }),
	response: map({
		status: policyStatus,
		data: optional(bytes(SIGNED_POLICY_BYTES_MAX, { doc: "bytes from the offset on; empty at the end" })),
	}),
});

/** Installs a policy. */
export const policyInstall = command({
	name: "policy-install",
	group: CameraGroup.policy,
	id: 1,
	access: "write",
	role: "administrator",
	doc: "Gives the camera a signed policy, in one chunk or several. The last one installs it; the same chunk again changes nothing.",
	request: map({
		sha256: bytes(32, { min: 32, doc: "SHA-256 of the whole document; another one begins anew" }),
		total: uint({ min: 1, max: 0xffff, doc: "length of the whole document" }),
		off: uint({ max: 0xffff, doc: "offset of this chunk" }),
		data: bytes(SIGNED_POLICY_BYTES_MAX, { min: 1 }),
	}),
	response: map({
		next: uint({ doc: "offset of the chunk wanted next; the length of the document when it is installed" }),
		status: optional(policyStatus),
	}),
});

const { invalid, badState, accessDenied, messageSize, unknown } = ReturnCode;

/** Errors of the policy group; the text of the answer names the field. */
export const PolicyGroupError = declareErrors(CameraGroup.policy, {
	notProvisioned: [2, badState, "the camera belongs to no agency yet, so it trusts no policy"],
	unsigned: [3, invalid, "the policy is not signed"],
	malformed: [4, invalid, "it is not a policy, or it is damaged"],
	wrongType: [5, invalid, "the document is signed, but it is no policy"],
	wrongSigner: [
		6,
		accessDenied,
		"the policy is not signed with the policy-signing key of the camera's agency",
	],
	badSignature: [7, accessDenied, "the signature of the policy is not valid"],
	wrongAgency: [8, accessDenied, "the policy is of another agency"],
	invalid: [9, invalid, "a field of the policy is missing, out of range or contradicts another"],
	noPrompt: [10, invalid, "the policy names a language in which the camera cannot speak"],
	older: [11, invalid, "the camera has a policy with this or a higher version already"],
	notYetValid: [12, badState, "the policy is not valid yet"],
	expired: [13, badState, "the policy has expired"],
	tooLarge: [14, messageSize, "the policy is larger than the camera keeps"],
	notKept: [15, unknown, "the camera could not store the policy; it keeps the one it has"],
});

/** The error that stands for each reason. */
export const POLICY_REFUSAL_ERRORS: Readonly<Record<PolicyRefusalReason, GroupErrorDeclaration>> = {
	"not-provisioned": PolicyGroupError.notProvisioned,
	unsigned: PolicyGroupError.unsigned,
	malformed: PolicyGroupError.malformed,
	"wrong-type": PolicyGroupError.wrongType,
	"wrong-signer": PolicyGroupError.wrongSigner,
	"bad-signature": PolicyGroupError.badSignature,
	"wrong-purpose": PolicyGroupError.wrongSigner,
	"wrong-device": PolicyGroupError.wrongSigner,
	"wrong-agency": PolicyGroupError.wrongAgency,
	invalid: PolicyGroupError.invalid,
	"no-prompt": PolicyGroupError.noPrompt,
	older: PolicyGroupError.older,
	"not-yet-valid": PolicyGroupError.notYetValid,
	expired: PolicyGroupError.expired,
	"too-large": PolicyGroupError.tooLarge,
	"not-kept": PolicyGroupError.notKept,
};

/** The commands of the policy group. */
export const POLICY_COMMANDS = [policyRead, policyInstall] as const;
