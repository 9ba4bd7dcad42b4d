import { concatenate } from "../cose/head.ts";
import type { CustodyBody } from "../custody/entry.ts";
import type { CustodyFindingCode } from "../custody/finding.ts";
import { buildAgeFile, segmentsOf, TEST_PLAINTEXT, testRecipients } from "./age-builder.ts";
import {
	type BuiltRecord,
	buildRecord,
	lateReason,
	TEST_BYTES,
	TEST_SEGMENTS,
	TEST_WALL_MS,
	testCertificates,
	testCheckpoint,
	testHeader,
	testKeys,
	wholeRecording,
} from "./custody-builder.ts";
import { testSigner } from "./node-crypto.ts";

/** A way of tampering with evidence, and what a verifier must find. */
export interface Tampering {
	/** What was done. */
	readonly what: string;
	/** The failures, all of them. */
	readonly failures: readonly CustodyFindingCode[];
	/** The custody record that is verified. */
	readonly record: Uint8Array;
	/** The age file beside it. */
	readonly file: Uint8Array;
	/** What it is checked against. */
	readonly against: { readonly anchor?: Uint8Array; readonly key?: Uint8Array };
}

/** The age file that belongs to `wholeRecording`. */
export const TEST_CIPHERTEXT = concatenate(...TEST_SEGMENTS);

const ciphertext = TEST_CIPHERTEXT;
const whole = buildRecord(wholeRecording());

function tampered(
	what: string,
	failures: readonly CustodyFindingCode[],
	record: BuiltRecord | readonly Uint8Array[],
	file = ciphertext,
	against: Tampering["against"] = { anchor: testKeys.root.publicKey },
): Tampering {
	return {
		what,
		failures,
		record: concatenate(...("items" in record ? record.items : record)),
		file,
		against,
	};
}

/** The bytes with the lowest bit of one of them changed. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array {
	const changed = bytes.slice();
	changed[at] = (changed[at] ?? 0) ^ 1;
	return changed;
}

function without(index: number): readonly Uint8Array[] {
	return whole.items.filter((_, at) => at !== index);
}

function swapped(a: number, b: number): readonly Uint8Array[] {
	const items = [...whole.items];
	[items[a], items[b]] = [items[b] as Uint8Array, items[a] as Uint8Array];
	return items;
}

/** Segments of another recording of the same length. */
const foreign = segmentsOf(buildAgeFile({ seed: 7 }));

/** The segment that has two chunks. */
const chunks = TEST_SEGMENTS[2] as Uint8Array;

function withSegment(index: number, segment: Uint8Array): Uint8Array {
	return concatenate(...TEST_SEGMENTS.map((own, at) => (at === index ? segment : own)));
}

const other = buildRecord(wholeRecording({ recording: 1, preRecordMs: 1 }));
const endAt = whole.items.length - 1;
const explained = buildRecord([...wholeRecording(), lateReason("threat"), lateReason("exercise")]);
const otherExplained = buildRecord([
	...wholeRecording({ recording: 1, preRecordMs: 1 }),
	lateReason("threat"),
	lateReason("exercise"),
]);
const behindEnd = (body: CustodyBody) => buildRecord([...wholeRecording(), body]);
const marker: CustodyBody = { type: "event", monotonicMs: 9200, happening: { type: "marker", atMs: 6000 } };
const finalWith = (changes: object) =>
	buildRecord([...wholeRecording().slice(0, -1), { ...wholeRecording()[endAt], ...changes } as CustodyBody]);

/** The table of docs/evidence-format.md. */
export const TAMPER: readonly Tampering[] = [
	tampered("one bit in the age header", ["ciphertext"], whole, flipped(ciphertext, 30)),
	tampered("one bit in a chunk", ["ciphertext"], whole, flipped(ciphertext, 5000)),
	tampered("one bit in the last tag", ["ciphertext"], whole, flipped(ciphertext, TEST_BYTES - 1)),
	tampered(
		"a segment dropped from the age file",
		["ciphertext", "short"],
		whole,
		concatenate(...TEST_SEGMENTS.slice(1)),
	),
	tampered(
		"a segment doubled",
		["surplus"],
		whole,
		concatenate(...TEST_SEGMENTS, TEST_SEGMENTS[3] as Uint8Array),
	),
	tampered(
		"two segments swapped",
		["ciphertext"],
		whole,
		concatenate(...[0, 2, 1, 3].map((i) => TEST_SEGMENTS[i] as Uint8Array)),
	),
	tampered("a chunk dropped", ["short"], whole, withSegment(2, chunks.subarray(65_552))),
	tampered(
		"a chunk doubled",
		["ciphertext", "surplus"],
		whole,
		withSegment(2, concatenate(chunks.subarray(0, 65_552), chunks)),
	),
	tampered(
		"two chunks swapped",
		["ciphertext"],
		whole,
		withSegment(2, concatenate(chunks.subarray(65_552), chunks.subarray(0, 65_552))),
	),
	tampered("the age file cut short", ["short"], whole, ciphertext.subarray(0, TEST_BYTES - 1)),
	tampered(
		"the age file of another recording",
		["ciphertext"],
		whole,
		buildAgeFile({ seed: 7, plaintext: TEST_PLAINTEXT.map((byte) => byte ^ 0x55) }),
	),
	tampered("the same video, encrypted anew", ["ciphertext"], whole, buildAgeFile({ seed: 7 })),
	tampered("a segment of another recording", ["ciphertext"], whole, withSegment(2, foreign[2] as Uint8Array)),
	tampered(
		"the recipients of the age file swapped",
		["ciphertext"],
		whole,
		concatenate(
			ciphertext.subarray(0, 22),
			ciphertext.subarray(120, 218),
			ciphertext.subarray(22, 120),
			ciphertext.subarray(218),
		),
	),
	tampered(
		"one bit in a signature",
		["signature"],
		whole.items.map((item, at) => (at === 3 ? flipped(item, item.length - 1) : item)),
	),
	tampered(
		"a header with the recipients swapped",
		["chain"],
		[
			buildRecord(wholeRecording({ recipients: [...testRecipients].reverse() })).items[0] as Uint8Array,
			...whole.items.slice(1),
		],
	),
	tampered("a checkpoint dropped", ["order", "chain", "segment", "totals"], without(3)),
	tampered("an event dropped", ["order", "chain"], without(2)),
	tampered("the header dropped", ["order"], without(0)),
	tampered("two checkpoints swapped", ["order", "chain", "time", "segment"], swapped(3, 4)),
	tampered(
		"a checkpoint doubled",
		["order", "chain", "segment", "totals"],
		[...whole.items.slice(0, 4), ...whole.items.slice(3)],
	),
	tampered(
		"a checkpoint of another recording",
		["chain"],
		whole.items.map((item, at) => (at === 3 ? (other.items[3] as Uint8Array) : item)),
	),
	tampered("an item behind the end", ["order", "chain"], [...whole.items, whole.items[2] as Uint8Array]),
	tampered("a marker behind the end, signed and in the chain", ["order"], behindEnd(marker)),
	tampered("a second end", ["order"], behindEnd(wholeRecording()[endAt] as CustodyBody)),
	tampered(
		"a reason behind the end dropped, and a later one kept",
		["order", "chain"],
		[...whole.items, explained.items[endAt + 2] as Uint8Array],
	),
	tampered(
		"a reason behind the end of another recording",
		["chain"],
		[...whole.items, otherExplained.items[endAt + 1] as Uint8Array],
	),
	tampered(
		"one bit in the signature of a reason behind the end",
		["signature"],
		explained.items.map((item, at) => (at === endAt + 1 ? flipped(item, item.length - 1) : item)),
	),
	tampered(
		"an end between two reasons",
		["order"],
		buildRecord([
			...wholeRecording(),
			lateReason("threat"),
			wholeRecording()[endAt] as CustodyBody,
			lateReason("exercise"),
		]),
	),
	tampered(
		"a torn item behind the end",
		["malformed"],
		[...whole.items, (whole.items[2] as Uint8Array).subarray(0, 9)],
	),
	tampered(
		"a second header",
		["order", "chain", "time", "segment", "totals"],
		[...whole.items.slice(0, 2), ...other.items],
	),
	tampered(
		"re-signed by another key that the header names",
		["certificate"],
		buildRecord(wholeRecording({ key: testSigner(8).publicKey }), { signer: testSigner(8) }),
	),
	tampered(
		"re-signed by another key that the header does not name",
		["signer"],
		buildRecord(wholeRecording(), { signer: testSigner(8) }),
	),
	tampered(
		"of another camera than its certificate",
		["certificate"],
		buildRecord(wholeRecording({ certificates: testCertificates({ serial: "another" }) })),
	),
	tampered(
		"a certificate out of date",
		["certificate"],
		buildRecord(wholeRecording({ certificates: testCertificates({ notAfter: TEST_WALL_MS - 1 }) })),
	),
	tampered(
		"a certificate of another agency",
		["certificate"],
		buildRecord(wholeRecording({ certificates: testCertificates({ root: testSigner(9) }) })),
	),
	tampered(
		"no certificate",
		["certificate"],
		buildRecord([{ ...testHeader(), certificates: undefined } as CustodyBody, ...wholeRecording().slice(1)]),
	),
	tampered("another camera's key expected", ["signer"], whole, ciphertext, { key: testSigner(8).publicKey }),
	tampered("encrypted to nobody", ["recipients"], buildRecord(wholeRecording({ recipients: [] }))),
	tampered(
		"a recipient twice",
		["recipients"],
		buildRecord(wholeRecording({ recipients: [new Uint8Array(32), new Uint8Array(32)] })),
	),
	tampered(
		"a first recording that names one before it",
		["neighbour"],
		buildRecord(wholeRecording(), { before: new Uint8Array(32) }),
	),
	tampered("a final with other totals", ["totals"], finalWith({ segments: 5 })),
	tampered("a final older than what it ends", ["time"], finalWith({ monotonicMs: 1 })),
	tampered(
		"a segment that ends before it begins",
		["time"],
		buildRecord([testHeader(), { ...testCheckpoint(0), lastMs: 3000 } as CustodyBody]),
	),
	tampered("no evidence at all", ["malformed"], [Uint8Array.from(Buffer.from("%PDF-1.7 and so on"))]),
	tampered("an empty file", ["malformed"], []),
	tampered("a document of another kind, signed", ["malformed"], [testCertificates().device]),
];
