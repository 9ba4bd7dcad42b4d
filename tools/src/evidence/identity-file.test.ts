import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasTools } from "@bodycam/protocol/testing/public-tools";
import { Decrypter, Encrypter } from "age-encryption";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { armor, unarmor } from "./armor.ts";
import { newIdentity, readIdentityFile, recipientOf, writeIdentityFile } from "./identity-file.ts";
import { openWithPassphrase } from "./passphrase-file.ts";

const NOW = 1_790_000_000_000;
const nobody = () => Promise.reject(new Error("nobody is there"));

let directory = "";
const path = (name: string) => join(directory, name);
beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), "identity-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
	writeFileSync(path(name), content, { mode: 0o600 });
	return path(name);
}

describe("an identity that was written", () => {
	test("is read again, and lies there for its owner alone", async () => {
		const identity = newIdentity();
		writeIdentityFile(path("own.txt"), identity, { now: NOW, remark: "throw-away" });
		expect(await readIdentityFile(path("own.txt"), nobody)).toEqual([identity]);
		expect(statSync(path("own.txt")).mode & 0o777).toBe(0o600);
		expect(readFileSync(path("own.txt"), "utf8").split("\n").slice(0, 3)).toEqual([
			"# throw-away",
			"# created: 2026-09-21T14:13:20Z",
			`# public key: ${recipientOf(identity)}`,
		]);
	});

	test.skipIf(!hasTools("age-keygen"))("has the recipient that age-keygen finds", () => {
		const identity = newIdentity();
		writeIdentityFile(path("keygen.txt"), identity, { now: NOW });
		const { stdout } = spawnSync("age-keygen", ["-y", path("keygen.txt")], { encoding: "utf8" });
		expect(stdout.trim()).toBe(recipientOf(identity));
	});

	test("never goes over a file that is there", () => {
		write("there.txt", "kept");
		expect(() => writeIdentityFile(path("there.txt"), newIdentity(), { now: NOW })).toThrow("EEXIST");
		expect(readFileSync(path("there.txt"), "utf8")).toBe("kept");
	});
});

describe("an identity with a passphrase", { timeout: 60_000 }, () => {
	const identity = newIdentity();
	beforeAll(() => writeIdentityFile(path("locked.txt"), identity, { now: NOW, passphrase: "correct horse" }));

	test("is read with it", async () => {
		expect(await readIdentityFile(path("locked.txt"), async () => "correct horse")).toEqual([identity]);
	});

	test("does not show the key", () => {
		expect(readFileSync(path("locked.txt"), "utf8")).not.toContain("AGE-SECRET-KEY");
	});

	test("is refused with another one", async () => {
		await expect(readIdentityFile(path("locked.txt"), async () => "wrong")).rejects.toThrow("is wrong");
	});

	test.skipIf(!hasTools("age", "script"))(
		"is opened by the public command, which then decrypts a recording with it",
		() => {
			const file = path("secret.age");
			const encrypted = spawnSync("age", ["-r", recipientOf(identity), "-o", file], { input: "a recording" });
			expect(encrypted.status).toBe(0);
			// The command asks on the terminal only: `script` gives it one.
			const command = `age -d -i '${path("locked.txt")}' -o '${path("opened")}' '${file}'`;
			const { status } = spawnSync("script", ["-qec", command, "/dev/null"], { input: "correct horse\n" });
			expect(status).toBe(0);
			expect(readFileSync(path("opened"), "utf8")).toBe("a recording");
		},
	);

	test("is opened by the public package", async () => {
		const decrypter = new Decrypter();
		decrypter.addPassphrase("correct horse");
		const file = unarmor(readFileSync(path("locked.txt"))) ?? new Uint8Array();
		expect(await decrypter.decrypt(file, "text")).toContain("AGE-SECRET-KEY-1");
	});

	test("written by the public package is read", async () => {
		const encrypter = new Encrypter();
		encrypter.setPassphrase("of another");
		encrypter.setScryptWorkFactor(10);
		const text = `${readFileSync(path("own.txt"), "utf8")}`;
		const file = write("foreign.age", await encrypter.encrypt(text));
		expect(await readIdentityFile(file, async () => "of another")).toHaveLength(1);
	});
});

describe("what is no identity file", () => {
	test("because others can read it, is refused with the command that helps", async () => {
		const file = write("loose.txt", readFileSync(path("own.txt")));
		chmodSync(file, 0o644);
		await expect(readIdentityFile(file, nobody)).rejects.toMatchObject({
			message: `${file} can be read or changed by others (permissions 0644)`,
			hint: expect.stringContaining(`chmod 600 ${file}`),
		});
	});

	test.each([
		["is empty", "", "no age identities"],
		[
			"holds a recipient",
			"age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq\n",
			"no age identity",
		],
		["holds text", "Dear Sir or Madam", "no age identity"],
		["is a torn age file", "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n", "damaged"],
		["is an age file for a key", "age-encryption.org/v1\n-> X25519 a\nb\n", "cannot be opened"],
	])("because it %s, is named and not quoted", async (_what, content, message) => {
		const file = write("bad.txt", content);
		const failure = await readIdentityFile(file, async () => "x").catch((error: Error) => error);
		expect(failure).toMatchObject({ name: "SecretFileError" });
		expect((failure as Error).message).toContain(message);
		expect((failure as Error).message).toContain(file);
	});

	test("because it asks for more work than a computer has memory for, is refused", () => {
		const text = `age-encryption.org/v1\n-> scrypt ${"A".repeat(22)} 30\n${"A".repeat(43)}\n--- ${"A".repeat(43)}\n`;
		expect(() => openWithPassphrase(Buffer.from(text), "x")).toThrow("2^20");
	});
});

test.each([1, 47, 48, 49, 96])("%d bytes as text are read again", (length) => {
	const bytes = Uint8Array.from({ length }, (_, index) => index * 7);
	expect(unarmor(Buffer.from(armor(bytes)))).toEqual(bytes);
});

test("text with a character that is none is refused", () => {
	expect(unarmor(Buffer.from(armor(new Uint8Array(60)).replace("AAAA", "AA!A")))).toBeUndefined();
});
