import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { CredentialSigner } from "./credential-signer.ts";
import { CREDENTIALS_PACKAGE, openCredentialWriter } from "./credentials.ts";

const signer: CredentialSigner = { algorithm: "es256", chain: [], sign: () => Buffer.alloc(64) };

test("the package is tested in the version that the command names", () => {
	const run = readFileSync(new URL("../../../.ci/run", import.meta.url), "utf8");
	const { name, version } = CREDENTIALS_PACKAGE;
	expect(run).toContain(`npm install --no-save ${name}@${version}\n`);
});

describe("without the package", () => {
	const missing = async () => {
		throw Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
	};

	test("it says which one, and how to add it", async () => {
		await expect(openCredentialWriter(signer, missing)).rejects.toMatchObject({
			code: "content-credentials",
			message: "Content Credentials need the package @contentauth/c2pa-node, which is not installed",
			hint: expect.stringContaining("`npm install --no-save @contentauth/c2pa-node@0.5.5`"),
		});
	});

	test("one that does not load is told apart from one that is missing", async () => {
		const damaged = async () => {
			throw new Error("wrong ELF class");
		};
		await expect(openCredentialWriter(signer, damaged)).rejects.toMatchObject({
			message: expect.stringContaining("does not load: wrong ELF class"),
		});
	});
});

test("what the package refuses is said, with what a certificate has to be", async () => {
	const writer = await openCredentialWriter(signer, async (name) => {
		expect(name).toBe(CREDENTIALS_PACKAGE.name);
		return {
			Builder: {
				withJson: () => {
					throw new Error("the certificate is invalid");
				},
			},
		};
	});
	const original = {
		device: "a",
		recording: 1,
		finalHash: "",
		sha256: "",
		bytes: 1,
		partMs: undefined,
	};
	const about = { title: "", original, tools: { name: "bodycam", version: "1" } };
	await expect(writer.write({ from: "a", to: "b" }, about)).rejects.toMatchObject({
		message: "Content Credentials cannot be written: the certificate is invalid",
		hint: expect.stringContaining("extended key usage"),
	});
});
