import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeCbor } from "../cbor/codec.ts";
import { decodeEntry, ENTRY_HEAD_MAX, writeEntryHead } from "./entry.ts";

const EVENT = { sequence: 3, monotonicMs: 12, type: "recording-started", recording: 1 } as const;
const number = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 0xffff_ffff }), fc.nat(70_000));

test("the head written in place is the codec's own", () => {
	fc.assert(
		fc.property(number, number, fc.nat(20), (entry, boot, at) => {
			const expected = encodeCbor({ entry, boot, event: EVENT });
			const event = encodeCbor(EVENT);
			const bytes = new Uint8Array(at + ENTRY_HEAD_MAX + event.length);
			const end = writeEntryHead(bytes, at, entry, boot);
			expect(end - at).toBeLessThanOrEqual(ENTRY_HEAD_MAX);
			bytes.set(event, end);
			expect(bytes.slice(at, end + event.length)).toEqual(expected);
		}),
	);
});

test("an entry is read, with an event of a kind that is not known too", () => {
	expect(decodeEntry(encodeCbor({ entry: 1, boot: 2, event: EVENT }))).toEqual({
		entry: 1,
		boot: 2,
		sequence: 3,
		type: "recording-started",
		monotonicMs: 12,
		event: EVENT,
	});
	const unknown = { entry: 1, boot: 2, event: { sequence: 3, monotonicMs: 12, type: "levitated" } };
	expect(decodeEntry(encodeCbor(unknown))).toMatchObject({ type: "levitated", event: undefined });
});

test.each([
	["nothing", new Uint8Array()],
	["no map", Uint8Array.of(1)],
	["no number", encodeCbor({ boot: 1, event: EVENT })],
	["no event", encodeCbor({ entry: 1, boot: 1, event: 5 })],
	["no sequence", encodeCbor({ entry: 1, boot: 1, event: { type: "x", monotonicMs: 1 } })],
	["a negative boot", encodeCbor({ entry: 1, boot: -1, event: EVENT })],
])("%s is no entry", (_what, bytes) => {
	expect(decodeEntry(bytes)).toBeUndefined();
});
