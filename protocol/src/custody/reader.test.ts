import { expect, test } from "vitest";
import { concatenate } from "../cose/head.ts";
import { buildRecord, wholeRecording } from "../testing/custody-builder.ts";
import { fromHex } from "../testing/hex.ts";
import { readCustody } from "./reader.ts";
import { CUSTODY_ITEM_BYTES_MAX } from "./terms.ts";

const { items } = buildRecord(wholeRecording());
const record = concatenate(...items);
const read = (bytes: Uint8Array) => [...readCustody(bytes)];

test("the items come in their order, with their places", () => {
	const pieces = read(record);
	expect(pieces.map((piece) => (piece.kind === "item" ? piece.entry.type : piece.message))).toEqual([
		"header",
		"checkpoint",
		"event",
		"checkpoint",
		"checkpoint",
		"checkpoint",
		"final",
	]);
	expect(
		concatenate(...pieces.map((piece) => (piece.kind === "item" ? piece.raw : new Uint8Array(0)))),
	).toEqual(record);
});

test("a record cut off anywhere is whole items and a torn one", () => {
	const ends = items.map((_, index) => concatenate(...items.slice(0, index + 1)).length);
	for (let length = 0; length < record.length; length++) {
		const pieces = read(record.subarray(0, length));
		const whole = ends.filter((end) => end <= length);
		const left = length - (whole.at(-1) ?? 0);
		expect(pieces.filter(({ kind }) => kind === "item")).toHaveLength(whole.length);
		const rest = pieces.at(-1);
		if (left > 0) expect(rest).toMatchObject({ kind: "rest", why: "torn", bytes: left });
		else expect(rest?.kind).not.toBe("rest");
	}
});

test("an empty record has nothing", () => {
	expect(read(new Uint8Array(0))).toEqual([]);
});

test.each([
	["no tag", "845830"],
	["another tag", "d18443"],
	["five members", "d285"],
	["an unprotected header", "d28440a101"],
	["a header of indefinite length", "d2845f"],
	["a length of four bytes", "d2845a00001000"],
	["a length beyond the bound", "d28459ffff"],
	["a length that is not in its shortest form", "d284580100"],
	["zeros, as on a card that was never written", "00".repeat(64)],
])("%s is malformed, up to the end", (_, hex) => {
	const bytes = fromHex(hex);
	expect(read(concatenate(record, bytes)).at(-1)).toMatchObject({
		kind: "rest",
		why: "malformed",
		at: record.length,
		bytes: bytes.length,
	});
});

test("an item longer than the bound is malformed, not torn", () => {
	const long = concatenate(fromHex("d28440a0590ffd"), new Uint8Array(CUSTODY_ITEM_BYTES_MAX * 2));
	expect(read(long)).toMatchObject([{ kind: "rest", why: "malformed" }]);
});
