import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type AgencyPublic, foundAgency, type Validity } from "@bodycam/protocol/agency/agency";
import { type EvidenceRule, formatArchive } from "@bodycam/protocol/policy/evidence-rule";
import { AGENCY_NAME_MAX, type CertificateFor, verifyCertificate } from "@bodycam/protocol/trust/certificate";
import { keyIdentifier, type Signer, sameBytes } from "@bodycam/protocol/trust/signed-document";
import { TrustError } from "@bodycam/protocol/trust/trust-error";
import { BodycamError, UsageError, VerificationError } from "../errors.ts";
import {
	ARCHIVES_FILE,
	archivesText,
	RECIPIENTS_FILE,
	readEvidenceKeys,
	recipientsText,
} from "./evidence-keys.ts";
import { hostCrypto, signerOf } from "./host-crypto.ts";
import { type AskPassphrase, readKeyFile, writeKeyFile } from "./key-file.ts";
import { SecretFileError } from "./secret-file.ts";

/** What an agency's keys are for; each lies in a file of its own. */
export const AGENCY_KEYS = ["root", "device-signing", "policy-signing", "archive"] as const;

/** One of `AGENCY_KEYS`. */
export type AgencyKey = (typeof AGENCY_KEYS)[number];

/** Years for which the certificates of a new agency hold. */
const YEARS = 10;

const FORMAT = 1;
const DESCRIPTION = "agency.json";
const CAMERAS = "cameras";

/** A directory cannot be used as an agency's. */
export class AgencyError extends BodycamError {
	override readonly name = "AgencyError";
	override readonly code = "agency";
}

/** An agency's directory: what it shows of itself, and the files of its keys, which are read when they are needed. */
export interface AgencyDirectory extends AgencyPublic {
	/** Its path. */
	readonly path: string;
	/** What the certificate of the device-signing key says. */
	readonly deviceSigningCertificate: CertificateFor<"device-signing">;
	/** What the certificate of the policy-signing key says. */
	readonly policySigningCertificate: CertificateFor<"policy-signing">;
	/** Whom recordings are encrypted to, and which archives' receipts erase them: what its policies name. */
	readonly evidence: EvidenceRule;
}

/** Where the file of a key lies in an agency's directory. */
export function keyPath(directory: string, key: AgencyKey): string {
	return join(directory, `${key}.key`);
}

/**
 * Makes an agency: its keys, the certificates of those that sign in its name, and the lists of the keys that its policies
 * name.
 * @param directory - must be empty or not exist: nothing is ever overwritten
 * @param options - its name (that of the directory without it), a passphrase for the keys, whom recordings are encrypted
 * to, and the time now
 * @throws {UsageError} when the directory holds something already, or the name is too long
 */
export function createAgency(
	directory: string,
	options: {
		readonly name?: string;
		readonly passphrase?: string;
		readonly recipients?: readonly string[];
		readonly now: number;
	},
): AgencyDirectory {
	const { name = basename(resolve(directory)), passphrase, recipients = [], now } = options;
	if (name === "" || Buffer.byteLength(name) > AGENCY_NAME_MAX)
		throw new UsageError(`the name of an agency has 1 to ${AGENCY_NAME_MAX} bytes`, {
			hint: "Give it one with --name.",
		});
	requireEmpty(directory);
	const keys: Readonly<Record<AgencyKey, KeyObject>> = {
		root: generateKeyPairSync("ed25519").privateKey,
		"device-signing": generateKeyPairSync("ed25519").privateKey,
		"policy-signing": generateKeyPairSync("ed25519").privateKey,
		archive: generateKeyPairSync("ed25519").privateKey,
	};
	const signers = {
		root: signerOf(keys.root),
		deviceSigning: signerOf(keys["device-signing"]),
		policySigning: signerOf(keys["policy-signing"]),
	};
	const agency = foundAgency(name, signers, validityFrom(now), hostCrypto);
	mkdirSync(directory, { recursive: true, mode: 0o700 });
	for (const key of AGENCY_KEYS) writeKeyFile(keyPath(directory, key), keys[key], passphrase);
	writeNew(join(directory, "device-signing.cert"), agency.deviceSigning);
	writeNew(join(directory, "policy-signing.cert"), agency.policySigning);
	writeNew(join(directory, RECIPIENTS_FILE), recipientsText(recipients));
	writeNew(join(directory, ARCHIVES_FILE), archivesText([signerOf(keys.archive).publicKey]));
	// Last: a directory without it is none.
	const description = { format: FORMAT, name, anchor: Buffer.from(agency.anchor).toString("hex") };
	writeNew(join(directory, DESCRIPTION), `${JSON.stringify(description, undefined, "\t")}\n`);
	return openAgency(directory);
}

/**
 * Opens an agency's directory; keys are not read.
 * @throws {UsageError} when there is none
 * @throws {AgencyError} when it is damaged
 * @throws {KeyListError} when a list of keys holds something else
 * @throws {VerificationError} when its certificates are not those of its root key
 */
export function openAgency(directory: string): AgencyDirectory {
	const { name, anchor } = readDescription(directory);
	const deviceSigning = readPart(directory, "device-signing.cert");
	const policySigning = readPart(directory, "policy-signing.cert");
	const evidence = readEvidenceKeys(directory);
	try {
		const check = { issuer: anchor, agency: name, now: undefined };
		return {
			path: directory,
			name,
			anchor,
			deviceSigning,
			policySigning,
			evidence,
			deviceSigningCertificate: verifyCertificate(
				deviceSigning,
				{ ...check, purpose: "device-signing" },
				hostCrypto,
			),
			policySigningCertificate: verifyCertificate(
				policySigning,
				{ ...check, purpose: "policy-signing" },
				hostCrypto,
			),
		};
	} catch (error) {
		if (!(error instanceof TrustError)) throw error;
		throw new VerificationError(`the agency in ${directory} is not to be trusted: ${error.message}`, {
			hint: "Somebody may have changed its files. Compare them with a copy you trust.",
			cause: error,
		});
	}
}

/**
 * Opens one of an agency's signing keys.
 * @throws {SecretFileError} when the file cannot be used, or is not the key that was certified
 */
export async function openSigner(
	agency: AgencyDirectory,
	key: "device-signing" | "policy-signing" | "archive",
	ask: AskPassphrase,
): Promise<Signer> {
	const path = keyPath(agency.path, key);
	const signer = signerOf(await readKeyFile(path, ask));
	if (key === "archive") {
		if (agency.evidence.archives.includes(formatArchive(signer.publicKey))) return signer;
		throw new SecretFileError(`${path} is not the key of an archive in ${ARCHIVES_FILE} of ${agency.name}`);
	}
	const certified =
		key === "device-signing" ? agency.deviceSigningCertificate.key : agency.policySigningCertificate.key;
	if (!sameBytes(signer.publicKey, certified))
		throw new SecretFileError(`${path} is not the key that ${agency.name} has certified`);
	return signer;
}

/** Keeps the certificate of a camera with the agency; its path. */
export function keepDeviceCertificate(
	{ path }: AgencyDirectory,
	device: { readonly serial: string; readonly key: Uint8Array; readonly certificate: Uint8Array },
): string {
	const directory = join(path, CAMERAS);
	mkdirSync(directory, { recursive: true, mode: 0o700 });
	const kid = Buffer.from(keyIdentifier(device.key, hostCrypto)).toString("hex");
	// A serial number comes from the camera: nothing but hexadecimal digits names a file.
	const file = join(directory, `${device.serial.replaceAll(/[^\da-f]/gi, "_")}-${kid}.cert`);
	writeFileSync(file, device.certificate, { mode: 0o600 });
	return file;
}

/** The certificates of the cameras an agency has provisioned, oldest serial number first; unreadable ones are left out. */
export function deviceCertificates(agency: AgencyDirectory): CertificateFor<"device">[] {
	let files: string[];
	try {
		files = readdirSync(join(agency.path, CAMERAS)).filter((name) => name.endsWith(".cert"));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
		throw error;
	}
	const issuer = agency.deviceSigningCertificate.key;
	return files.sort().flatMap((name) => {
		const signed = new Uint8Array(readFileSync(join(agency.path, CAMERAS, name)));
		try {
			return [verifyCertificate(signed, { purpose: "device", issuer, now: undefined }, hostCrypto)];
		} catch (error) {
			if (error instanceof TrustError) return [];
			throw error;
		}
	});
}

/** From the beginning of the day, so that a camera whose clock is a little behind takes the certificate too. */
function validityFrom(now: number): Validity {
	const notBefore = new Date(now);
	notBefore.setUTCHours(0, 0, 0, 0);
	const notAfter = new Date(notBefore);
	notAfter.setUTCFullYear(notAfter.getUTCFullYear() + YEARS);
	return { notBefore: notBefore.getTime(), notAfter: notAfter.getTime() };
}

function requireEmpty(directory: string): void {
	let names: string[];
	try {
		names = readdirSync(directory);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === "ENOENT") return;
		if (code === "ENOTDIR") throw new UsageError(`${directory} is no directory`, { cause: error });
		throw error;
	}
	if (names.length === 0) return;
	throw new UsageError(`${directory} is not empty`, {
		hint: "A new agency needs a directory of its own; nothing is overwritten.",
	});
}

function writeNew(path: string, content: string | Uint8Array): void {
	writeFileSync(path, content, { mode: 0o600, flag: "wx" });
}

function readDescription(directory: string): { name: string; anchor: Uint8Array } {
	const path = join(directory, DESCRIPTION);
	let text: string;
	try {
		text = readFileSync(path, "utf8");
	} catch (error) {
		if (!["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
		throw new UsageError(`there is no agency in ${directory}`, {
			hint: "`bodycam agency new` makes one.",
			cause: error,
		});
	}
	try {
		const { format, name, anchor } = JSON.parse(text) as Record<string, unknown>;
		if (format !== FORMAT || typeof name !== "string" || typeof anchor !== "string") throw new SyntaxError();
		const key = new Uint8Array(Buffer.from(anchor, "hex"));
		if (key.length !== 32) throw new SyntaxError();
		return { name, anchor: key };
	} catch (error) {
		throw new AgencyError(`${path} is damaged`, { cause: error });
	}
}

function readPart(directory: string, name: string): Uint8Array {
	const path = join(directory, name);
	try {
		return new Uint8Array(readFileSync(path));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
		throw new AgencyError(`${path} is missing`, { cause: error });
	}
}
