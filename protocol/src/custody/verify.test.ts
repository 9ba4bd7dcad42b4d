import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatenate } from "../cose/head.ts";
import {
	type BuiltRecord,
	buildRecord,
	TEST_BYTES,
	TEST_SEGMENTS,
	TEST_WALL_MS,
	testCertificates,
	testCheckpoint,
	testHeader,
	testKeys,
	wholeRecording,
} from "../testing/custody-builder.ts";
import { nodeTrustCrypto as crypto, testSigner } from "../testing/node-crypto.ts";
import type { CustodyBody } from "./entry.ts";
import type { CustodyReport } from "./verifier.ts";
import { verifyCustody } from "./verify.ts";

const anchor = testKeys.root.publicKey;
const ciphertext = concatenate(...TEST_SEGMENTS);
const whole = buildRecord(wholeRecording());

function source(file: Uint8Array) {
	const digest = (offset: number, bytes: number) => crypto.sha256(file.subarray(offset, offset + bytes));
	return { bytes: file.length, digest };
}

function verify(
	record: BuiltRecord | readonly Uint8Array[],
	file = ciphertext,
	options: { readonly anchor?: Uint8Array | undefined; readonly key?: Uint8Array } = { anchor },
): Promise<CustodyReport> {
	const items = "items" in record ? record.items : record;
	return verifyCustody(concatenate(...items), source(file), { crypto, ...options });
}

const codes = (report: CustodyReport, severity = "failure") => [
	...new Set(report.findings.filter((found) => found.severity === severity).map((found) => found.code)),
];

const recovery: CustodyBody = {
	type: "recovery",
	monotonicMs: 12,
	segments: 2,
	bytes: 700 + 65_552,
	cutBytes: 900,
	cutRecordBytes: 0,
	lostMs: 1000,
	reason: "power-on",
};

describe("a recording as a camera leaves it", () => {
	test("is complete", async () => {
		const report = await verify(whole);
		expect(report).toMatchObject({
			verdict: "complete",
			agency: "Ordnungsamt",
			items: 7,
			segments: 4,
			verified: 4,
		});
		expect(report.findings).toEqual([]);
		expect(report.bytes).toBe(TEST_BYTES);
		expect(report.hash).toEqual(whole.hash);
	});

	test("cut off and recovered is interrupted, although the time begins anew", async () => {
		const record = buildRecord([...wholeRecording().slice(0, 4), recovery]);
		const report = await verify(record, ciphertext.subarray(0, recovery.bytes));
		expect(report.verdict).toBe("interrupted");
		expect(codes(report, "note")).toEqual(["interrupted"]);
	});

	test("without an end is incomplete, with the bytes behind the last checkpoint told", async () => {
		const report = await verify(buildRecord(wholeRecording().slice(0, 4)));
		expect(report.verdict).toBe("incomplete");
		expect(codes(report, "note")).toEqual(["unfinished", "surplus"]);
	});

	test("without an end and torn in an item is incomplete", async () => {
		const torn = [...whole.items.slice(0, 4), (whole.items[4] as Uint8Array).subarray(0, 100)];
		const report = await verify(torn, ciphertext.subarray(0, recovery.bytes));
		expect(report.verdict).toBe("incomplete");
		expect(codes(report, "note")).toEqual(["torn", "unfinished"]);
	});

	test("verifies without its age file, and says that nothing was compared", async () => {
		const report = await verifyCustody(concatenate(...whole.items), undefined, { crypto, anchor });
		expect(report).toMatchObject({ verdict: "complete", verified: 0 });
		expect(codes(report, "note")).toEqual(["unread"]);
	});

	test("without the agency's root key says that nothing shows whose it is", async () => {
		const report = await verify(whole, ciphertext, {});
		expect(report).toMatchObject({ verdict: "complete", agency: undefined });
		expect(codes(report, "note")).toEqual(["unanchored"]);
	});

	test("with a clock that was unset says that certificates were not checked for their time", async () => {
		const { wallMs, ...header } = testHeader({ certificates: testCertificates({ notAfter: 1 }) });
		const report = await verify(buildRecord([header as CustodyBody, ...wholeRecording().slice(1)]));
		expect(wallMs).toBe(TEST_WALL_MS);
		expect(report.verdict).toBe("complete");
		expect(codes(report, "note")).toEqual(["clock-unset"]);
	});

	test("made with a seed says that it is test material", async () => {
		const report = await verify(buildRecord(wholeRecording({ seeded: true })));
		expect(codes(report, "note")).toEqual(["seeded"]);
	});
});

function flipped(bytes: Uint8Array, at: number): Uint8Array {
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

const other = buildRecord(wholeRecording({ recording: 1, preRecordMs: 1 }));
const endAt = whole.items.length - 1;
const finalWith = (changes: object) =>
	buildRecord([...wholeRecording().slice(0, -1), { ...wholeRecording()[endAt], ...changes } as CustodyBody]);

/** What was done, what is verified, and the failures it must give: the table of docs/evidence-format.md. */
const TAMPER: readonly (readonly [string, () => Promise<CustodyReport>, readonly string[]])[] = [
	["one bit in the age header", () => verify(whole, flipped(ciphertext, 30)), ["ciphertext"]],
	["one bit in a chunk", () => verify(whole, flipped(ciphertext, 5000)), ["ciphertext"]],
	["one bit in the last tag", () => verify(whole, flipped(ciphertext, TEST_BYTES - 1)), ["ciphertext"]],
	[
		"a segment dropped from the age file",
		() => verify(whole, concatenate(...TEST_SEGMENTS.slice(1))),
		["ciphertext", "short"],
	],
	[
		"a segment doubled",
		() => verify(whole, concatenate(...TEST_SEGMENTS, TEST_SEGMENTS[3] as Uint8Array)),
		["surplus"],
	],
	[
		"two segments swapped",
		() => verify(whole, concatenate(...[0, 2, 1, 3].map((i) => TEST_SEGMENTS[i] as Uint8Array))),
		["ciphertext"],
	],
	["the age file cut short", () => verify(whole, ciphertext.subarray(0, TEST_BYTES - 1)), ["short"]],
	[
		"the age file of another recording",
		() =>
			verify(
				whole,
				ciphertext.map((byte) => byte ^ 0x55),
			),
		["ciphertext"],
	],
	[
		"one bit in a signature",
		() => verify(whole.items.map((item, at) => (at === 3 ? flipped(item, item.length - 1) : item))),
		["signature"],
	],
	["a checkpoint dropped", () => verify(without(3)), ["order", "chain", "segment", "totals"]],
	["an event dropped", () => verify(without(2)), ["order", "chain"]],
	["the header dropped", () => verify(without(0)), ["order"]],
	["two checkpoints swapped", () => verify(swapped(3, 4)), ["order", "chain", "time", "segment"]],
	[
		"a checkpoint doubled",
		() => verify([...whole.items.slice(0, 4), ...whole.items.slice(3)]),
		["order", "chain", "segment", "totals"],
	],
	[
		"a checkpoint of another recording",
		() => verify(whole.items.map((item, at) => (at === 3 ? (other.items[3] as Uint8Array) : item))),
		["chain"],
	],
	[
		"an item behind the end",
		() => verify([...whole.items, whole.items[2] as Uint8Array]),
		["order", "chain", "time"],
	],
	[
		"a torn item behind the end",
		() => verify([...whole.items, (whole.items[2] as Uint8Array).subarray(0, 9)]),
		["malformed"],
	],
	[
		"a second header",
		() => verify([...whole.items.slice(0, 2), ...other.items]),
		["order", "chain", "time", "segment", "totals"],
	],
	[
		"re-signed by another key that the header names",
		() => verify(buildRecord(wholeRecording({ key: testSigner(8).publicKey }), { signer: testSigner(8) })),
		["certificate"],
	],
	[
		"re-signed by another key that the header does not name",
		() => verify(buildRecord(wholeRecording(), { signer: testSigner(8) })),
		["signer"],
	],
	[
		"of another camera than its certificate",
		() => verify(buildRecord(wholeRecording({ certificates: testCertificates({ serial: "another" }) }))),
		["certificate"],
	],
	[
		"a certificate out of date",
		() =>
			verify(buildRecord(wholeRecording({ certificates: testCertificates({ notAfter: TEST_WALL_MS - 1 }) }))),
		["certificate"],
	],
	[
		"a certificate of another agency",
		() => verify(buildRecord(wholeRecording({ certificates: testCertificates({ root: testSigner(9) }) }))),
		["certificate"],
	],
	[
		"no certificate",
		() =>
			verify(
				buildRecord([
					{ ...testHeader(), certificates: undefined } as CustodyBody,
					...wholeRecording().slice(1),
				]),
			),
		["certificate"],
	],
	[
		"another camera's key expected",
		() => verify(whole, ciphertext, { key: testSigner(8).publicKey }),
		["signer"],
	],
	["encrypted to nobody", () => verify(buildRecord(wholeRecording({ recipients: [] }))), ["recipients"]],
	[
		"a recipient twice",
		() => verify(buildRecord(wholeRecording({ recipients: [new Uint8Array(32), new Uint8Array(32)] }))),
		["recipients"],
	],
	[
		"a first recording that names one before it",
		() => verify(buildRecord(wholeRecording(), { before: new Uint8Array(32) })),
		["neighbour"],
	],
	["a final with other totals", () => verify(finalWith({ segments: 5 })), ["totals"]],
	["a final older than what it ends", () => verify(finalWith({ monotonicMs: 1 })), ["time"]],
	[
		"a segment that ends before it begins",
		() => verify(buildRecord([testHeader(), { ...testCheckpoint(0), lastMs: 3000 } as CustodyBody])),
		["time"],
	],
	["no evidence at all", () => verify([Uint8Array.from(Buffer.from("%PDF-1.7 and so on"))]), ["malformed"]],
	["an empty file", () => verify([]), ["malformed"]],
	["a document of another kind, signed", () => verify([testCertificates().device]), ["malformed"]],
];

describe("what was tampered with is broken", () => {
	test.each(TAMPER)("%s", async (_, act, expected) => {
		const report = await act();
		expect(report.verdict).toBe("broken");
		expect(new Set(codes(report))).toEqual(new Set(expected));
	});

	test("one bit, wherever it is in the record, is never complete", async () => {
		const record = concatenate(...whole.items);
		for (let at = 0; at < record.length; at += 3) {
			const report = await verifyCustody(flipped(record, at), undefined, { crypto, anchor });
			expect(report.verdict, `byte ${at}`).not.toBe("complete");
		}
	});
});

test("the recipients are under the signature of every item behind them", async () => {
	const another = buildRecord(wholeRecording({ recipients: [new Uint8Array(32).fill(1)] }));
	const report = await verify([another.items[0] as Uint8Array, ...whole.items.slice(1)]);
	expect(codes(report)).toEqual(["chain"]);
});

test("a record that names the same bytes again and again does not get them hashed again", async () => {
	const again = Array.from(
		{ length: 50 },
		() => ({ ...testCheckpoint(1), offset: 0, bytes: TEST_BYTES }) as CustodyBody,
	);
	const { items } = buildRecord([testHeader(), ...again]);
	let hashed = 0;
	const digest = (_: number, bytes: number) => {
		hashed += bytes;
		return new Uint8Array(32);
	};
	await verifyCustody(concatenate(...items), { bytes: TEST_BYTES, digest }, { crypto });
	expect(hashed).toBe(TEST_BYTES);
});

test("arbitrary bytes, alone or behind items, are reported and throw nothing", async () => {
	await fc.assert(
		fc.asyncProperty(fc.nat(endAt), fc.uint8Array({ minLength: 1, maxLength: 400 }), async (count, bytes) => {
			const report = await verify([...whole.items.slice(0, count), bytes]);
			expect(report.verdict).not.toBe("complete");
		}),
		{ numRuns: 60 },
	);
});

test("findings are bounded, and the rest is counted", async () => {
	const many = Array.from({ length: 150 }, () => ({ ...testCheckpoint(3), lastMs: 0 }) as CustodyBody);
	const report = await verify(buildRecord([testHeader(), ...many]));
	expect(report.findings).toHaveLength(200);
	expect(report.more).toBeGreaterThan(100);
	expect(report.verdict).toBe("broken");
});
