import { createPrivateKey, type KeyObject, sign, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type AskPassphrase, isEncrypted } from "../agency/key-file.ts";
import { readSecretFile, SecretFileError } from "../agency/secret-file.ts";
import { UsageError } from "../errors.ts";

/** Signature algorithms that C2PA allows (C2PA 2.1, 13.2), as its libraries name them. */
export type CredentialAlgorithm = "es256" | "es384" | "es512" | "ps256" | "ed25519";

/** Signs Content Credentials in the name of an office. */
export interface CredentialSigner {
	/** How. */
	readonly algorithm: CredentialAlgorithm;
	/** The certificate of the key, then those up to the root, PEM each. */
	readonly chain: readonly string[];
	/** A signature; the key stays where it is. */
	sign(data: Uint8Array): Buffer;
}

/** Where the office's certificates and key are. */
export interface CredentialFiles {
	/** Certificates in PEM: that of the key first. */
	readonly chain: string;
	/** The private key in PEM, PKCS #8, for its owner alone; it may be encrypted. */
	readonly key: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Curves of ECDSA keys and what is signed with them. */
const CURVES: Readonly<Record<string, readonly [CredentialAlgorithm, string]>> = {
	prime256v1: ["es256", "sha256"],
	secp384r1: ["es384", "sha384"],
	secp521r1: ["es512", "sha512"],
};

/**
 * Opens the key that signs Content Credentials.
 * @param ask - asked for the passphrase of an encrypted key
 * @param now - ms since 1970
 * @throws {UsageError} when a file is not there, or the certificate is not that of the key or not valid now
 * @throws {SecretFileError} when the key can be read by others, or cannot be used
 */
export async function openCredentialSigner(
	files: CredentialFiles,
	ask: AskPassphrase,
	now: number,
): Promise<CredentialSigner> {
	const chain = await readChain(files.chain);
	const key = await readKey(files.key, ask);
	const [algorithm, signData] = methodOf(key, files.key);
	const own = new X509Certificate(chain[0] as string);
	if (!own.checkPrivateKey(key))
		throw new UsageError(`the first certificate in ${files.chain} is not that of the key in ${files.key}`, {
			hint: "Put the certificate of the key first, then those up to the root.",
		});
	if (now < Date.parse(own.validFrom) || now > Date.parse(own.validTo))
		throw new UsageError(
			`the certificate in ${files.chain} is valid from ${own.validFrom} to ${own.validTo}, not now`,
			{ hint: "Let the certification authority renew it." },
		);
	return { algorithm, chain, sign: signData };
}

async function readChain(path: string): Promise<readonly string[]> {
	let text: string;
	try {
		text = await readFile(path, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
		throw new UsageError(`there is no file ${path}`, { cause: error });
	}
	const chain = text.match(CERTIFICATE) ?? [];
	try {
		for (const certificate of chain) new X509Certificate(certificate);
		if (chain.length > 0) return chain;
	} catch {
		// It is said below.
	}
	throw new UsageError(`${path} holds no certificates in PEM`, {
		hint: "It begins with -----BEGIN CERTIFICATE-----.",
	});
}

async function readKey(path: string, ask: AskPassphrase): Promise<KeyObject> {
	const pem = readSecretFile(path);
	const passphrase = isEncrypted(pem) ? await ask(path) : undefined;
	try {
		return createPrivateKey({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) });
	} catch (error) {
		// What OpenSSL says about it helps nobody and could quote the file.
		throw passphrase === undefined
			? new SecretFileError(`${path} holds no private key, or it is damaged`)
			: new SecretFileError(`the passphrase of ${path} is wrong, or the file is damaged`, { cause: error });
	}
}

function methodOf(key: KeyObject, path: string): readonly [CredentialAlgorithm, CredentialSigner["sign"]] {
	const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
	if (type === "ed25519") return ["ed25519", (data) => sign(null, data, key)];
	const curve = type === "ec" ? CURVES[details?.namedCurve ?? ""] : undefined;
	if (curve !== undefined) {
		const [algorithm, hash] = curve;
		return [algorithm, (data) => sign(hash, data, { key, dsaEncoding: "ieee-p1363" })];
	}
	if (type === "rsa") {
		// RSASSA-PSS with a salt as long as the digest (RFC 7518, 3.5).
		const padding = { padding: 6, saltLength: 32 } as const;
		return ["ps256", (data) => sign("sha256", data, { key, ...padding })];
	}
	throw new SecretFileError(`${path} holds a key that C2PA does not allow`, {
		hint: "Use ECDSA on P-256, P-384 or P-521, Ed25519, or RSA.",
	});
}
