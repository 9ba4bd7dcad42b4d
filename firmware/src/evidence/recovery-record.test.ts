import { concatenate } from "@bodycam/protocol/cose/head";
import { custodyGenesis } from "@bodycam/protocol/custody/chain";
import { readCustody } from "@bodycam/protocol/custody/reader";
import { CustodyVerifier } from "@bodycam/protocol/custody/verifier";
import { CustodyWriter } from "@bodycam/protocol/custody/writer";
import {
	TEST_DEVICE,
	TEST_SEGMENTS,
	testCheckpoint,
	testHeader,
	testKeys,
} from "@bodycam/protocol/testing/custody-builder";
import { nodeTrustCrypto as crypto, testSigner } from "@bodycam/protocol/testing/node-crypto";
import { expect, test } from "vitest";
import { signRecovery } from "./recovery-record.ts";

/** A record that was cut off behind so many segments, the last of which has a happening before its checkpoint. */
function cutOff(segments: number) {
	const writer = new CustodyWriter(
		{ item: 0, before: custodyGenesis(TEST_DEVICE, crypto) },
		testKeys.camera,
		crypto,
	);
	const header = writer.append(testHeader());
	const items = [header];
	let last = header.length;
	for (let index = 0; index < segments; index++) {
		const body = testCheckpoint(index);
		const event = writer.append({
			type: "event",
			monotonicMs: body.monotonicMs,
			happening: { type: "marker", atMs: 1 },
		});
		const checkpoint = writer.append(body);
		items.push(event, checkpoint);
		last = event.length + checkpoint.length + (index === 0 ? header.length : 0);
	}
	const record = segments === 0 ? new Uint8Array(0) : concatenate(...items);
	const bytes = TEST_SEGMENTS.slice(0, segments).reduce((sum, { length }) => sum + length, 0);
	const facts = {
		interrupted: {
			bytes,
			segments,
			recordBytes: record.length,
			lastRecordBytes: segments === 0 ? 0 : last,
			cutBytes: 12,
			cutRecordBytes: 3,
			readRecord: async (offset: number, length: number) => record.slice(offset, offset + length),
		},
		header,
		preRecordMs: 30_000,
		times: { monotonicMs: 5 },
		reason: "power-cut",
		signer: testKeys.camera,
		crypto,
	};
	return { record, bytes, facts };
}

function verdict(record: Uint8Array, bytes: number) {
	const verifier = new CustodyVerifier({ crypto, key: testKeys.camera.publicKey });
	for (const piece of readCustody(record)) verifier.piece(piece);
	return verifier.report(bytes);
}

test.each([1, 2, 4])("a record of %i segments goes on with a signed recovery", async (segments) => {
	const { record, bytes, facts } = cutOff(segments);
	const end = await signRecovery(facts);
	const report = verdict(concatenate(record, end?.record ?? new Uint8Array(0)), bytes);
	expect(report.verdict).toBe("interrupted");
	expect(report.hash).toEqual(end?.hash);
});

test("of a recording without a segment, header and recovery are left", async () => {
	const { facts } = cutOff(0);
	const end = await signRecovery(facts);
	expect(verdict(end?.record ?? new Uint8Array(0), 0).verdict).toBe("interrupted");
});

test("it says what was cut off, why, and what was lost at most", async () => {
	const end = await signRecovery(cutOff(2).facts);
	const [item] = readCustody(end?.record ?? new Uint8Array(0));
	expect(item?.kind === "item" && item.entry).toMatchObject({
		type: "recovery",
		segments: 2,
		cutBytes: 12,
		cutRecordBytes: 3,
		reason: "power-cut",
	});
	const none = await signRecovery(cutOff(0).facts);
	const entries = [...readCustody(none?.record ?? new Uint8Array(0))];
	expect(entries[1]?.kind === "item" && entries[1].entry).toMatchObject({ lostMs: 32_000 });
});

test("where the card was behind, what was lost at most reaches to the time that was kept", async () => {
	const { facts } = cutOff(2);
	const last = testCheckpoint(1);
	if (last.type !== "checkpoint") throw new Error("it is no checkpoint");
	const { lastMs, monotonicMs } = last;
	for (const [runsUntilMs, until] of [
		[monotonicMs + 9000, monotonicMs + 9000],
		[monotonicMs + 1, monotonicMs + 2000],
	] as const) {
		const end = await signRecovery({ ...facts, runsUntilMs });
		const [item] = readCustody(end?.record ?? new Uint8Array(0));
		expect(item?.kind === "item" && item.entry).toMatchObject({ lostMs: until - lastMs });
	}
});

test("a record of another key, and one whose end cannot be read, are not gone on with", async () => {
	const { facts } = cutOff(2);
	expect(await signRecovery({ ...facts, signer: testSigner(9) })).toBeUndefined();
	const torn = { ...facts.interrupted, readRecord: async () => Uint8Array.of(1, 2, 3) };
	expect(await signRecovery({ ...facts, interrupted: torn })).toBeUndefined();
	const empty = { ...facts.interrupted, readRecord: async () => new Uint8Array(0) };
	expect(await signRecovery({ ...facts, interrupted: empty })).toBeUndefined();
});
