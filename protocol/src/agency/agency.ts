import { type Certificate, issueCertificate } from "../trust/certificate.ts";
import type { Signer, TrustCrypto } from "../trust/signed-document.ts";

/** Time span of a certificate, ms since 1970 UTC; both ends are within it. */
export interface Validity {
	/** From. */
	readonly notBefore: number;
	/** Until. */
	readonly notAfter: number;
}

/** What an agency shows of itself: no secrets. */
export interface AgencyPublic {
	/** Its name. */
	readonly name: string;
	/** Its root public key. */
	readonly anchor: Uint8Array;
	/** Certificate of its device-signing key, by the root key. */
	readonly deviceSigning: Uint8Array;
	/** Certificate of its policy-signing key, by the root key. */
	readonly policySigning: Uint8Array;
}

/** The key pairs of an agency. */
export interface AgencySigners {
	/** Certifies the other two; needed only when the agency is made. */
	readonly root: Signer;
	/** Certifies cameras and authorises their factory resets. */
	readonly deviceSigning: Signer;
	/** Signs policies and assignments. */
	readonly policySigning: Signer;
}

/** Makes an agency: certifies its signing keys with its root key. */
export function foundAgency(
	name: string,
	signers: AgencySigners,
	validity: Validity,
	crypto: Pick<TrustCrypto, "sha256">,
): AgencyPublic {
	const { root, deviceSigning, policySigning } = signers;
	const certify = (purpose: "device-signing" | "policy-signing", { publicKey: key }: Signer) =>
		issueCertificate({ purpose, agency: name, key, ...validity }, root, crypto);
	return {
		name,
		anchor: root.publicKey,
		deviceSigning: certify("device-signing", deviceSigning),
		policySigning: certify("policy-signing", policySigning),
	};
}

/** The certificate of a camera's key, by the agency's device-signing key. */
export function certifyDevice(
	agency: string,
	device: { readonly serial: string; readonly key: Uint8Array },
	validity: Validity,
	deviceSigning: Signer,
	crypto: Pick<TrustCrypto, "sha256">,
): Uint8Array {
	const { serial, key } = device;
	const content: Certificate = { purpose: "device", agency, serial, key, ...validity };
	return issueCertificate(content, deviceSigning, crypto);
}
