import { generateKeyPairSync } from "node:crypto";
import {
	chmodSync,
	cpSync,
	existsSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { concatenate } from "@bodycam/protocol/cose/head";
import { layOutImage, sealImage, signImage } from "@bodycam/protocol/image/build";
import { encodeFacts } from "@bodycam/protocol/image/vendor";
import { goldenSigner, readGolden } from "@bodycam/protocol/testing/golden-image";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostCrypto, signerOf } from "../../agency/host-crypto.ts";
import { writeKeyFile } from "../../agency/key-file.ts";
import type { Failure } from "../failure.ts";
import { runInProcess } from "../testing/in-process.ts";

const LIMIT_MS = 120_000;
const GOLDEN = join(import.meta.dirname, "..", "..", "..", "..", "protocol", "src", "image", "golden");

const folder = mkdtempSync(join(tmpdir(), "bodycam-firmware-"));
const before = process.cwd();
process.chdir(folder);
afterAll(() => {
	process.chdir(before);
	rmSync(folder, { recursive: true, force: true });
});

/** Runs a command that has to work; what it printed. */
async function ok(...args: string[]): Promise<string> {
	const { stdout, failure } = await runInProcess("firmware", ...args);
	if (failure !== undefined) throw new Error(failure.message);
	return stdout;
}

/** The same with `--json`, for its result. */
async function json<Result>(...args: string[]): Promise<Result> {
	return JSON.parse(await ok(...args, "--json")) as Result;
}

/** Runs a command that has to fail, without a word on standard output; how it does. */
async function failure(...args: string[]): Promise<Failure> {
	const { stdout, failure: failed } = await runInProcess("firmware", ...args);
	expect(stdout).toBe("");
	if (failed === undefined) throw new Error("it worked");
	expect(failed.stack).toBeUndefined();
	return failed;
}

function file(name: string, content: Uint8Array | string): string {
	writeFileSync(name, content);
	return name;
}

const version = { major: 1, minor: 2, revision: 3, build: 0 };
const signedPart = layOutImage({
	body: Uint8Array.from({ length: 500 }, (_, at) => at),
	version,
	protectedTlvs: encodeFacts({ counter: 5, board: "sim-1", engine: { abi: 1, engine: [13, 3, 0] } }),
});
const image = signImage(signedPart, goldenSigner, hostCrypto);

function changed(at: number, bytes = image): Uint8Array {
	const copy = bytes.slice();
	copy[at] = (copy[at] ?? 0) ^ 1;
	return copy;
}

beforeAll(() => {
	for (const name of ["key.pem", "other-key.pem"]) {
		cpSync(join(GOLDEN, name), name);
		chmodSync(name, 0o600);
	}
	file("good.img", image);
	file("unsigned.img", sealImage(signedPart, undefined, hostCrypto));
	file("secret", "Geheimnis\n");
	chmodSync("secret", 0o600);
});

describe("keygen", () => {
	test("writes a key for its owner alone, and its public half beside it", async () => {
		const made = await json<{ publicKey: string; keyHash: string }>(
			"keygen",
			"new.key",
			"--public",
			"new.pub",
		);
		expect(statSync("new.key").mode & 0o777).toBe(0o600);
		expect(readFileSync("new.key", "utf8")).toMatch(/^-----BEGIN PRIVATE KEY-----/);
		expect(readFileSync("new.pub", "utf8")).toMatch(/^-----BEGIN PUBLIC KEY-----/);
		expect(made.publicKey).toMatch(/^[\da-f]{64}$/);
		await ok("sign", "unsigned.img", "--key", "new.key", "--out", "by-new.img");
		const { keyHash, verified } = await json<{ keyHash: string; verified: boolean }>(
			"inspect",
			"by-new.img",
			"--key",
			"new.pub",
		);
		expect({ keyHash, verified }).toEqual({ keyHash: made.keyHash, verified: true });
	});

	test("encrypts it with a passphrase, which signing then needs", async () => {
		await ok("keygen", "locked.key", "--passphrase-file", "secret");
		expect(readFileSync("locked.key", "utf8")).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
		const sign = ["sign", "unsigned.img", "--key", "locked.key", "--out", "locked.img"];
		await ok(...sign, "--passphrase-file", "secret");
		expect(await failure(...sign)).toMatchObject({
			exitCode: 2,
			hint: expect.stringContaining("--passphrase-file"),
		});
		file("wrong", "Gheimnis\n");
		chmodSync("wrong", 0o600);
		const { message, exitCode } = await failure(...sign, "--passphrase-file", "wrong");
		expect({ message, exitCode }).toEqual({
			message: "the passphrase of locked.key is wrong, or the file is damaged",
			exitCode: 1,
		});
	});

	test("overwrites nothing", async () => {
		file("there.key", "mine");
		expect(await failure("keygen", "there.key")).toMatchObject({ code: "exists", exitCode: 1 });
		expect(readFileSync("there.key", "utf8")).toBe("mine");
	});

	test("refuses two passphrases, and one that others may read", async () => {
		expect(await failure("keygen", "k", "--passphrase", "--passphrase-file", "secret")).toMatchObject({
			exitCode: 2,
		});
		file("open", "Geheimnis\n");
		chmodSync("open", 0o644);
		expect(await failure("keygen", "k", "--passphrase-file", "open")).toMatchObject({ code: "secret-file" });
		expect(existsSync("k")).toBe(false);
	});
});

describe("sign", () => {
	test("with the key gives the bytes that imgtool gives", async () => {
		file("other.img", readGolden("other-key.img"));
		await ok("sign", "other.img", "--key", "key.pem", "--out", "resigned.img");
		expect(readFileSync("resigned.img")).toEqual(Buffer.from(readGolden("counter7.img")));
	});

	test("tells what a signer elsewhere has to sign, and takes the signature in three forms", async () => {
		const printed = (await ok("sign", "unsigned.img", "--digest")).trim();
		await ok("sign", "unsigned.img", "--digest", "--out", "digest.bin");
		const digest = new Uint8Array(readFileSync("digest.bin"));
		expect(Buffer.from(digest).toString("hex")).toBe(printed);
		const signature = Buffer.from(goldenSigner.sign(digest));
		for (const form of [signature, `${signature.toString("hex")}\n`, signature.toString("base64")]) {
			const given = ["--signature", file("signature", form), "--public-key", "key.pem"];
			await ok("sign", "unsigned.img", ...given, "--out", "outside.img");
			expect(readFileSync("outside.img")).toEqual(Buffer.from(image));
		}
	});

	test.each<[string, () => string[], Partial<Failure>]>([
		[
			"a signature of something else",
			() => ["--signature", file("sig", goldenSigner.sign(new Uint8Array(32))), "--public-key", "key.pem"],
			{
				code: "image-bad-signature",
				exitCode: 6,
				message: expect.stringMatching(/^the signature is not one of unsigned\.img by the key [\da-f]{16}$/),
				hint: expect.stringContaining("unsigned.img --digest"),
			},
		],
		[
			"a signature of another key",
			() => [
				"--signature",
				file("sig", goldenSigner.sign(hostCrypto.sha256(signedPart))),
				"--public-key",
				"other-key.pem",
			],
			{ code: "image-bad-signature", exitCode: 6 },
		],
		[
			"a file without a signature",
			() => ["--signature", file("sig", "not one"), "--public-key", "key.pem"],
			{ message: "sig holds no Ed25519 signature", exitCode: 1 },
		],
		[
			"a public key that is none",
			() => ["--signature", file("sig", new Uint8Array(64)), "--public-key", file("nokey", "x")],
			{ message: "nokey holds no Ed25519 key in PEM", exitCode: 1 },
		],
		["a signature without its key", () => ["--signature", "sig"], { code: "usage", exitCode: 2 }],
		["no way to sign", () => [], { code: "usage", exitCode: 2 }],
		["two ways to sign", () => ["--key", "key.pem", "--digest"], { code: "usage", exitCode: 2 }],
		["a key that is not there", () => ["--key", "nowhere.key"], { code: "usage", exitCode: 2 }],
		[
			"a key of another kind",
			() => ["--key", p256Key()],
			{ message: "p256.key holds no Ed25519 key", exitCode: 1 },
		],
		[
			"a key that is none",
			() => ["--key", secretFile("text.key", "x")],
			{ code: "secret-file", exitCode: 1 },
		],
		[
			"a public key in place of the private one, however it may be read",
			() => ["--key", file("public.pem", publicPem)],
			{ code: "secret-file", exitCode: 1, message: "public.pem holds a public key, not a private one" },
		],
		["a key that others may read", () => ["--key", openKey()], { code: "secret-file", exitCode: 1 }],
	])("refuses %s and writes nothing", async (_what, args, expected) => {
		expect(await failure("sign", "unsigned.img", ...args(), "--out", "never.img")).toMatchObject(expected);
		expect(existsSync("never.img")).toBe(false);
	});

	test("asks where the image goes", async () => {
		expect(await failure("sign", "unsigned.img", "--key", "key.pem")).toMatchObject({ exitCode: 2 });
	});
});

describe("inspect", () => {
	test("shows images of imgtool with what they say, and verifies them", async () => {
		file("vendor.img", readGolden("vendor-tlvs.img"));
		const text = await ok("inspect", "vendor.img", "--key", "key.pem");
		expect(text).toMatch(/^version\s+2\.0\.0\+7$/m);
		expect(text).toMatch(/^counter\s+8$/m);
		expect(text).toMatch(/^board\s+bodycam$/m);
		expect(text).toMatch(/^signature\s+by key 46b531c2a89d5ee5, valid$/m);
		expect(await json("inspect", "vendor.img")).toMatchObject({
			version: "2.0.0+7",
			counter: 8,
			bodyBytes: 5000,
			engine: { abi: 0x0201, engine: [3, 4, 5] },
			signed: true,
			verified: false,
		});
	});

	test("says that an image is not signed", async () => {
		expect(await ok("inspect", "unsigned.img")).toMatch(/^signature\s+none/m);
	});

	test("lists the entries of an image whose vendor means something else by them", async () => {
		const protectedTlvs = [{ type: 0xa0, data: Uint8Array.of(1, 2) }];
		const foreign = layOutImage({ body: new Uint8Array(9), version, protectedTlvs });
		file("foreign.img", signImage(foreign, goldenSigner, hostCrypto));
		expect(await ok("inspect", "foreign.img")).toMatch(/^entry\s+engine \(0xa0\): 0102$/m);
	});

	test.each<[string, () => Uint8Array, string, number, RegExp]>([
		["an empty file", () => new Uint8Array(), "image-truncated", 1, /ends after 0 bytes/],
		[
			"a file that is cut short",
			() => image.slice(0, -1),
			"image-truncated",
			1,
			/unprotected TLV area reaches/,
		],
		["something else", () => new TextEncoder().encode("x".repeat(99)), "image-wrong-magic", 1, /78787878/],
		["a header that lies", () => changed(9), "image-truncated", 1, /its body reaches/],
		["a flag nobody knows", () => changed(16), "image-bad-header", 1, /flags/],
		[
			"an area that lies about its length",
			() => changed(signedPart.length + 6),
			"image-bad-tlv",
			1,
			/has 33 bytes|gives its length/,
		],
		["a changed body", () => changed(100), "image-bad-hash", 6, /SHA-256/],
		["a changed board", () => changed(signedPart.length - 1), "image-bad-hash", 6, /SHA-256/],
		["something appended", () => concatenate(image, image), "image-trailing-bytes", 1, /follow it/],
		["a changed signature", () => changed(image.length - 1), "image-bad-signature", 6, /not valid/],
		["another key", () => signImage(signedPart, stranger(), hostCrypto), "image-wrong-key", 6, /not trusted/],
		["no signature", () => sealImage(signedPart, undefined, hostCrypto), "image-not-signed", 6, /not signed/],
	])("refuses %s by name, and says what to do", async (_what, make, code, exitCode, message) => {
		const error = await failure("inspect", file("bad.img", make()), "--key", "key.pem");
		expect(error).toMatchObject({ code, exitCode, message: expect.stringMatching(message) });
		expect(error.hint).toMatch(/\.$/);
	});

	test("of what is not there is a mistake of the caller", async () => {
		expect(await failure("inspect", "nowhere.img")).toMatchObject({ exitCode: 2 });
		expect(await failure("inspect", "good.img", "--key", "nowhere.pem")).toMatchObject({ exitCode: 2 });
		expect(await failure("inspect", ".")).toMatchObject({ exitCode: 1, message: ". is no file" });
	});
});

interface Built {
	readonly file: string;
	readonly bytes: number;
	readonly hash: string;
	readonly buildId: string;
	readonly version: string;
	readonly counter: number;
	readonly board: string;
	readonly sizes: { readonly heapBytes: number; readonly parts: unknown[]; readonly modules?: unknown[] };
}

describe("build", () => {
	const signed = ["--key", "key.pem"];

	test(
		"makes the same signed image of the same sources, its map beside it, for development and for release",
		async () => {
			for (const kind of [[], ["--release"]]) {
				const first = await json<Built>("build", ...signed, ...kind, "--out", "a.img");
				const second = await json<Built>("build", ...signed, ...kind, "--out", "b.img");
				expect(second).toEqual({ ...first, file: "b.img", sourceMap: "b.img.map" });
				expect(readFileSync("b.img")).toEqual(readFileSync("a.img"));
				expect(readFileSync("a.img").length).toBe(first.bytes);
				const map = JSON.parse(readFileSync("a.img.map", "utf8")) as { sources: string[] };
				expect(map.sources).toContain("firmware/src/main.ts");
				const seen = await json("inspect", "a.img", "--key", "key.pem");
				const { hash, buildId, counter, board, version } = first;
				expect(seen).toMatchObject({ hash, buildId, counter, board, version, verified: true });
				expect(seen).toMatchObject({ board: "sim-1", engine: { abi: 1, engine: [13, 3, 0] } });
			}
		},
		LIMIT_MS,
	);

	test(
		"says in the image what it is told to, and what takes how much in the report",
		async () => {
			const said = ["--image-version", "3.4.5+6", "--security-counter", "auto", "--board", "bench-2"];
			const built = await json<Built>("build", ...said, "--analyze", "--out", "said.img");
			expect(built).toMatchObject({ version: "3.4.5+6", counter: 0x0304_0005, board: "bench-2" });
			expect(built.sizes.heapBytes).toBeGreaterThan(100_000);
			expect(built.sizes.modules?.length).toBeGreaterThan(100);
			const text = await ok("build", "--out", "said.img", "--analyze");
			expect(text).toMatch(/^firmware\/src\/recorder\/ring\.ts\s+[\d,]+\s+[\d,]+\s+[\d,]+$/m);
			expect(text).toMatch(/^heap\s+[\d,]+ of [\d,]+ bytes after loading/m);
			expect(text).toMatch(/^signed\s+by key [0-9a-f]{16}/m);
			const parts = await ok("build", "--out", "said.img");
			expect(parts).toMatch(/^firmware\/src\/recorder\s+[\d,]+\s+[\d,]+\s+[\d,]+\s+[\d,]+$/m);
		},
		LIMIT_MS,
	);

	test(
		"that takes more than its budgets is named with what it takes, and no image is written",
		async () => {
			const budgets = {
				artefactBytes: 9e6,
				heapBytes: 1000,
				bytecodeBytes: { "*": 9e6, "firmware/src/recorder": 1 },
			};
			const given = ["--budgets", file("budgets.json", JSON.stringify(budgets)), "--out", "over.img"];
			const { code, message, exitCode } = await failure("build", ...given);
			expect({ code, exitCode }).toEqual({ code: "over-budget", exitCode: 1 });
			expect(message).toMatch(/the heap after loading: \d+ bytes, \d+ more than the 1000/);
			expect(message).toMatch(/the bytecode of firmware\/src\/recorder: /);
			expect(message).not.toContain("artefact:");
			expect(existsSync("over.img") || existsSync("over.img.map")).toBe(false);
			const { stderr } = await runInProcess("firmware", "build", ...given);
			expect(stderr).toMatch(/^firmware\/src\/recorder\s/m);
		},
		LIMIT_MS,
	);

	test.each<[string, string, RegExp]>([
		["a type error", `export const n: number = "1";\n`, /broken\.ts\(1,14\): error TS2322/],
		["a syntax error", `export const = 1;\n`, /broken\.ts\(1,14\)/],
		["an import of nothing", `import "./nothing.ts";\n`, /broken\.ts\(1,8\)/],
		["an exception at start", `\nthrow new Error("not today");\n`, /not today\n.*broken\.ts:2/s],
		[
			"more memory than a camera has",
			`const all: object[] = [];\nfor (;;) all.push({});\n`,
			/dies while it is loaded/,
		],
	])("of sources with %s names the line, and writes no image", async (_what, text, message) => {
		const {
			code,
			exitCode,
			message: said,
		} = await failure("build", ...signed, "--entry", file("broken.ts", text), "--out", "broken.img");
		expect({ code, exitCode }).toEqual({ code: "firmware-build", exitCode: 1 });
		expect(said).toMatch(message);
		expect(existsSync("broken.img")).toBe(false);
	});

	test.each<[string, string[], number]>([
		["no place for the image", [], 2],
		["a version that is none", ["--out", "x.img", "--image-version", "one"], 2],
		["a version that is too large", ["--out", "x.img", "--image-version", "256.0.0"], 2],
		["a counter that is none", ["--out", "x.img", "--security-counter", "-1"], 2],
		["a counter that is too large", ["--out", "x.img", "--security-counter", "4294967296"], 2],
		["a board without a name", ["--out", "x.img", "--board", ""], 2],
		["a key that is not there", ["--out", "x.img", "--key", "nowhere.key"], 2],
		["budgets that are not there", ["--out", "x.img", "--budgets", "nowhere.json"], 1],
		["a folder that is not there", ["--out", "nowhere/x.img"], 1],
	])("refuses %s", async (_what, args, exitCode) => {
		expect((await failure("build", ...args)).exitCode).toBe(exitCode);
		expect(existsSync("x.img")).toBe(false);
	});
});

function stranger() {
	return signerOf(generateKeyPairSync("ed25519").privateKey);
}

function secretFile(name: string, text: string): string {
	file(name, text);
	chmodSync(name, 0o600);
	return name;
}

const publicPem = generateKeyPairSync("ed25519").publicKey.export({ format: "pem", type: "spki" });

function p256Key(): string {
	rmSync("p256.key", { force: true });
	writeKeyFile("p256.key", generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey, undefined);
	return "p256.key";
}

function openKey(): string {
	cpSync(join(GOLDEN, "key.pem"), "open.key");
	chmodSync("open.key", 0o644);
	return "open.key";
}
