import { type Certificate, verifyCertificate } from "./certificate.ts";
import { sameBytes, type TrustCrypto } from "./signed-document.ts";
import { TrustError } from "./trust-error.ts";

/** The certificates that tie a camera to its agency, each a COSE_Sign1. */
export interface AgencyCertificates {
	/** The agency's root public key. */
	readonly anchor: Uint8Array;
	/** Of the key that certifies cameras, by the root key. */
	readonly deviceSigning: Uint8Array;
	/** Of the key that signs policies and assignments, by the root key. */
	readonly policySigning: Uint8Array;
	/** Of the camera's own key, by the device-signing key. */
	readonly device: Uint8Array;
}

/** What the certificates are checked against. */
export interface ChainCheck {
	/** Serial number of the camera. */
	readonly serial: string;
	/** The camera's public key. */
	readonly key: Uint8Array;
	/** Time now in ms since 1970 UTC; undefined while the clock is unset: then the validity is not checked. */
	readonly now: number | undefined;
}

/** What the certificates say, once they have been checked. */
export interface AgencyTrust {
	/** Name of the agency. */
	readonly agency: string;
	/** Public key that certifies cameras and authorises resets. */
	readonly deviceSigningKey: Uint8Array;
	/** Public key that signs policies and assignments. */
	readonly policySigningKey: Uint8Array;
}

/**
 * Checks the whole chain from the anchor to the camera's key.
 * @throws {TrustError} as `verifyCertificate`, and wrong-device when the camera's certificate is of another camera or key
 */
export function verifyAgencyChain(
	certificates: AgencyCertificates,
	check: ChainCheck,
	crypto: TrustCrypto,
): AgencyTrust {
	const { anchor, deviceSigning, policySigning, device } = certificates;
	const { now, serial, key } = check;
	const signing = verifyCertificate(
		deviceSigning,
		{ purpose: "device-signing", issuer: anchor, now },
		crypto,
	);
	const { agency } = signing;
	const policy = verifyCertificate(
		policySigning,
		{ purpose: "policy-signing", issuer: anchor, agency, now },
		crypto,
	);
	const own = verifyCertificate(device, { purpose: "device", issuer: signing.key, agency, now }, crypto);
	if (own.serial !== serial || !sameBytes(own.key, key))
		throw new TrustError(
			"wrong-device",
			`the device certificate is of camera ${own.serial} or another key of it`,
		);
	requireDifferentKeys([signing, policy, own], anchor);
	return { agency, deviceSigningKey: signing.key, policySigningKey: policy.key };
}

/** One key for two purposes would make the weaker guarded one as good as the stronger. */
function requireDifferentKeys(certificates: readonly Certificate[], anchor: Uint8Array): void {
	const keys = [anchor, ...certificates.map(({ key }) => key)];
	keys.forEach((key, index) => {
		if (keys.slice(0, index).some((other) => sameBytes(other, key)))
			throw new TrustError("wrong-purpose", "one key is certified for two purposes");
	});
}
