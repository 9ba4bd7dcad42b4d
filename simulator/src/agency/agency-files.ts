import { createPrivateKey, type KeyObject } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StateError } from "../storage/state-error.ts";
import { type AgencySeeds, throwawayAgency } from "./throwaway-agency.ts";

/** PKCS #8 of an Ed25519 private key up to its 32 bytes (RFC 8410 section 7). */
const PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

const FILES = {
	root: "root.key",
	deviceSigning: "device-signing.key",
	policySigning: "policy-signing.key",
} as const;

/** Keeps the private keys of a throw-away agency in a directory that `bodycam … --agency DIR` reads. */
export function writeAgencyFiles(directory: string, seeds: AgencySeeds): void {
	mkdirSync(directory, { recursive: true, mode: 0o700 });
	const { name, anchor, deviceSigning, policySigning } = throwawayAgency(seeds);
	const write = (file: string, text: string | Uint8Array) =>
		writeFileSync(join(directory, file), text, { mode: 0o600 });
	write("device-signing.cert", deviceSigning);
	write("policy-signing.cert", policySigning);
	for (const [key, file] of Object.entries(FILES)) {
		const pkcs8 = Buffer.concat([PREFIX, seeds[key as keyof AgencySeeds]]);
		const pem = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
		write(file, pem.export({ format: "pem", type: "pkcs8" }) as string);
	}
	// Last: a directory without it is none.
	const content = { format: 1, name, anchor: Buffer.from(anchor).toString("hex") };
	write("agency.json", `${JSON.stringify(content, undefined, "\t")}\n`);
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
	const seed = (file: string): Uint8Array => {
		try {
			return seedOf(createPrivateKey(readFileSync(join(directory, file))));
		} catch (error) {
			throw new StateError(join(directory, file), `is no private key (${(error as Error).message})`);
		}
	};
	const { root, deviceSigning, policySigning } = FILES;
	return { root: seed(root), deviceSigning: seed(deviceSigning), policySigning: seed(policySigning) };
}

function seedOf(key: KeyObject): Uint8Array {
	if (key.asymmetricKeyType !== "ed25519") throw new TypeError("it is not an Ed25519 key");
	return new Uint8Array(key.export({ format: "der", type: "pkcs8" }).subarray(PREFIX.length));
}
