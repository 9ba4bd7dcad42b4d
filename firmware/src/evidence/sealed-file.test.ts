import { createHash } from "node:crypto";
import { AgeError } from "@bodycam/protocol/age/age-error";
import { CHUNK_BYTES } from "@bodycam/protocol/age/stream";
import { concatenate } from "@bodycam/protocol/cose/head";
import { custodyGenesis } from "@bodycam/protocol/custody/chain";
import { readCustody } from "@bodycam/protocol/custody/reader";
import { verifyCustody } from "@bodycam/protocol/custody/verify";
import { nodeAgeCrypto } from "@bodycam/protocol/testing/node-age-crypto";
import { nodeTrustCrypto, testSigner } from "@bodycam/protocol/testing/node-crypto";
import { openAgeFile } from "@bodycam/protocol/testing/open-age-file";
import { expect, test } from "vitest";
import { NativeAuthenticatedCipher } from "../board/authenticated-cipher.ts";
import { MAX_CLOSING_RECORD_BYTES, type RecordingWriter } from "../storage/store-interface.ts";
import { createFakeNative } from "../testing/fake-native.ts";
import { createSealedFile, EVIDENCE_BYTES, type SealStart } from "./sealed-file.ts";

const REGION = 1024 * 1024;
const key = (value: number) => new Uint8Array(32).fill(value);
const identities = [key(1), key(2)];
const recipients = identities.map((identity) => nodeAgeCrypto.publicKey(identity));
const FINAL = { durationMs: 900, preRecordMs: 100, reason: "button" } as const;

/** A card that takes a few bytes at a time, and none when it is told so. */
class FakeWriter implements RecordingWriter {
	readonly number = 1;
	live = true;
	full = false;
	/** Bytes it takes before it says that it has to catch up. */
	patience = Number.POSITIVE_INFINITY;
	readonly files: Uint8Array[] = [];
	readonly records: Uint8Array[] = [];
	last = false;
	private readonly bytesOf: (at: number, length: number) => Uint8Array;
	private open: Uint8Array[] = [];
	private lengths: readonly [number, number] = [0, 0];

	constructor(bytesOf: (at: number, length: number) => Uint8Array) {
		this.bytesOf = bytesOf;
	}

	get bytes(): number {
		return this.files.reduce((sum, { length }) => sum + length, 0);
	}

	get segments(): number {
		return this.files.length;
	}

	beginSegment(bytes: number, recordBytes: number): boolean {
		if (this.full) return false;
		this.lengths = [bytes, recordBytes];
		this.open = [];
		return true;
	}

	beginLastSegment(bytes: number, recordBytes: number): boolean {
		this.lengths = [bytes, recordBytes];
		this.open = [];
		this.last = true;
		return true;
	}

	write(at: number, length: number): number {
		const taken = Math.min(length, 5000, this.patience);
		this.patience -= taken;
		if (taken > 0) this.open.push(this.bytesOf(at, taken));
		return taken;
	}

	seal(): void {
		const all = concatenate(...this.open);
		const [bytes, recordBytes] = this.lengths;
		expect(all.length).toBe(bytes + recordBytes);
		this.files.push(all.slice(0, bytes));
		this.records.push(all.slice(bytes));
	}

	close(): void {
		throw new Error("the store closes it");
	}
}

function setup(wallMs: number | undefined = 1_790_000_000_000) {
	const native = createFakeNative(REGION + EVIDENCE_BYTES);
	let now = 5000;
	let random = 100;
	const file = createSealedFile({
		memory: native,
		region: { at: REGION, bytes: EVIDENCE_BYTES },
		openCipher: (region) => new NativeAuthenticatedCipher({ native, region }),
		random: { fill: (at, length) => native.bytes.fill(random++, at, at + length) },
		crypto: nodeTrustCrypto,
		clock: { monotonicMs: () => now++, wallMs: () => wallMs, wallUncertaintyMs: () => 20 },
	});
	const signer = {
		...testSigner(3),
		signMemory: (at: number, length: number, to: number) =>
			native.bytes.set(testSigner(3).sign(native.bytes.slice(at, at + length)), to),
	};
	const start: SealStart = {
		recipients,
		signer,
		before: custodyGenesis("0badcafe", nodeTrustCrypto),
		header: {
			device: "0badcafe",
			recording: 1,
			seeded: false,
			image: key(7),
			policy: key(8),
			source: "button",
			preRecordMs: 0,
		},
	};
	const writer = new FakeWriter((at, length) => native.bytes.slice(at, at + length));
	const secrets = () => native.bytes.subarray(REGION).some((byte) => byte !== 0);
	return { native, file, start, writer, secrets };
}

type Rig = ReturnType<typeof setup>;

/** Plaintext that a seed makes. */
const content = (length: number, seed: number) =>
	Uint8Array.from({ length }, (_, i) => (seed * 101 + i * 7 + (i >> 9)) & 0xff);

/** Writes a segment with `used` bytes that are not padding. @returns its plaintext */
function segment({ native, file, writer }: Rig, used: number, seed: number, last = false): Uint8Array {
	const length = last ? used : Math.ceil(used / CHUNK_BYTES) * CHUNK_BYTES;
	const bytes = content(used, seed);
	const times = [1000 * seed, 1000 * seed + 999] as const;
	expect(file.beginSegment(length, last, 0, ...times, false, true)).toBe(true);
	native.bytes.set(bytes, 4096);
	writer.patience = 10_000;
	const again = <T>(step: () => T, done: (result: T) => boolean) => {
		for (let tries = 0; !done(step()); tries++) {
			if (tries > 1000) throw new Error("it makes no progress");
			writer.patience = 10_000;
		}
	};
	let at = 0;
	again(
		() => {
			at += file.write(4096 + at, used - at);
		},
		() => at === used,
	);
	again(
		() => file.pad(),
		(done) => done,
	);
	again(
		() => file.seal(),
		(done) => done,
	);
	return concatenate(bytes, new Uint8Array(length - used));
}

function verify(record: Uint8Array, age: Uint8Array) {
	const digest = (offset: number, bytes: number) =>
		new Uint8Array(
			createHash("sha256")
				.update(age.subarray(offset, offset + bytes))
				.digest(),
		);
	return verifyCustody(
		record,
		{ bytes: age.length, digest },
		{ crypto: nodeTrustCrypto, key: testSigner(3).publicKey },
	);
}

const types = (record: Uint8Array) =>
	[...readCustody(record)].map((piece) => (piece.kind === "item" ? piece.entry.type : piece.why));

test("it is an age file for each recipient, and its record vouches for every byte", async () => {
	const rig = setup();
	rig.file.prepare(rig.start);
	rig.file.open(rig.writer);
	const parts = [segment(rig, 700, 1), segment(rig, 150_000, 2)];
	rig.file.happened({ type: "marker", atMs: 5 });
	parts.push(segment(rig, 65_536, 3), segment(rig, 70_000, 4, true));
	const age = concatenate(...rig.writer.files);
	const end = rig.file.end(age.length, 4, FINAL);
	const record = concatenate(...rig.writer.records, end.record);
	for (const identity of identities) {
		const { plaintext, whole } = openAgeFile(age, identity);
		expect(whole).toBe(true);
		expect(Buffer.from(plaintext).equals(Buffer.concat(parts))).toBe(true);
	}
	const { verdict, findings, hash, verified } = await verify(record, age);
	expect({ verdict, failures: findings.filter(({ severity }) => severity === "failure") }).toEqual({
		verdict: "complete",
		failures: [],
	});
	expect(verified).toBe(4);
	expect(hash).toEqual(end.hash);
	expect(types(record)).toEqual([
		"header",
		"checkpoint",
		"checkpoint",
		"event",
		"checkpoint",
		"checkpoint",
		"final",
	]);
	expect(rig.writer.last).toBe(true);
});

test("after a fault the record ends behind what is kept, and says what was lost", async () => {
	const rig = setup(undefined);
	rig.file.prepare(rig.start);
	rig.file.open(rig.writer);
	segment(rig, 700, 1);
	segment(rig, 700, 2);
	segment(rig, 700, 3);
	const kept = rig.writer.files.slice(0, 2);
	const age = concatenate(...kept);
	const { record } = rig.file.end(age.length, 2, { ...FINAL, reason: "card-error" });
	const whole = concatenate(...rig.writer.records.slice(0, 2), record);
	expect((await verify(whole, age)).verdict).toBe("interrupted");
	const last = [...readCustody(record)][0];
	expect(last?.kind === "item" && last.entry).toMatchObject({
		type: "recovery",
		segments: 2,
		bytes: age.length,
		cutBytes: rig.writer.files[2]?.length,
		cutRecordBytes: rig.writer.records[2]?.length,
		reason: "card-error",
	});
});

test("a recording of which nothing was kept still has header and end", async () => {
	const rig = setup();
	rig.file.prepare(rig.start);
	rig.file.open(rig.writer);
	segment(rig, 700, 1);
	const { record } = rig.file.end(0, 0, { ...FINAL, reason: "card-error" });
	expect(types(record)).toEqual(["header", "recovery"]);
	expect((await verify(record, new Uint8Array(0))).verdict).toBe("interrupted");
});

test("header and end fit what the store keeps, with the most recipients and the longest certificates too", () => {
	const rig = setup();
	const many = Array.from({ length: 16 }, (_, index) => nodeAgeCrypto.publicKey(key(index + 10)));
	const certificates = { deviceSigning: new Uint8Array(512), device: new Uint8Array(512) };
	const header = { ...rig.start.header, certificates };
	rig.file.prepare({ ...rig.start, recipients: many, header });
	rig.file.open(rig.writer);
	const { record } = rig.file.end(0, 0, { ...FINAL, reason: "card-error" });
	expect(types(record)).toEqual(["header", "recovery"]);
	expect(record.length).toBeLessThanOrEqual(MAX_CLOSING_RECORD_BYTES);
});

test("what happened is in the record although the card had no room in between", () => {
	const rig = setup();
	rig.file.prepare(rig.start);
	rig.file.open(rig.writer);
	segment(rig, 700, 1);
	rig.file.happened({ type: "marker", atMs: 5 });
	rig.writer.full = true;
	expect(rig.file.beginSegment(CHUNK_BYTES, false, 0, 1, 2, false, true)).toBe(false);
	rig.file.happened({ type: "marker", atMs: 6 });
	segment(rig, 500, 2, true);
	rig.file.happened({ type: "marker", atMs: 7 });
	const age = concatenate(...rig.writer.files);
	const { record } = rig.file.end(age.length, 2, FINAL);
	const expected = ["header", "checkpoint", "event", "event", "checkpoint", "event", "final"];
	expect(types(concatenate(...rig.writer.records, record))).toEqual(expected);
});

test("nothing secret is left after its end, after giving it up, and after recipients that cannot be encrypted to", () => {
	const rig = setup();
	rig.file.prepare(rig.start);
	rig.file.open(rig.writer);
	segment(rig, 700, 1);
	expect(rig.secrets()).toBe(true);
	rig.file.end(0, 0, FINAL);
	expect(rig.secrets()).toBe(false);
	rig.file.prepare(rig.start);
	rig.file.wipe();
	expect(rig.secrets()).toBe(false);
	expect(() => rig.file.prepare({ ...rig.start, recipients: [key(0)] })).toThrow(AgeError);
	expect(rig.secrets()).toBe(false);
});

test("of the file key nothing is left once the header is written", () => {
	const rig = setup();
	rig.file.prepare(rig.start);
	// The fake source of randomness fills with a byte of its own each time: the file key and the ephemeral keys are 100.
	const run = Buffer.alloc(16, 100);
	expect(Buffer.from(rig.native.bytes).includes(run)).toBe(false);
});

test("two recordings have different keys, and the second follows the first", async () => {
	const rig = setup();
	const files: Uint8Array[] = [];
	let before = rig.start.before;
	for (const recording of [1, 2]) {
		const writer = new FakeWriter((at, length) => rig.native.bytes.slice(at, at + length));
		rig.file.prepare({ ...rig.start, before, header: { ...rig.start.header, recording } });
		rig.file.open(writer);
		segment({ ...rig, writer }, 700, 1);
		segment({ ...rig, writer }, 7, 2, true);
		const age = concatenate(...writer.files);
		files.push(age);
		const { record, hash } = rig.file.end(age.length, 2, FINAL);
		before = hash;
		expect((await verify(concatenate(...writer.records, record), age)).verdict).toBe("complete");
	}
	expect(files[0]).not.toEqual(files[1]);
});
