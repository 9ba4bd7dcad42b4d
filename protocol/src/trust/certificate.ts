import { PUBLIC_KEY_BYTES } from "../cose/sign1.ts";
import { bytes, type Infer, text, uint, variants } from "../schema/schema.ts";
import type { Signer, TrustCrypto } from "./signed-document.ts";
import { openMap, signMap } from "./signed-map.ts";
import { TrustError } from "./trust-error.ts";

/** Media type of a certificate. */
export const CERTIFICATE_TYPE = "application/bodycam-certificate+cbor";

/** Most bytes of a signed certificate. */
export const CERTIFICATE_BYTES_MAX = 512;

/** Longest name of an agency, bytes of UTF-8. */
export const AGENCY_NAME_MAX = 64;

/** Schema of `Certificate`. */
export const certificate = variants(
	"purpose",
	{
		agency: text(AGENCY_NAME_MAX, { doc: "name of the agency" }),
		key: bytes(PUBLIC_KEY_BYTES, { min: PUBLIC_KEY_BYTES, doc: "the Ed25519 public key that is certified" }),
		notBefore: uint({ doc: "ms since 1970 UTC" }),
		notAfter: uint({ doc: "ms since 1970 UTC" }),
	},
	{
		"device-signing": {},
		"policy-signing": {},
		device: { serial: text(64, { doc: "serial number of the camera whose key it is" }) },
	},
	{
		name: "certificate",
		doc: "payload of a COSE_Sign1: the signer vouches for a key and what it is for; device-signing and policy-signing are signed with the agency's root key, device with its device-signing key",
	},
);

/** The signer vouches for a key and what it is for. */
export type Certificate = Infer<typeof certificate>;

/** What a certified key may be used for. */
export type CertificatePurpose = Certificate["purpose"];

/** A certificate of one purpose. */
export type CertificateFor<P extends CertificatePurpose> = Extract<Certificate, { readonly purpose: P }>;

/** A certificate signed by `issuer`: a COSE_Sign1. */
export function issueCertificate(
	content: Certificate,
	issuer: Signer,
	crypto: Pick<TrustCrypto, "sha256">,
): Uint8Array {
	return signMap(CERTIFICATE_TYPE, content, issuer, crypto);
}

/** What a certificate is checked against. */
export interface CertificateCheck<P extends CertificatePurpose> {
	/** What the certified key must be for. */
	readonly purpose: P;
	/** Public key of the issuer. */
	readonly issuer: Uint8Array;
	/** Time now in ms since 1970 UTC; undefined while the clock is unset: then the validity is not checked. */
	readonly now: number | undefined;
	/** The agency it must be of, where that is known. */
	readonly agency?: string;
}

/**
 * Reads a certificate after checking all of it.
 * @throws {TrustError} malformed, wrong-type, wrong-signer, bad-signature, wrong-purpose, wrong-agency,
 * not-yet-valid, expired
 */
export function verifyCertificate<P extends CertificatePurpose>(
	signed: Uint8Array,
	check: CertificateCheck<P>,
	crypto: TrustCrypto,
): CertificateFor<P> {
	const what = `the ${check.purpose} certificate`;
	const expected = { what, contentType: CERTIFICATE_TYPE, publicKey: check.issuer };
	const content = openMap(certificate, signed, expected, crypto);
	if (!hasPurpose(content, check.purpose))
		throw new TrustError("wrong-purpose", `${what} certifies a key for ${content.purpose}`);
	if (check.agency !== undefined && content.agency !== check.agency)
		throw new TrustError("wrong-agency", `${what} is of ${content.agency}, not of ${check.agency}`);
	if (check.now !== undefined && check.now < content.notBefore)
		throw new TrustError("not-yet-valid", `${what} is not valid yet`);
	if (check.now !== undefined && check.now > content.notAfter)
		throw new TrustError("expired", `${what} has expired`);
	return content;
}

function hasPurpose<P extends CertificatePurpose>(
	content: Certificate,
	purpose: P,
): content is CertificateFor<P> {
	return content.purpose === purpose;
}
