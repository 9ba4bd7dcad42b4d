import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasTools } from "@bodycam/protocol/testing/public-tools";
import initialise, { WasmReader } from "@contentauth/c2pa-wasm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeIdentityFile } from "../evidence/identity-file.ts";
import { CREDENTIALS_PACKAGE } from "../export/credentials.ts";
import { makeOfficeCertificate, type OfficeCertificate } from "../testing/office-certificate.ts";
import {
	SAMPLE_ANCHOR,
	SAMPLE_IDENTITY,
	type SampleRecording,
	writeSampleRecording,
} from "../testing/sample-recording.ts";
import { bodycam } from "./testing/command-line.ts";
import { decodingComplaints } from "./testing/ffmpeg.ts";
import { runInProcess } from "./testing/in-process.ts";

/** Whether the package that signs is there: it is no dependency. In CI it has to be. */
const testable = hasTools("ffmpeg", "openssl", "sha256sum") && (process.env.CI !== undefined || hasPackage());

function hasPackage(): boolean {
	try {
		createRequire(import.meta.url).resolve(CREDENTIALS_PACKAGE.name);
		return true;
	} catch {
		return false;
	}
}

let directory = "";
let office: OfficeCertificate;
let sample: SampleRecording;
let options: readonly string[];
const path = (name: string): string => join(directory, name);

beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), "credentials-"));
	office = makeOfficeCertificate(directory);
	writeIdentityFile(path("identity.txt"), SAMPLE_IDENTITY, { now: 0 });
	sample = await writeSampleRecording(path("evidence"));
	options = ["-i", path("identity.txt"), "--root", Buffer.from(SAMPLE_ANCHOR).toString("hex")];
	const require = createRequire(import.meta.url);
	await initialise({ module_or_path: readFileSync(require.resolve("@contentauth/c2pa-wasm/c2pa.wasm")) });
}, 60_000);
afterAll(() => rmSync(directory, { recursive: true }));

const credentials = (): string[] => ["--c2pa", "--c2pa-chain", office.chain, "--c2pa-key", office.key];

interface ManifestStore {
	readonly validation_state?: string;
	readonly validation_status?: readonly { readonly code: string }[];
	readonly active_manifest: string;
	readonly manifests: Readonly<
		Record<
			string,
			{ readonly title: string; readonly assertions: readonly { label: string; data: object }[] }
		>
	>;
}

/** What an independent library says, offline, of a file. @param anchor - whom it trusts */
async function read(file: Uint8Array, anchor: string): Promise<ManifestStore> {
	const settings = { verify: { verify_trust: true }, trust: { trust_anchors: anchor } };
	const reader = await WasmReader.fromBytes("video/mp4", file, JSON.stringify(settings));
	try {
		return JSON.parse(reader.json());
	} finally {
		reader.free();
	}
}

const codes = ({ validation_status = [] }: ManifestStore): string[] =>
	validation_status.map(({ code }) => code);

describe.skipIf(!testable)("a video with Content Credentials", () => {
	let video: Buffer;
	let finalHash = "";
	beforeAll(async () => {
		const args = ["evidence", "export", sample.files.age, "--to", path("case"), ...options];
		const { code, stderr, stdout } = await bodycam([...args, ...credentials(), "--json"]);
		expect(code, stderr).toBe(0);
		finalHash = JSON.parse(stdout).original.finalHash;
		video = readFileSync(path("case/recording.mp4"));
	}, 60_000);

	test("is verified by another library that trusts the office's authority", async () => {
		const store = await read(video, office.anchor);
		expect(codes(store)).toEqual([]);
		expect(store.validation_state).toBe("Trusted");
	});

	test("names the recording it is made of", async () => {
		const store = await read(video, office.anchor);
		const manifest = store.manifests[store.active_manifest];
		expect(manifest?.title).toBe("Recording 1 of camera 0badcafe");
		expect(manifest?.assertions.find(({ label }) => label === "org.bodycam.custody")?.data).toMatchObject({
			device: "0badcafe",
			recording: 1,
			finalHash,
		});
	});

	test("still decodes without a complaint, and its digest in the list is that of the signed file", async () => {
		expect(await decodingComplaints(path("case/recording.mp4"))).toBe("");
		execFileSync("sha256sum", ["--strict", "-c", "SHA256SUMS"], { cwd: path("case") });
	});

	test("is not trusted by whoever trusts another authority", async () => {
		mkdirSync(path("other"));
		const other = makeOfficeCertificate(path("other"));
		const store = await read(video, other.anchor);
		expect(store.validation_state).not.toBe("Trusted");
		expect(codes(store)).toContain("signingCredential.untrusted");
	});

	test.each([0.3, 0.6, 0.99])("does not verify once a bit at %d of its length was changed", async (part) => {
		const changed = Buffer.from(video);
		const at = Math.floor(changed.length * part);
		changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
		expect(codes(await read(changed, office.anchor))).toContain("assertion.bmffHash.mismatch");
	});

	test("loses them when ffmpeg copies it, as the report says", async () => {
		execFileSync("ffmpeg", [
			"-v",
			"error",
			"-i",
			path("case/recording.mp4"),
			"-c",
			"copy",
			path("copied.mp4"),
		]);
		await expect(read(readFileSync(path("copied.mp4")), office.anchor)).rejects.toThrow();
		expect(readFileSync(path("case/report.html"), "utf8")).toContain("ffmpeg -c copy");
	});
});

test.skipIf(!testable)("a clip says that it was trimmed, and from what", async () => {
	const { failure } = await runInProcess(
		...["evidence", "export", sample.files.age, "--to", path("clip"), ...options, ...credentials()],
		...["--clip", "0", "2"],
	);
	expect(failure).toBeUndefined();
	const store = await read(readFileSync(path("clip/clip.mp4")), office.anchor);
	expect(store.validation_state).toBe("Trusted");
	expect(JSON.stringify(store.manifests[store.active_manifest])).toContain(
		"0 s to 2 s of recording 1 of camera 0badcafe",
	);
});

test.skipIf(!testable).each([
	["ECDSA on P-384", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]],
	["Ed25519", ["-algorithm", "ED25519"]],
	["RSA", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]],
])("a key for %s signs as well", async (name, keyOptions) => {
	const own = path(name.replaceAll(" ", "-"));
	mkdirSync(own);
	const other = makeOfficeCertificate(own, keyOptions);
	const { failure } = await runInProcess(
		...["evidence", "export", sample.files.age, "--to", join(own, "case"), ...options],
		...["--c2pa", "--c2pa-chain", other.chain, "--c2pa-key", other.key],
	);
	expect(failure).toBeUndefined();
	const store = await read(readFileSync(join(own, "case", "recording.mp4")), other.anchor);
	expect([store.validation_state, codes(store)]).toEqual(["Trusted", []]);
});

describe.skipIf(!testable)("what cannot sign", () => {
	const refused = async (chain: string, key: string) => {
		const args = ["evidence", "export", sample.files.age, "--to", path("refused"), ...options];
		return (await runInProcess(...args, "--c2pa", "--c2pa-chain", chain, "--c2pa-key", key)).failure;
	};

	test("a key that others can read", async () => {
		const loose = path("loose.key");
		writeFileSync(loose, readFileSync(office.key));
		chmodSync(loose, 0o644);
		expect(await refused(office.chain, loose)).toMatchObject({ code: "secret-file" });
	});

	test("a certificate of another key", async () => {
		writeFileSync(path("root-first.pem"), office.anchor);
		const failure = await refused(path("root-first.pem"), office.key);
		expect(failure).toMatchObject({
			code: "usage",
			message: expect.stringContaining("is not that of the key"),
		});
	});

	test("a file without certificates", async () => {
		const failure = await refused(path("identity.txt"), office.key);
		expect(failure).toMatchObject({ message: expect.stringContaining("holds no certificates in PEM") });
	});

	test("a certificate that is not there", async () => {
		expect(await refused(path("none.pem"), office.key)).toMatchObject({ code: "usage", exitCode: 2 });
	});
});
