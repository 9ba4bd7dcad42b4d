import { decodeCbor, encodeCbor } from "@bodycam/protocol/cbor/codec";
import { concatenate } from "@bodycam/protocol/cose/head";
import { verifyCustody } from "@bodycam/protocol/custody/verify";
import { buildRecord, testKeys, wholeRecording } from "@bodycam/protocol/testing/custody-builder";
import { TEST_CIPHERTEXT } from "@bodycam/protocol/testing/custody-tampering";
import { testSigner } from "@bodycam/protocol/testing/node-crypto";
import { expect, test } from "vitest";
import { type Closing, StoreError } from "../storage/store-interface.ts";
import { nodeSignature as crypto } from "../testing/node-signature.ts";
import { type GivenReason, LateReasons } from "./late-reasons.ts";

const { items, hash } = buildRecord(wholeRecording());
const reason = (code: string): GivenReason => ({ type: "reason-given", code, source: "button" });

/** A card with recording 1, whose record ends with its last item. */
function camera(options: { readonly signer?: typeof testKeys.camera; readonly fail?: StoreError } = {}) {
	let closing: Closing = { metadata: encodeCbor({ number: 1 }), record: items.at(-1) ?? new Uint8Array() };
	const card = { fail: options.fail };
	const logged: string[] = [];
	const late = new LateReasons({
		store: {
			async amend(_number, amended) {
				if (card.fail !== undefined) throw card.fail;
				closing = amended(closing);
			},
		},
		signer: () => options.signer ?? testKeys.camera,
		crypto,
		times: () => ({ monotonicMs: 5 }),
		log: { write: (_level, text) => logged.push(text) },
	});
	const report = () => {
		const digest = (offset: number, bytes: number) =>
			crypto.sha256(TEST_CIPHERTEXT.subarray(offset, offset + bytes));
		return verifyCustody(
			concatenate(...items.slice(0, -1), closing.record),
			{ bytes: TEST_CIPHERTEXT.length, digest },
			{ crypto, anchor: testKeys.root.publicKey },
		);
	};
	return { late, card, logged, report, metadata: () => decodeCbor(closing.metadata) };
}

test("a reason stands behind the end of the record, signed, and in the metadata", async () => {
	const { late, report, metadata, logged } = camera();
	late.given(1, reason("threat"));
	late.given(1, reason("assault"));
	await late.settled();
	expect(await report()).toMatchObject({ verdict: "complete", items: items.length + 2, hash, findings: [] });
	expect(metadata()).toEqual({ number: 1, reason: "assault" });
	expect(logged).toEqual([]);
});

test("it waits while the recording is being closed or the card is away", async () => {
	const { late, card, report } = camera({ fail: new StoreError("busy", "it is not closed yet") });
	late.given(1, reason("threat"));
	await late.settled();
	expect(await report()).toMatchObject({ items: items.length });
	card.fail = undefined;
	late.retry();
	await late.settled();
	expect(await report()).toMatchObject({ verdict: "complete", items: items.length + 1 });
});

test.each([
	["a record that another key has signed", { signer: testSigner(77) as typeof testKeys.camera }],
	["a recording that was erased", { fail: new StoreError("erased", "it has been erased") }],
])("is not put behind %s, and the log says so, once", async (_what, options) => {
	const { late, report, logged } = camera(options);
	late.given(1, reason("threat"));
	await late.settled();
	late.retry();
	await late.settled();
	expect(await report()).toMatchObject({ items: items.length });
	expect(logged).toEqual([expect.stringContaining("recording 1 is in the event log only")]);
});
