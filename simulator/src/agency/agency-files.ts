import { createPrivateKey, type KeyObject } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseIdentity } from "@bodycam/protocol/age/keys";
import { StateError } from "../storage/state-error.ts";
import { type AgencySeeds, type ThrowawayAgency, throwawayAgency } from "./throwaway-agency.ts";

/** PKCS #8 of an Ed25519 private key up to its 32 bytes (RFC 8410 section 7). */
const PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

const KEY_FILES = {
	root: "root.key",
	deviceSigning: "device-signing.key",
	policySigning: "policy-signing.key",
	archive: "archive.key",
} as const satisfies Partial<Record<keyof AgencySeeds, string>>;

const IDENTITY_FILES = {
	daily: "daily-identity.txt",
	escrow: "escrow-identity.txt",
} as const satisfies Partial<Record<keyof AgencySeeds, string>>;

/** The file with which the public command `age` decrypts the recordings of a throw-away agency's cameras. */
export function dailyIdentityPath(directory: string): string {
	return join(directory, IDENTITY_FILES.daily);
}

/**
 * Keeps the private keys of a throw-away agency in a directory that `bodycam … --agency DIR` reads, its age
 * identities among them.
 */
export function writeAgencyFiles(directory: string, seeds: AgencySeeds): void {
	mkdirSync(directory, { recursive: true, mode: 0o700 });
	const agency = throwawayAgency(seeds);
	const write = (file: string, text: string | Uint8Array) =>
		writeFileSync(join(directory, file), text, { mode: 0o600 });
	write("device-signing.cert", agency.deviceSigning);
	write("policy-signing.cert", agency.policySigning);
	for (const [key, file] of Object.entries(KEY_FILES)) {
		const pkcs8 = Buffer.concat([PREFIX, seeds[key as keyof typeof KEY_FILES]]);
		const pem = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
		write(file, pem.export({ format: "pem", type: "pkcs8" }) as string);
	}
	writeEvidenceFiles(agency, write);
	// Last: a directory without it is none.
	const content = { format: 1, name: agency.name, anchor: Buffer.from(agency.anchor).toString("hex") };
	write("agency.json", `${JSON.stringify(content, undefined, "\t")}\n`);
}

function writeEvidenceFiles(agency: ThrowawayAgency, write: (file: string, text: string) => void): void {
	const { recipients, archives } = agency.evidence;
	const [daily = "", escrow = ""] = recipients;
	write("recipients.txt", `# daily work\n${daily}\n# escrow\n${escrow}\n`);
	write("archives.txt", archives.map((archive) => `${archive}\n`).join(""));
	write(IDENTITY_FILES.daily, dailyIdentityText(agency));
	write(IDENTITY_FILES.escrow, identityText("escrow", escrow, agency.identities.escrow));
}

/** The file, which `age -d -i` reads, of the identity for the daily work. */
export function dailyIdentityText({ evidence, identities }: ThrowawayAgency): string {
	return identityText("daily work", evidence.recipients[0] ?? "", identities.daily);
}

/** What `age -d -i` reads; it says aloud that it protects nothing. */
function identityText(use: string, recipient: string, identity: string): string {
	return `# THROW-AWAY identity of a simulated agency (${use}): it protects nothing, use it for tests only\n# public key: ${recipient}\n${identity}\n`;
}

/** Reads them; undefined when there are none. @throws StateError when they are damaged */
export function readAgencyFiles(directory: string): AgencySeeds | undefined {
	const path = join(directory, "agency.json");
	try {
		readFileSync(path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw new StateError(path, `cannot be read (${(error as Error).message})`);
	}
	const read = (file: string, seedIn: (text: string) => Uint8Array): Uint8Array => {
		try {
			return seedIn(readFileSync(join(directory, file), "utf8"));
		} catch (error) {
			throw new StateError(join(directory, file), `is no private key (${(error as Error).message})`);
		}
	};
	const key = (name: keyof typeof KEY_FILES) => read(KEY_FILES[name], (pem) => seedOf(createPrivateKey(pem)));
	const identity = (name: keyof typeof IDENTITY_FILES) => read(IDENTITY_FILES[name], identityIn);
	return {
		root: key("root"),
		deviceSigning: key("deviceSigning"),
		policySigning: key("policySigning"),
		archive: key("archive"),
		daily: identity("daily"),
		escrow: identity("escrow"),
	};
}

function seedOf(key: KeyObject): Uint8Array {
	if (key.asymmetricKeyType !== "ed25519") throw new TypeError("it is not an Ed25519 key");
	return new Uint8Array(key.export({ format: "der", type: "pkcs8" }).subarray(PREFIX.length));
}

function identityIn(text: string): Uint8Array {
	return parseIdentity(text.split(/\r?\n/).find((line) => line !== "" && !line.startsWith("#")) ?? "");
}
