import { RecordingsError, recordingsErase } from "@bodycam/protocol/camera/recordings";
import { openReceipt, signReceipt } from "@bodycam/protocol/custody/receipt";
import { OTHER_CLIENT_COMMANDS } from "@bodycam/protocol/smp/ble";
import { osEcho } from "@bodycam/protocol/smp/os";
import { ReturnCode } from "@bodycam/protocol/smp/return-code";
import { testSigner } from "@bodycam/protocol/testing/node-crypto";
import { TrustError } from "@bodycam/protocol/trust/trust-error";
import { expect, it } from "vitest";
import { hostCrypto } from "../agency/host-crypto.ts";
import { refusal } from "./refusal.ts";

it("a camera that another client commands is said to be free after 10 s, with how to find that client", () => {
	const { hint } = refusal(osEcho, {
		group: undefined,
		code: ReturnCode.busy,
		reason: OTHER_CLIENT_COMMANDS,
	});
	expect(hint).toContain("10 s after the other client's last request");
	expect(hint).toContain("`ps ax | grep bodycam`");
});

it("a camera that is busy for another reason is said to be free in a moment", () => {
	expect(refusal(osEcho, { group: undefined, code: ReturnCode.busy, reason: undefined }).hint).toBe(
		"Try again in a moment.",
	);
});

/** What a camera that counts the receipts of an archive answers to this one, and what is then advised. */
function adviceOn(receipt: Uint8Array, archive: Uint8Array): string | undefined {
	const { group, code } = RecordingsError.receiptUntrusted;
	try {
		openReceipt(receipt, [archive], hostCrypto);
	} catch (error) {
		if (!(error instanceof TrustError)) throw error;
		return refusal(recordingsErase, { group, code, reason: error.message }).hint;
	}
	throw new Error("the receipt counts");
}

const archive = testSigner(5);
const receipt = signReceipt(
	{ device: "0badcafe", recording: 1, bytes: 100, finalHash: new Uint8Array(32), readBackMs: 1 },
	archive,
	hostCrypto,
);

it("a receipt of an archive that the policy does not name is looked for in the policy", () => {
	expect(adviceOn(receipt, testSigner(6).publicKey)).toContain("`bodycam policy show -d DEVICE`");
});

it("a receipt whose signature is not valid is made anew, and the policy's archives are not blamed", () => {
	const changed = receipt.slice();
	changed[changed.length - 1] = (changed[changed.length - 1] ?? 0) ^ 1;
	const hint = adviceOn(changed, archive.publicKey);
	expect(hint).toContain("`bodycam evidence receipt`");
	expect(hint).not.toContain("policy");
});
