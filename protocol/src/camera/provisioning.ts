import { PUBLIC_KEY_BYTES } from "../cose/sign1.ts";
import { SIGNED_POLICY_BYTES_MAX } from "../policy/document.ts";
import { bytes, choice, type Infer, map, optional, text, uint } from "../schema/schema.ts";
import { command } from "../smp/command.ts";
import { declareErrors, type GroupErrorDeclaration } from "../smp/errors.ts";
import { ReturnCode } from "../smp/return-code.ts";
import { AGENCY_NAME_MAX, CERTIFICATE_BYTES_MAX } from "../trust/certificate.ts";
import { KEY_REQUEST_BYTES_MAX, NONCE_BYTES } from "../trust/key-request.ts";
import { RESET_AUTHORISATION_BYTES_MAX } from "../trust/reset-authorisation.ts";
import type { TrustReason } from "../trust/trust-error.ts";
import { CameraGroup } from "./groups.ts";
import { recordingNumber } from "./terms.ts";

/** Longest name of a camera, bytes of UTF-8. */
export const CAMERA_NAME_MAX = 32;

/** Whether a camera belongs to an agency. */
export const PROVISIONING_STATES = ["factory", "provisioned", "unknown"] as const;

/** One of `PROVISIONING_STATES`. */
export type ProvisioningState = (typeof PROVISIONING_STATES)[number];

const publicKey = (doc: string) => bytes(PUBLIC_KEY_BYTES, { min: PUBLIC_KEY_BYTES, doc });
const signedCertificate = (doc: string) => bytes(CERTIFICATE_BYTES_MAX, { min: 1, doc });
const nonce = (doc: string) => bytes(NONCE_BYTES, { min: NONCE_BYTES, doc });
const digest = (doc: string) => bytes(32, { min: 32, doc });

/** Schema of `AgencyMembership`. */
const membership = map(
	{
		agency: text(AGENCY_NAME_MAX),
		name: optional(text(CAMERA_NAME_MAX, { doc: "name the agency gave the camera" })),
		key: publicKey("the camera's own Ed25519 public key"),
		anchor: publicKey("the agency's root public key"),
		deviceSigning: signedCertificate("certificate of the key that certifies cameras, by the root key"),
		policySigning: signedCertificate("certificate of the key that signs policies, by the root key"),
		device: signedCertificate("certificate of the camera's key, by the device-signing key"),
	},
	{ name: "agency-membership", doc: "what ties a camera to its agency; certificates are COSE_Sign1" },
);

/** What ties a camera to its agency. */
export type AgencyMembership = Infer<typeof membership>;

/** Reads whether the camera belongs to an agency. */
export const provisioningRead = command({
	name: "provisioning-read",
	group: CameraGroup.provisioning,
	id: 0,
	access: "read",
	role: "anyone",
	doc: "Tells whether the camera belongs to an agency, and which.",
	request: map({}),
	response: map({
		state: choice(PROVISIONING_STATES, {
			doc: "factory: it belongs to no agency; unknown: its identity could not be read",
		}),
		serial: text(64, { doc: "serial number" }),
		membership: optional(membership),
	}),
});

/** Begins provisioning. */
export const provisioningBegin = command({
	name: "provisioning-begin",
	group: CameraGroup.provisioning,
	id: 1,
	access: "write",
	role: "administrator",
	doc: "Makes a new key in the camera, one for each nonce. It is kept once provisioning is complete; until then a begin with another nonce or a restart forgets it.",
	request: map({ nonce: nonce("of the asker") }),
	response: map({
		serial: text(64, { doc: "serial number" }),
		key: publicKey("the new Ed25519 public key"),
		request: bytes(KEY_REQUEST_BYTES_MAX, { min: 1, doc: "COSE_Sign1 of a key-request by the new key" }),
	}),
});

/** Bytes of a chunk of the policy besides its data: SMP header, map, keys, digest, integers and the data's own header. */
export const PROVISIONING_CHUNK_OVERHEAD = 96;

/** Hands over the first policy. */
export const provisioningPolicy = command({
	name: "provisioning-policy",
	group: CameraGroup.provisioning,
	id: 2,
	access: "write",
	role: "administrator",
	doc: "Hands over the first policy, in one chunk or several. The camera keeps it in memory until provisioning is complete.",
	request: map({
		sha256: digest("SHA-256 of the whole document; another one begins anew"),
		total: uint({ min: 1, max: SIGNED_POLICY_BYTES_MAX, doc: "length of the whole document" }),
		off: uint({ max: SIGNED_POLICY_BYTES_MAX, doc: "offset of this chunk" }),
		data: bytes(SIGNED_POLICY_BYTES_MAX, { min: 1 }),
	}),
	response: map({ next: uint({ doc: "offset of the chunk wanted next; the total when it is complete" }) }),
});

/** Completes provisioning. */
export const provisioningComplete = command({
	name: "provisioning-complete",
	group: CameraGroup.provisioning,
	id: 3,
	access: "write",
	role: "administrator",
	doc: "Ties the camera to an agency: everything is checked before anything is stored, and after a power cut it is stored whole or not at all. The same request again changes nothing.",
	request: map({
		anchor: publicKey("the agency's root public key"),
		deviceSigning: signedCertificate("certificate of the key that certifies cameras, by the root key"),
		policySigning: signedCertificate("certificate of the key that signs policies, by the root key"),
		device: signedCertificate("certificate of the camera's new key, by the device-signing key"),
		policy: digest("SHA-256 of the policy that was handed over"),
		clock: optional(uint({ doc: "time now, ms since 1970 UTC; without it the clock stays as it is" })),
		name: optional(text(CAMERA_NAME_MAX, { doc: "name for the camera" })),
	}),
	response: map({ agency: text(AGENCY_NAME_MAX) }),
});

/** Prepares a factory reset. */
export const factoryResetBegin = command({
	name: "factory-reset-begin",
	group: CameraGroup.provisioning,
	id: 4,
	access: "write",
	role: "technician",
	doc: "Asks for what the authorisation of a factory reset has to name.",
	request: map({}),
	response: map({
		serial: text(64, { doc: "serial number" }),
		nonce: nonce("of the camera; good for one reset, until another begin or a restart"),
		recordings: uint({ doc: "recordings on the card: the authorisation gives up each of them" }),
		last: optional(recordingNumber),
	}),
});

/** Resets to factory state. */
export const factoryReset = command({
	name: "factory-reset",
	group: CameraGroup.provisioning,
	id: 5,
	access: "write",
	role: "technician",
	doc: "Makes the camera forget its agency, key, policy, wearer and settings, and restart. Recordings stay on the card.",
	request: map({
		authorisation: bytes(RESET_AUTHORISATION_BYTES_MAX, {
			min: 1,
			doc: "COSE_Sign1 of a reset-authorisation by the agency's device-signing key",
		}),
	}),
	response: map({}),
});

const { accessDenied, badState, busy, invalid, noEntry, unknown } = ReturnCode;

/** Errors of the provisioning group; the text of the answer says more where there is more to say. */
export const ProvisioningError = declareErrors(CameraGroup.provisioning, {
	provisioned: [2, badState, "the camera belongs to an agency already"],
	notProvisioned: [3, badState, "the camera belongs to no agency"],
	storageFailed: [4, unknown, "the camera cannot read or keep its identity; nothing has changed"],
	notBegun: [5, badState, "nothing was begun, or the camera has restarted since"],
	policyMissing: [6, noEntry, "the policy has not been handed over"],
	policyRefused: [7, invalid, "the policy is no good"],
	recording: [8, busy, "the camera is recording"],
	recordingsKept: [9, badState, "there are recordings that the authorisation does not give up"],
	malformed: [10, invalid, "a certificate or authorisation is damaged"],
	wrongType: [11, invalid, "a signed document is not of the expected type"],
	wrongSigner: [12, accessDenied, "a certificate or authorisation is signed with another key"],
	badSignature: [13, accessDenied, "the signature of a certificate or authorisation is not valid"],
	wrongPurpose: [14, accessDenied, "a certificate is for another purpose"],
	wrongAgency: [15, accessDenied, "the certificates are not all of one agency"],
	wrongDevice: [16, invalid, "a certificate or authorisation is for another camera"],
	notYetValid: [17, badState, "a certificate is not valid yet"],
	expired: [18, badState, "a certificate has expired"],
});

/** The error that stands for each reason of distrust. */
export const TRUST_ERRORS: Readonly<Record<TrustReason, GroupErrorDeclaration>> = {
	malformed: ProvisioningError.malformed,
	"wrong-type": ProvisioningError.wrongType,
	"wrong-signer": ProvisioningError.wrongSigner,
	"bad-signature": ProvisioningError.badSignature,
	"wrong-purpose": ProvisioningError.wrongPurpose,
	"wrong-agency": ProvisioningError.wrongAgency,
	"wrong-device": ProvisioningError.wrongDevice,
	"not-yet-valid": ProvisioningError.notYetValid,
	expired: ProvisioningError.expired,
};

/** The commands of the provisioning group. */
export const PROVISIONING_COMMANDS = [
	provisioningRead,
	provisioningBegin,
	provisioningPolicy,
	provisioningComplete,
	factoryResetBegin,
	factoryReset,
] as const;
