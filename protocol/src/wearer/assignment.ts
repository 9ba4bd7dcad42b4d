import { decodeCbor, encodeCbor } from "../cbor/codec.ts";
import { CborError } from "../cbor/structure.ts";
import { type Infer, integer, map, optional, text, uint } from "../schema/schema.ts";
import { parse, SchemaError } from "../schema/validate.ts";
import { AGENCY_NAME_MAX } from "../trust/certificate.ts";
import { openDocument, type Signer, signDocument, type TrustCrypto } from "../trust/signed-document.ts";
import { TrustError } from "../trust/trust-error.ts";
import type { ValidityObstacle } from "./terms.ts";

/** Media type of an assignment. */
export const ASSIGNMENT_TYPE = "application/bodycam-assignment+cbor";

/** The form of the document that these sources know; a document with another one is refused. */
export const ASSIGNMENT_FORMAT = 1;

/** Most bytes of a signed assignment. */
export const ASSIGNMENT_BYTES_MAX = 1024;

/** Longest pseudonym, bytes of UTF-8. */
export const PSEUDONYM_MAX = 32;

/** Highest number of an assignment. */
export const ASSIGNMENT_NUMBER_MAX = 0xffff_ffff;

/** Last moment an assignment may name: 9999-12-31, ms since 1970 UTC. */
const TIME_MAX_MS = 253_402_300_799_999;

const moment = (doc: string) => uint({ max: TIME_MAX_MS, doc: `${doc}, ms since 1970 UTC` });

/** Schema of `Assignment`. */
export const assignment = map(
	{
		format: integer(ASSIGNMENT_FORMAT, ASSIGNMENT_FORMAT, { doc: "form of this document" }),
		number: uint({
			min: 1,
			max: ASSIGNMENT_NUMBER_MAX,
			doc: "counts up: a camera takes no number twice and none below one it has taken",
		}),
		agency: text(AGENCY_NAME_MAX, { doc: "name of the agency, as in its certificates" }),
		camera: optional(text(64, { doc: "serial number of the camera; absent: any of the agency's" })),
		wearer: text(PSEUDONYM_MAX, { doc: "pseudonym of the wearer" }),
		consent: map({
			givenAt: moment("when the wearer consented to wear the camera"),
			validUntil: moment("the consent ends by itself then"),
		}),
		training: map({
			date: moment("when the wearer was trained"),
			validUntil: moment("the training has to be repeated by then"),
		}),
		notBefore: moment("assigned from"),
		notAfter: moment("assigned until"),
	},
	{
		name: "assignment",
		doc: "payload of a COSE_Sign1 signed with the agency's policy-signing key: who wears the camera",
	},
);

/** Who wears a camera: a pseudonym, the voluntary consent to wear it, the training. Times in ms since 1970 UTC. */
export type Assignment = Infer<typeof assignment>;

/**
 * An assignment signed by `issuer`: a COSE_Sign1.
 * @throws {TrustError} malformed, when a member is out of bounds or its dates contradict each other
 */
export function issueAssignment(
	content: Omit<Assignment, "format">,
	issuer: Signer,
	crypto: Pick<TrustCrypto, "sha256">,
): Uint8Array {
	const payload = encodeCbor({ format: ASSIGNMENT_FORMAT, ...content });
	readContent(payload);
	return signDocument(ASSIGNMENT_TYPE, payload, issuer, crypto);
}

/** What an assignment is checked against. */
export interface AssignmentCheck {
	/** The agency's policy-signing key. */
	readonly publicKey: Uint8Array;
	/** The agency it must be of. */
	readonly agency: string;
	/** Serial number of the camera it must be for. */
	readonly camera: string;
}

/**
 * Reads an assignment after checking all of it except its dates against a clock (`validityObstacle`) and its number
 * against earlier ones.
 * @throws {TrustError} malformed, wrong-type, wrong-signer, bad-signature, wrong-agency, wrong-device
 */
export function verifyAssignment(
	signed: Uint8Array,
	check: AssignmentCheck,
	crypto: TrustCrypto,
): Assignment {
	if (signed.length > ASSIGNMENT_BYTES_MAX)
		throw new TrustError("malformed", `the assignment has more than ${ASSIGNMENT_BYTES_MAX} bytes`);
	const { agency, camera, publicKey } = check;
	const expected = { what: "the assignment", contentType: ASSIGNMENT_TYPE, publicKey };
	const content = readContent(openDocument(signed, expected, crypto));
	if (content.agency !== agency)
		throw new TrustError("wrong-agency", `the assignment is of ${content.agency}, not of ${agency}`);
	if (content.camera !== undefined && content.camera !== camera)
		throw new TrustError("wrong-device", `the assignment is for camera ${content.camera}, not for ${camera}`);
	return content;
}

/**
 * Why the dates of an assignment do not cover a moment; undefined when they do. The last moment named is covered.
 * @param now - ms since 1970 UTC
 */
export function validityObstacle(content: Assignment, now: number): ValidityObstacle | undefined {
	if (now < beginning(content)) return "not-yet-valid";
	if (now > content.notAfter) return "assignment-expired";
	if (now > content.consent.validUntil) return "consent-expired";
	if (now > content.training.validUntil) return "training-expired";
	return undefined;
}

/**
 * When the answer of `validityObstacle` may change next, ms since 1970 UTC; undefined when it is final.
 * @param now - ms since 1970 UTC
 */
export function validityChange(content: Assignment, now: number): number | undefined {
	const begin = beginning(content);
	if (now < begin) return begin;
	const end = Math.min(content.notAfter, content.consent.validUntil, content.training.validUntil);
	return now > end ? undefined : end + 1;
}

/** Nobody is assigned before consent was given and training was had. */
function beginning({ consent, notBefore, training }: Assignment): number {
	return Math.max(notBefore, consent.givenAt, training.date);
}

function readContent(payload: Uint8Array): Assignment {
	let content: Assignment;
	try {
		content = parse(assignment, decodeCbor(payload));
	} catch (error) {
		if (error instanceof CborError || error instanceof SchemaError)
			throw new TrustError("malformed", `the assignment cannot be read: ${error.message}`);
		throw error;
	}
	const contradiction = contradictionIn(content);
	if (contradiction !== undefined)
		throw new TrustError("malformed", `the assignment contradicts itself: ${contradiction}`);
	return content;
}

function contradictionIn({ consent, notAfter, notBefore, training, wearer }: Assignment): string | undefined {
	if (wearer === "") return "wearer is empty";
	if (notAfter < notBefore) return "notAfter lies before notBefore";
	if (consent.validUntil < consent.givenAt) return "consent.validUntil lies before consent.givenAt";
	if (training.validUntil < training.date) return "training.validUntil lies before training.date";
	if (notAfter < consent.givenAt) return "notAfter lies before consent.givenAt";
	if (notAfter < training.date) return "notAfter lies before training.date";
	return undefined;
}
