import { keyIdentifier } from "@bodycam/protocol/trust/signed-document";
import { hostCrypto } from "../agency/host-crypto.ts";

/** What people compare of a public key: its identifier in documents, in groups of four digits. */
export function formatFingerprint(publicKey: Uint8Array): string {
	const hex = Buffer.from(keyIdentifier(publicKey, hostCrypto)).toString("hex");
	return hex.match(/.{4}/g)?.join(" ") ?? hex;
}
