import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import { RecordingsError } from "@bodycam/protocol/camera/recordings";
import { signReceipt } from "@bodycam/protocol/custody/receipt";
import { GroupError, type GroupErrorDeclaration } from "@bodycam/protocol/smp/errors";
import {
	buildRecord,
	TEST_BYTES,
	TEST_DEVICE,
	wholeRecording,
} from "@bodycam/protocol/testing/custody-builder";
import { testSigner } from "@bodycam/protocol/testing/node-crypto";
import { keyIdentifier } from "@bodycam/protocol/trust/signed-document";
import { describe, expect, it } from "vitest";
import { type StoredRecording, StoreError } from "../storage/store-interface.ts";
import { nodeSignature as crypto } from "../testing/node-signature.ts";
import { RecordingEraser } from "./eraser.ts";

const archive = testSigner(31);
const { items, hash } = buildRecord(wholeRecording());
const content = {
	device: TEST_DEVICE,
	recording: 1,
	bytes: TEST_BYTES,
	finalHash: hash,
	readBackMs: 1_790_000_000_000,
};
const receipt = signReceipt(content, archive, crypto);

/** An eraser over recording 1, which is closed; `state` is what the card says of it. */
function camera(
	options: {
		readonly state?: StoredRecording["state"];
		readonly archives?: readonly Uint8Array[];
		readonly record?: Uint8Array;
		readonly fail?: StoreError;
	} = {},
) {
	const { archives = [archive.publicKey], record = items.at(-1) ?? new Uint8Array(), fail } = options;
	const line = { number: 1, state: options.state ?? "complete", bytes: TEST_BYTES, recordBytes: 900 };
	const events: CameraEventBody[] = [];
	const erased: Uint8Array[] = [];
	const eraser = new RecordingEraser({
		store: {
			find: (number) => (number === 1 ? (line as StoredRecording) : undefined),
			closing: async () => ({ metadata: new Uint8Array(), record }),
			erase: async (_number, given) => {
				if (fail !== undefined) throw fail;
				erased.push(given);
				line.state = "erased";
			},
		},
		serial: TEST_DEVICE,
		crypto,
		archives: () => archives,
		emit: (event) => events.push(event),
		log: { write: () => undefined },
	});
	return { eraser, events, erased, line };
}

async function refusal(pending: Promise<unknown>): Promise<GroupErrorDeclaration> {
	const error = await pending.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (!(error instanceof GroupError)) throw new Error(`it was not refused: ${String(error)}`);
	return error.declaration;
}

describe("a recording is erased on the receipt of an archive", () => {
	it("and the event says which, on what receipt and of whom", async () => {
		const { eraser, events, erased } = camera();
		expect(await eraser.erase(receipt)).toBe(1);
		expect(erased).toEqual([receipt]);
		expect(events).toEqual([
			{
				type: "recording-erased",
				recording: 1,
				bytes: TEST_BYTES,
				finalHash: hash,
				archive: keyIdentifier(archive.publicKey, crypto),
				receipt: crypto.sha256(receipt),
			},
		]);
	});

	it("once: the same receipt again changes nothing and is no second event", async () => {
		const { eraser, events, erased } = camera();
		await Promise.all([eraser.erase(receipt), eraser.erase(receipt)]);
		expect(erased).toHaveLength(1);
		expect(events).toHaveLength(1);
	});

	it("and told when the power failed between the erasure and its event", async () => {
		const { eraser, events, erased } = camera({ state: "erased" });
		expect(await eraser.erase(receipt)).toBe(1);
		expect(erased).toEqual([]);
		expect(events).toMatchObject([{ type: "recording-erased", recording: 1 }]);
	});
});

describe("a recording stays, and the refusal is an event,", () => {
	it.each([
		[
			"on a receipt of nobody the policy names",
			camera({ archives: [testSigner(32).publicKey] }),
			receipt,
			"receiptUntrusted",
		],
		["where the policy names no archive", camera({ archives: [] }), receipt, "receiptUntrusted"],
		["on bytes that are no receipt", camera(), receipt.subarray(2), "receiptMalformed"],
		[
			"on a changed receipt",
			camera(),
			receipt.map((byte, at) => (at === 60 ? byte ^ 1 : byte)),
			"receiptUntrusted",
		],
		[
			"of another camera",
			camera(),
			signReceipt({ ...content, device: "x" }, archive, crypto),
			"receiptMismatch",
		],
		[
			"of another length",
			camera(),
			signReceipt({ ...content, bytes: 1 }, archive, crypto),
			"receiptMismatch",
		],
		[
			"with another final hash",
			camera(),
			signReceipt({ ...content, finalHash: new Uint8Array(32) }, archive, crypto),
			"receiptMismatch",
		],
		["when its record has no end", camera({ record: new Uint8Array() }), receipt, "receiptMismatch"],
		[
			"that is not there",
			camera(),
			signReceipt({ ...content, recording: 2 }, archive, crypto),
			"noSuchRecording",
		],
		["while it is being made", camera({ state: "recording" }), receipt, "stillRecording"],
		["when the card fails", camera({ fail: new StoreError("write-error", "no") }), receipt, "eraseFailed"],
	] as const)("%s", async (_what, { eraser, events, erased, line }, signed, expected) => {
		const { state } = line;
		expect(await refusal(eraser.erase(signed))).toEqual(RecordingsError[expected]);
		expect(erased).toEqual([]);
		expect(line.state).toBe(state);
		expect(events).toMatchObject([{ type: "erasure-refused" }]);
	});

	it("and another one can be erased afterwards", async () => {
		const { eraser } = camera();
		await refusal(eraser.erase(new Uint8Array(3)));
		expect(await eraser.erase(receipt)).toBe(1);
	});
});
