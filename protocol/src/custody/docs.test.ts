import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { concatenate } from "../cose/head.ts";
import {
	buildRecord,
	lateReason,
	TEST_BYTES,
	TEST_SEGMENTS,
	testKeys,
	wholeRecording,
} from "../testing/custody-builder.ts";
import { flipped, TAMPER } from "../testing/custody-tampering.ts";
import { toHex } from "../testing/hex.ts";
import { testSigner } from "../testing/node-crypto.ts";
import { hasPython, python } from "../testing/public-tools.ts";
import type { CustodyBody } from "./entry.ts";

const page = readFileSync(new URL("../../../docs/evidence-format.md", import.meta.url), "utf8");
const script = /```python\n(.*?)```/s.exec(page)?.[1] ?? "";

test("the page lists every way of tampering that is tested, with the failures it gives", () => {
	const rows = TAMPER.map(
		({ what, failures }) => `| ${what} | ${failures.map((code) => `\`${code}\``).join(", ")} |`,
	);
	const table = page.split("| what was done | failures |\n|---|---|\n")[1]?.split("\n\n")[0];
	expect(table?.split("\n")).toEqual(rows);
});

test("the verifier on the page has less than 60 lines", () => {
	expect(script.trim().split("\n").length).toBeLessThan(60);
	expect(script.trim().split("\n").length).toBeGreaterThan(30);
});

describe.skipIf(!hasPython)("the verifier on the page", { timeout: 60_000 }, () => {
	let directory = "";
	beforeAll(() => {
		if (python === undefined)
			throw new Error("its libraries are missing: apt-get install python3-cbor2 python3-cryptography");
		directory = mkdtempSync(join(tmpdir(), "evidence-"));
		writeFileSync(join(directory, "verify.py"), script);
	});
	afterAll(() => rmSync(directory, { recursive: true }));

	function run(items: readonly Uint8Array[], file: Uint8Array, root = testKeys.root.publicKey) {
		const [record, age] = [join(directory, "custody.cbor"), join(directory, "mp4.age")];
		writeFileSync(record, concatenate(...items));
		writeFileSync(age, file);
		const { status, stdout, stderr } = spawnSync(
			python as string,
			[join(directory, "verify.py"), record, age, toHex(root)],
			{ encoding: "utf8" },
		);
		return { status, says: `${stdout}${stderr}`.trim() };
	}

	const ciphertext = concatenate(...TEST_SEGMENTS);
	const whole = buildRecord(wholeRecording());

	test("finds a whole recording complete, with the same final hash", () => {
		expect(run(whole.items, ciphertext)).toEqual({
			status: 0,
			says: `complete 0badcafe 1 ${toHex(whole.hash)}`,
		});
	});

	test("takes reasons behind the end, and prints the hash behind the end", () => {
		const { items } = buildRecord([...wholeRecording(), lateReason("threat"), lateReason("exercise")]);
		expect(run(items, ciphertext)).toEqual({
			status: 0,
			says: `complete 0badcafe 1 ${toHex(whole.hash)}`,
		});
	});

	test.each<[string, CustodyBody, string]>([
		[
			"a marker",
			{ type: "event", monotonicMs: 9200, happening: { type: "marker", atMs: 6000 } },
			"out of place",
		],
		["a second end", wholeRecording().at(-1) as CustodyBody, "out of place"],
	])("takes nothing else there: %s", (_what, body, says) => {
		const { items } = buildRecord([...wholeRecording(), body]);
		expect(run(items, ciphertext)).toEqual({ status: 1, says: `broken: item 7 is ${says}` });
	});

	test("finds a reason behind the end that was changed, or left out before another", () => {
		const { items } = buildRecord([...wholeRecording(), lateReason("threat"), lateReason("exercise")]);
		const changed = items.map((item, at) => (at === 7 ? flipped(item, item.length - 1) : item));
		expect(run(changed, ciphertext)).toEqual({
			status: 1,
			says: "broken: the signature of item 7 is not valid",
		});
		expect(run([...items.slice(0, 7), ...items.slice(8)], ciphertext)).toEqual({
			status: 1,
			says: "broken: item 7 is out of place",
		});
	});

	test("finds a changed byte of the age file", () => {
		const changed = ciphertext.slice();
		changed[TEST_BYTES - 1] = (changed[TEST_BYTES - 1] ?? 0) ^ 1;
		expect(run(whole.items, changed)).toEqual({
			status: 1,
			says: "broken: segment 4 of the age file was changed",
		});
	});

	test("finds an event that was left out", () => {
		const items = whole.items.filter((_, at) => at !== 2);
		expect(run(items, ciphertext)).toEqual({ status: 1, says: "broken: item 2 is out of place" });
	});

	test("finds a changed signature", () => {
		const items = whole.items.map((item) => item.slice());
		const last = items[3] as Uint8Array;
		last[last.length - 1] = (last[last.length - 1] ?? 0) ^ 1;
		expect(run(items, ciphertext)).toEqual({
			status: 1,
			says: "broken: the signature of item 3 is not valid",
		});
	});

	test("finds that it is of another agency", () => {
		expect(run(whole.items, ciphertext, testSigner(9).publicKey)).toEqual({
			status: 1,
			says: "broken: the device-signing certificate is of another type or signer",
		});
	});

	test.each([
		["ends in the middle of an item", concatenate(...whole.items).subarray(0, -20), whole.items.length - 1],
		["is no CBOR", Uint8Array.of(0xff, 0xff, 0xff), 0],
		["is CBOR of another kind", Uint8Array.of(0x18, 0x2a), 0],
	])("finds a record that %s", (_what, record, item) => {
		const { status, says } = run([record], ciphertext);
		expect(says).toMatch(new RegExp(`^broken: item ${item} is malformed: \\w+$`));
		expect(status).toBe(1);
	});

	test("finds a missing end", () => {
		expect(run(whole.items.slice(0, -1), ciphertext)).toEqual({ status: 1, says: "broken: it has no end" });
	});
});
