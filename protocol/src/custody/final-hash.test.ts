import { expect, test } from "vitest";
import { concatenate } from "../cose/head.ts";
import { buildRecord, lateReason, wholeRecording } from "../testing/custody-builder.ts";
import { nodeTrustCrypto as crypto } from "../testing/node-crypto.ts";
import { finalHash } from "./final-hash.ts";

const { items, hash } = buildRecord(wholeRecording());
const last = items.at(-1) ?? new Uint8Array();

test("is that behind the last item, whether the whole record is there or its end only", () => {
	expect(finalHash(concatenate(...items), crypto)).toEqual(hash);
	expect(finalHash(last, crypto)).toEqual(hash);
});

test("is that behind the end, however many reasons were given after it", () => {
	const explained = buildRecord([...wholeRecording(), lateReason("threat"), lateReason("exercise")]);
	expect(explained.hash).not.toEqual(hash);
	expect(finalHash(concatenate(...explained.items), crypto)).toEqual(hash);
	expect(finalHash(concatenate(...explained.items.slice(-2)), crypto)).toBeUndefined();
});

test("is that of the recovery where a power cut ended it", () => {
	const cut = buildRecord([
		...wholeRecording().slice(0, 2),
		{
			type: "recovery",
			monotonicMs: 100,
			segments: 1,
			bytes: 700,
			cutBytes: 0,
			cutRecordBytes: 0,
			lostMs: 1000,
			reason: "brownout",
		},
	]);
	expect(finalHash(concatenate(...cut.items), crypto)).toEqual(cut.hash);
});

test.each([
	["nothing", new Uint8Array()],
	["a record without its end", concatenate(...items.slice(0, -1))],
	["an end that is torn", last.subarray(0, -1)],
	["something behind the end", concatenate(last, items[0] ?? new Uint8Array())],
	[
		"a marker behind the end",
		concatenate(
			...buildRecord([
				...wholeRecording(),
				{ type: "event", monotonicMs: 9200, happening: { type: "marker", atMs: 6000 } },
			]).items,
		),
	],
	["bytes behind the end", concatenate(last, new Uint8Array([1]))],
])("there is none in %s", (_what, record) => {
	expect(finalHash(record, crypto)).toBeUndefined();
});
