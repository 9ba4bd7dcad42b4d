import { verifyCertificate } from "../trust/certificate.ts";
import { sameBytes, type TrustCrypto } from "../trust/signed-document.ts";
import { TrustError } from "../trust/trust-error.ts";
import type { CustodyEntryOf } from "./entry.ts";
import type { CustodyFindings } from "./finding.ts";

/** Whom a record is expected to be signed by. */
export interface SignerExpectation {
	/** The agency's root public key; without it nothing says whose the camera's key is. */
	readonly anchor?: Uint8Array | undefined;
	/** The camera's public key, where it is known. */
	readonly key?: Uint8Array | undefined;
}

/**
 * Checks whose key signs a record: the certificates in its header, as they were valid when the recording began.
 * @returns the agency that vouches for the camera; undefined when none does
 */
export function checkSigner(
	header: CustodyEntryOf<"header">,
	{ anchor, key }: SignerExpectation,
	crypto: TrustCrypto,
	findings: CustodyFindings,
): string | undefined {
	if (key !== undefined && !sameBytes(key, header.key))
		findings.fail("signer", `camera ${header.device} signs with another key than the one expected`, 0);
	if (anchor === undefined) {
		if (key === undefined)
			findings.note("unanchored", "whose key signs it was not checked: that takes the agency's root key", 0);
		return undefined;
	}
	if (header.certificates === undefined) {
		findings.fail("certificate", "no certificate says that the camera belongs to the agency", 0);
		return undefined;
	}
	const now = header.wallMs;
	if (now === undefined)
		findings.note(
			"clock-unset",
			"the camera's clock was unset: whether its certificates were valid then is not known",
			0,
		);
	try {
		const { deviceSigning, device } = header.certificates;
		const signing = verifyCertificate(
			deviceSigning,
			{ purpose: "device-signing", issuer: anchor, now },
			crypto,
		);
		const { agency } = signing;
		const own = verifyCertificate(device, { purpose: "device", issuer: signing.key, agency, now }, crypto);
		if (own.serial === header.device && sameBytes(own.key, header.key)) return agency;
		findings.fail("certificate", `the certificate is of camera ${own.serial} or another key of it`, 0);
	} catch (error) {
		if (!(error instanceof TrustError)) throw error;
		findings.fail("certificate", error.message, 0);
	}
	return undefined;
}
