import { decodeCbor } from "../cbor/codec.ts";
import { decodeSign1 } from "../cose/sign1.ts";
import { parse } from "../schema/validate.ts";
import { CERTIFICATE_TYPE, certificate, verifyCertificate } from "../trust/certificate.ts";
import { keyIdentifier, openDocument, sameBytes, type TrustCrypto } from "../trust/signed-document.ts";
import { CHECKPOINT_TYPE, type LogCheckpoint } from "./checkpoint.ts";

/** What a `log-signer` event says. */
export interface SignerCertificates {
	/** Certificate of the key that certifies cameras. */
	readonly deviceSigning: Uint8Array;
	/** Certificate of the camera's key. */
	readonly device: Uint8Array;
}

/** A camera whose checkpoints are in a log. */
export interface LogSigner {
	/** Its serial number. */
	readonly serial: string;
	/** The agency that vouches for it. */
	readonly agency: string;
	/** Its public key. */
	readonly key: Uint8Array;
	/** Whether the certificates go back to the root key that was given. */
	readonly anchored: boolean;
}

/**
 * The cameras whose certificates are in a log. Their validity in time is not checked: what was signed while they were
 * valid stays signed.
 */
export class Signers {
	readonly #crypto: TrustCrypto;
	readonly #anchor: Uint8Array | undefined;
	readonly #signers: LogSigner[] = [];

	/** @param crypto - SHA-256 and Ed25519 @param anchor - the agency's root public key, where that is known */
	constructor(crypto: TrustCrypto, anchor: Uint8Array | undefined) {
		this.#crypto = crypto;
		this.#anchor = anchor;
	}

	/** Those found so far. */
	get all(): readonly LogSigner[] {
		return [...this.#signers];
	}

	/** Takes the certificates of a camera. @throws {TrustError} or others when they do not hold */
	add({ deviceSigning, device }: SignerCertificates): void {
		const issuer = this.#anchor;
		const signing =
			issuer === undefined
				? readUnverified(deviceSigning)
				: verifyCertificate(
						deviceSigning,
						{ purpose: "device-signing", issuer, now: undefined },
						this.#crypto,
					);
		const { agency } = signing;
		const check = { purpose: "device", issuer: signing.key, agency, now: undefined } as const;
		const { key, serial } = verifyCertificate(device, check, this.#crypto);
		if (this.#signers.some((known) => sameBytes(known.key, key))) return;
		this.#signers.push({ serial, agency, key, anchored: issuer !== undefined });
	}

	/** Checks the signature of a checkpoint. @throws Error saying what is wrong with it */
	check(signed: Uint8Array, { device }: LogCheckpoint): void {
		const { kid } = decodeSign1(signed);
		const signer = this.#signers.find(({ key }) => sameBytes(keyIdentifier(key, this.#crypto), kid));
		if (signer === undefined) throw new Error("the log has no certificate of the key that signed it");
		if (signer.serial !== device)
			throw new Error(`it speaks for the camera ${device} and is signed by ${signer.serial}`);
		const { key: publicKey } = signer;
		openDocument(signed, { what: "it", contentType: CHECKPOINT_TYPE, publicKey }, this.#crypto);
	}
}

function readUnverified(signed: Uint8Array): { readonly key: Uint8Array; readonly agency: string } {
	const { contentType, payload } = decodeSign1(signed);
	if (contentType !== CERTIFICATE_TYPE) throw new TypeError(`a certificate is of the type ${contentType}`);
	return parse(certificate, decodeCbor(payload));
}
