import { array, bytes, type Infer, map, text, uint } from "../schema/schema.ts";
import { NONCE_BYTES } from "./key-request.ts";
import { type Signer, sameBytes, type TrustCrypto } from "./signed-document.ts";
import { openMap, signMap } from "./signed-map.ts";
import { TrustError } from "./trust-error.ts";

/** Media type of the authorisation of a factory reset. */
export const RESET_AUTHORISATION_TYPE = "application/bodycam-factory-reset+cbor";

/** Most bytes of a signed authorisation. */
export const RESET_AUTHORISATION_BYTES_MAX = 2048;

/** Most ranges of recordings in an authorisation. */
const RANGES_MAX = 64;

const number = uint({ min: 1, max: 0xffff_ffff });

/** Schema of `ResetAuthorisation`. */
export const resetAuthorisation = map(
	{
		serial: text(64, { doc: "serial number of the camera" }),
		nonce: bytes(NONCE_BYTES, { min: NONCE_BYTES, doc: "that of the camera" }),
		givesUp: array(map({ first: number, last: number }), RANGES_MAX, {
			doc: "recordings the agency has, or does without: from the first to the last of each range",
		}),
	},
	{
		name: "reset-authorisation",
		doc: "payload of a COSE_Sign1 by the agency's device-signing key: one camera may forget its agency, once",
	},
);

/** A camera may forget its agency, once. */
export type ResetAuthorisation = Infer<typeof resetAuthorisation>;

/** An authorisation signed with the agency's device-signing key: a COSE_Sign1. */
export function signResetAuthorisation(
	content: ResetAuthorisation,
	signer: Signer,
	crypto: Pick<TrustCrypto, "sha256">,
): Uint8Array {
	return signMap(RESET_AUTHORISATION_TYPE, content, signer, crypto);
}

/** What an authorisation is checked against. */
export interface ResetCheck {
	/** The agency's device-signing public key. */
	readonly key: Uint8Array;
	/** Serial number of the camera. */
	readonly serial: string;
	/** The camera's nonce. */
	readonly nonce: Uint8Array;
}

/**
 * Reads an authorisation after checking all of it.
 * @throws {TrustError} malformed, wrong-type, wrong-signer, bad-signature, wrong-device
 */
export function verifyResetAuthorisation(
	signed: Uint8Array,
	check: ResetCheck,
	crypto: TrustCrypto,
): ResetAuthorisation {
	const what = "the authorisation";
	const expected = { what, contentType: RESET_AUTHORISATION_TYPE, publicKey: check.key };
	const content = openMap(resetAuthorisation, signed, expected, crypto);
	if (content.serial !== check.serial)
		throw new TrustError("wrong-device", `${what} is for camera ${content.serial}`);
	if (!sameBytes(content.nonce, check.nonce))
		throw new TrustError("bad-signature", `${what} was made for another occasion`);
	return content;
}

/** The first of the recordings on the card that an authorisation does not give up; undefined when it gives up all. */
export function firstNotGivenUp(
	{ givesUp }: Pick<ResetAuthorisation, "givesUp">,
	kept: readonly number[],
): number | undefined {
	return kept.find((number) => !givesUp.some(({ first, last }) => first <= number && number <= last));
}
