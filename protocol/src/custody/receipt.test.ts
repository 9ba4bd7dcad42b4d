import { describe, expect, test } from "vitest";
import { nodeTrustCrypto as crypto, testSigner } from "../testing/node-crypto.ts";
import { signDocument } from "../trust/signed-document.ts";
import { TrustError } from "../trust/trust-error.ts";
import {
	openReceipt,
	peekReceipt,
	ReceiptMismatch,
	type ReceiptSubject,
	requireSubject,
	signReceipt,
} from "./receipt.ts";

const archive = testSigner(21);
const second = testSigner(22);
const subject: ReceiptSubject = {
	device: "0badcafe",
	recording: 7,
	bytes: 5_000_000_000,
	finalHash: new Uint8Array(32).fill(0x77),
};
const content = { ...subject, readBackMs: 1_790_000_000_000 };
const signed = signReceipt(content, archive, crypto);
const archives = [second.publicKey, archive.publicKey];

function reasonOf(act: () => unknown): string {
	try {
		act();
	} catch (error) {
		if (error instanceof TrustError) return error.reason;
		throw error;
	}
	return "taken";
}

describe("a receipt", () => {
	test("is opened to what was signed, and says by which archive", () => {
		const opened = openReceipt(signed, archives, crypto);
		expect(opened).toEqual({ format: 1, ...content, archive: archive.publicKey });
		expect(() => requireSubject(opened, subject)).not.toThrow();
	});

	test("of an archive that is not named, or where none is, is refused", () => {
		expect(reasonOf(() => openReceipt(signed, [second.publicKey], crypto))).toBe("wrong-signer");
		expect(() => openReceipt(signed, [], crypto)).toThrow("the policy in force names no archive");
	});

	test("with any byte changed or missing is refused", () => {
		for (let at = 0; at < signed.length; at++) {
			const changed = signed.slice();
			changed[at] = (changed[at] ?? 0) ^ 1;
			expect(
				reasonOf(() => openReceipt(changed, archives, crypto)),
				`byte ${at}`,
			).not.toBe("taken");
			const cut = signed.subarray(0, at);
			expect(
				reasonOf(() => openReceipt(cut, archives, crypto)),
				`cut at ${at}`,
			).toBe("malformed");
		}
	});

	test("that is another kind of document, signed by the archive, is refused", () => {
		const other = signDocument("application/bodycam-policy+cbor", new Uint8Array([0xa0]), archive, crypto);
		expect(reasonOf(() => openReceipt(other, archives, crypto))).toBe("wrong-type");
	});

	test("can be looked into without anybody's key, and only a receipt", () => {
		expect(peekReceipt(signed)).toEqual({ format: 1, ...content });
		expect(reasonOf(() => peekReceipt(signed.subarray(1, 40)))).toBe("malformed");
		const other = signDocument("application/bodycam-policy+cbor", new Uint8Array([0xa0]), archive, crypto);
		expect(reasonOf(() => peekReceipt(other))).toBe("wrong-type");
	});

	test("that is longer than any receipt is not even read", () => {
		expect(reasonOf(() => openReceipt(new Uint8Array(513), archives, crypto))).toBe("malformed");
	});
});

describe("a receipt is not taken for", () => {
	test.each([
		["another camera", { device: "0badcaff" }, "device"],
		["another recording", { recording: 8 }, "recording"],
		["another length", { bytes: 4_999_999_999 }, "bytes"],
		["other contents", { finalHash: new Uint8Array(32).fill(0x78) }, "finalHash"],
	] as const)("%s", (_what, change, field) => {
		const opened = openReceipt(signed, archives, crypto);
		try {
			requireSubject(opened, { ...subject, ...change });
			expect.unreachable();
		} catch (error) {
			expect(error).toBeInstanceOf(ReceiptMismatch);
			expect((error as ReceiptMismatch).field).toBe(field);
		}
	});
});
