import {
	chmodSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certifyDevice } from "@bodycam/protocol/agency/agency";
import { afterAll, describe, expect, test } from "vitest";
import { UsageError, VerificationError } from "../errors.ts";
import {
	AGENCY_KEYS,
	AgencyError,
	createAgency,
	deviceCertificates,
	keepDeviceCertificate,
	keyPath,
	openAgency,
	openSigner,
} from "./agency-directory.ts";
import { hostCrypto } from "./host-crypto.ts";
import { isEncrypted } from "./key-file.ts";
import { readPassphraseFile, SecretFileError } from "./secret-file.ts";

const scratch = mkdtempSync(join(tmpdir(), "bodycam-agency-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const now = Date.UTC(2026, 5, 1, 13, 14);
let count = 0;
const freshPath = () => join(scratch, `agency-${++count}`);
const freshAgency = (options: { name?: string; passphrase?: string } = {}) =>
	createAgency(freshPath(), { now, ...options });
const nobody = async (): Promise<string> => {
	throw new Error("nobody is to be asked");
};

describe("a new agency", () => {
	test("has four different keys, the owner's alone, and two certificates for ten years", () => {
		const { path, name, anchor, deviceSigningCertificate, policySigningCertificate, evidence } = freshAgency({
			name: "Ordnungsamt",
		});
		expect(name).toBe("Ordnungsamt");
		expect(readdirSync(path).sort()).toEqual([
			"agency.json",
			"archive.key",
			"archives.txt",
			"device-signing.cert",
			"device-signing.key",
			"policy-signing.cert",
			"policy-signing.key",
			"recipients.txt",
			"root.key",
		]);
		expect(statSync(path).mode & 0o777).toBe(0o700);
		for (const file of readdirSync(path)) expect(statSync(join(path, file)).mode & 0o777, file).toBe(0o600);
		const keys = [anchor, deviceSigningCertificate.key, policySigningCertificate.key];
		const all = [...keys.map((key) => Buffer.from(key).toString("hex")), ...evidence.archives];
		expect(new Set(all).size).toBe(4);
		expect(deviceSigningCertificate).toMatchObject({
			purpose: "device-signing",
			agency: "Ordnungsamt",
			notBefore: Date.UTC(2026, 5, 1),
			notAfter: Date.UTC(2036, 5, 1),
		});
	});

	test("is called like its directory unless it is given a name", () => {
		const { name } = freshAgency();
		expect(name).toBe(`agency-${count}`);
	});

	test("may be made in an empty directory, never in one that holds something", () => {
		const path = freshPath();
		mkdirSync(path);
		createAgency(path, { now });
		const before = readFileSync(keyPath(path, "root"), "utf8");
		expect(() => createAgency(path, { now })).toThrow(UsageError);
		expect(readFileSync(keyPath(path, "root"), "utf8")).toBe(before);
	});

	test("is not made with a name that certificates have no room for", () => {
		expect(() => freshAgency({ name: "ä".repeat(33) })).toThrow(/1 to 64 bytes/);
		expect(() => freshAgency({ name: "" })).toThrow(UsageError);
	});
});

describe("an agency's directory", () => {
	test("is opened without its keys", () => {
		const made = freshAgency();
		for (const key of AGENCY_KEYS) rmSync(keyPath(made.path, key));
		expect(openAgency(made.path)).toEqual(made);
	});

	test("that is not there or none is a mistake of the caller", () => {
		expect(() => openAgency(freshPath())).toThrow(UsageError);
		const path = freshPath();
		writeFileSync(path, "");
		expect(() => openAgency(path)).toThrow(UsageError);
	});

	const damage: Readonly<Record<string, readonly [new (...args: never[]) => Error, (path: string) => void]>> =
		{
			"whose description is no JSON": [AgencyError, (path) => writeFileSync(join(path, "agency.json"), "{")],
			"whose description lacks the key": [
				AgencyError,
				(path) => writeFileSync(join(path, "agency.json"), '{"format":1,"name":"x"}'),
			],
			"whose certificate is missing": [AgencyError, (path) => rmSync(join(path, "policy-signing.cert"))],
			"whose certificate is of another agency": [
				VerificationError,
				(path) => writeFileSync(join(path, "device-signing.cert"), freshAgency().deviceSigning),
			],
			"whose certificates are exchanged": [
				VerificationError,
				(path) => {
					const other = readFileSync(join(path, "policy-signing.cert"));
					writeFileSync(join(path, "device-signing.cert"), other);
				},
			],
			"whose certificate was changed": [
				VerificationError,
				(path) => {
					const file = join(path, "device-signing.cert");
					const bytes = readFileSync(file);
					bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
					writeFileSync(file, bytes);
				},
			],
			"whose root key was exchanged": [
				VerificationError,
				(path) => {
					const file = join(path, "agency.json");
					const description = JSON.parse(readFileSync(file, "utf8"));
					const anchor = Buffer.from(freshAgency().anchor).toString("hex");
					writeFileSync(file, JSON.stringify({ ...description, anchor }));
				},
			],
		};
	for (const [which, [error, spoil]] of Object.entries(damage))
		test(`${which} is refused`, () => {
			const { path } = freshAgency();
			spoil(path);
			expect(() => openAgency(path)).toThrow(error);
		});

	test("keeps the certificates of its cameras, whatever a camera calls itself", () => {
		const agency = freshAgency();
		const key = openAgency(agency.path).deviceSigningCertificate.key;
		expect(deviceCertificates(agency)).toEqual([]);
		const file = keepDeviceCertificate(agency, {
			serial: "../../evil",
			key,
			certificate: Uint8Array.of(1),
		});
		expect(file.startsWith(join(agency.path, "cameras/"))).toBe(true);
		expect(file.slice(agency.path.length)).not.toContain("..");
		expect(deviceCertificates(agency), "one that is no certificate is left out").toEqual([]);
	});

	test("tells the cameras it has certified", async () => {
		const agency = freshAgency();
		const signer = await openSigner(agency, "device-signing", nobody);
		const key = new Uint8Array(32).fill(3);
		const { notBefore, notAfter } = agency.deviceSigningCertificate;
		const device = { serial: "0011", key };
		const certificate = certifyDevice(agency.name, device, { notBefore, notAfter }, signer, hostCrypto);
		keepDeviceCertificate(agency, { ...device, certificate });
		expect(deviceCertificates(agency)).toMatchObject([{ purpose: "device", serial: "0011", key }]);
	});
});

describe("a signing key", () => {
	test("signs what its certificate verifies", async () => {
		const agency = freshAgency();
		const signer = await openSigner(agency, "policy-signing", nobody);
		const message = Uint8Array.of(1, 2, 3);
		const { key } = agency.policySigningCertificate;
		expect(hostCrypto.verify(key, message, signer.sign(message))).toBe(true);
	});

	test("that is encrypted opens with its passphrase alone", async () => {
		const agency = freshAgency({ passphrase: "Geheimnis" });
		for (const key of AGENCY_KEYS)
			expect(isEncrypted(readFileSync(keyPath(agency.path, key), "utf8")), key).toBe(true);
		await openSigner(agency, "device-signing", async () => "Geheimnis");
		const wrong = openSigner(agency, "device-signing", async () => "geheimnis");
		await expect(wrong).rejects.toThrow(/passphrase of .* is wrong/);
		await expect(wrong).rejects.toThrow(SecretFileError);
	});

	test.each([0o640, 0o604, 0o620, 0o644, 0o777])("is refused with the permissions %o", async (mode) => {
		const agency = freshAgency();
		chmodSync(keyPath(agency.path, "device-signing"), mode);
		const opened = openSigner(agency, "device-signing", nobody);
		await expect(opened).rejects.toMatchObject({ code: "secret-file", exitCode: 1 });
		await expect(opened).rejects.toThrow(/can be read or changed by others/);
	});

	test("of another agency is refused", async () => {
		const agency = freshAgency();
		const other = freshAgency();
		const path = keyPath(agency.path, "device-signing");
		writeFileSync(path, readFileSync(keyPath(other.path, "device-signing")));
		await expect(openSigner(agency, "device-signing", nobody)).rejects.toThrow(/is not the key that/);
	});

	test("that is damaged is refused without a word of its content", async () => {
		const agency = freshAgency();
		const path = keyPath(agency.path, "device-signing");
		const [begin, content = "", end] = readFileSync(path, "utf8").split("\n");
		writeFileSync(path, [begin, content.slice(8), end, ""].join("\n"));
		const error = await openSigner(agency, "device-signing", nobody).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(SecretFileError);
		expect(`${error}`).not.toContain(content.slice(8, 20));
	});

	test("that is not there is a mistake of the caller", async () => {
		const agency = freshAgency();
		rmSync(keyPath(agency.path, "device-signing"));
		await expect(openSigner(agency, "device-signing", nobody)).rejects.toThrow(UsageError);
	});
});

describe("a passphrase file", () => {
	const write = (content: string, mode = 0o600): string => {
		const path = freshPath();
		writeFileSync(path, content);
		chmodSync(path, mode);
		return path;
	};

	test("holds the passphrase in its first line", () => {
		expect(readPassphraseFile(write("mit Leerzeichen \r\nzweite"))).toBe("mit Leerzeichen ");
	});

	test("is refused when it is empty, open to others, or no file", () => {
		expect(() => readPassphraseFile(write("\nx"))).toThrow(/first line is empty/);
		expect(() => readPassphraseFile(write("x", 0o644))).toThrow(SecretFileError);
		const directory = freshPath();
		mkdirSync(directory, { mode: 0o700 });
		expect(() => readPassphraseFile(directory)).toThrow(SecretFileError);
		expect(() => readPassphraseFile(freshPath())).toThrow(UsageError);
	});
});
