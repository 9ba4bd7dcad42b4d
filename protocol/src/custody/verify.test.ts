import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatenate } from "../cose/head.ts";
import {
	type BuiltRecord,
	buildRecord,
	lateReason,
	TEST_BYTES,
	TEST_WALL_MS,
	testCertificates,
	testCheckpoint,
	testHeader,
	testKeys,
	wholeRecording,
} from "../testing/custody-builder.ts";
import { flipped, TAMPER, TEST_CIPHERTEXT } from "../testing/custody-tampering.ts";
import { nodeTrustCrypto as crypto } from "../testing/node-crypto.ts";
import type { CustodyBody, CustodyEntryOf } from "./entry.ts";
import { checkNeighbours, isSameRecording } from "./neighbours.ts";
import type { CustodyReport } from "./verifier.ts";
import { verifyCustody } from "./verify.ts";

const anchor = testKeys.root.publicKey;
const ciphertext = TEST_CIPHERTEXT;
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
	bytes: (testCheckpoint(2) as CustodyEntryOf<"checkpoint">).offset,
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

describe("reasons that were given after the recording", () => {
	const explained = buildRecord([...wholeRecording(), lateReason("threat"), lateReason("exercise")]);

	test("stand behind its end, whatever the time since power-on, and the final hash stays", async () => {
		const report = await verify(explained);
		expect(report).toMatchObject({ verdict: "complete", items: 9, segments: 4, verified: 4 });
		expect(report.reason).toBe("exercise");
		expect(report.findings).toEqual([]);
		expect(report.hash).toEqual(whole.hash);
	});

	test("stand behind the recovery of one that was cut off too", async () => {
		const cut = [...wholeRecording().slice(0, 4), recovery];
		const report = await verify(buildRecord([...cut, lateReason()]), ciphertext.subarray(0, recovery.bytes));
		expect(report.verdict).toBe("interrupted");
		expect(codes(report)).toEqual([]);
		expect(report.hash).toEqual(buildRecord(cut).hash);
	});

	test("can be taken away without this record showing it, and it stays the same recording", async () => {
		const [before, after] = [await verify(explained), await verify(explained.items.slice(0, -1))];
		expect(after).toMatchObject({ verdict: "complete", findings: [] });
		expect(isSameRecording(before, after)).toBe(true);
	});

	test("do not change what the next recording names", async () => {
		const next = buildRecord(wholeRecording({ recording: 2 }), { before: whole.hash });
		expect(checkNeighbours(await verify(explained), await verify(next))).toEqual([]);
	});

	test("are told in the place of one that was given during it", async () => {
		const during = { ...lateReason("threat"), monotonicMs: 9050 };
		const [end, bodies] = [wholeRecording().at(-1) as CustodyBody, wholeRecording().slice(0, -1)];
		expect((await verify(buildRecord([...bodies, during, end]))).reason).toBe("threat");
		expect((await verify(buildRecord([...bodies, during, end, lateReason("exercise")]))).reason).toBe(
			"exercise",
		);
		expect((await verify(whole)).reason).toBeUndefined();
	});

	test("do not stand for an end that is missing", async () => {
		const report = await verify(buildRecord([...wholeRecording().slice(0, -1), lateReason()]));
		expect(report.verdict).toBe("broken");
		expect(codes(report)).toEqual(["time"]);
	});

	test("torn within an item are malformed", async () => {
		const report = await verify([
			...explained.items.slice(0, -1),
			explained.items[8]?.subarray(0, 50) as never,
		]);
		expect(codes(report)).toEqual(["malformed"]);
	});
});

describe("what was tampered with is broken", () => {
	test.each(TAMPER)("$what", async ({ record, file, against, failures }) => {
		const report = await verifyCustody(record, source(file), { crypto, ...against });
		expect(report.verdict).toBe("broken");
		expect(new Set(codes(report))).toEqual(new Set(failures));
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
		fc.asyncProperty(
			fc.nat(whole.items.length - 1),
			fc.uint8Array({ minLength: 1, maxLength: 400 }),
			async (count, bytes) => {
				const report = await verify([...whole.items.slice(0, count), bytes]);
				expect(report.verdict).not.toBe("complete");
			},
		),
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
