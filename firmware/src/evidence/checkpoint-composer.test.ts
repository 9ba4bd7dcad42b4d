import { CUSTODY_STATES } from "@bodycam/protocol/custody/terms";
import { CustodyWriter } from "@bodycam/protocol/custody/writer";
import { nodeTrustCrypto, testSigner } from "@bodycam/protocol/testing/node-crypto";
import { keyIdentifier } from "@bodycam/protocol/trust/signed-document";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import {
	CHECKPOINT_BYTES_MAX,
	type CheckpointFacts,
	COMPOSER_BYTES,
	createCheckpointComposer,
} from "./checkpoint-composer.ts";

const BEFORE = 0;
const DIGEST = 32;
const HASH = 64;
const ITEM = 128;
const REGION = 1024;
const signer = testSigner(3);

function setup() {
	const memory = createNodeMediaMemory(REGION + COMPOSER_BYTES);
	const composer = createCheckpointComposer(memory, { at: REGION, bytes: COMPOSER_BYTES });
	composer.begin(keyIdentifier(signer.publicKey, nodeTrustCrypto));
	const sign = (at: number, length: number, to: number) =>
		memory.bytes.set(signer.sign(memory.bytes.slice(at, at + length)), to);
	return { memory, composer, sign };
}

const count = fc.oneof(fc.nat(30), fc.nat(300), fc.nat(70_000), fc.nat(0xffff_ffff));
const long = fc.oneof(count, fc.maxSafeNat());
const facts: fc.Arbitrary<CheckpointFacts> = fc.record({
	item: count,
	monotonicMs: long,
	wallMs: fc.oneof(fc.constant(-1), long),
	wallUncertaintyMs: long,
	segment: count,
	offset: long,
	bytes: long.map((bytes) => Math.max(1, bytes)),
	firstMs: fc.oneof(long, fc.integer({ min: -1000, max: -1 })),
	lastMs: fc.oneof(long, fc.integer({ min: -1000, max: -1 })),
	state: fc.nat(CUSTODY_STATES.length - 1),
	preRecord: fc.boolean(),
	sound: fc.boolean(),
});
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });

/** One that states nothing in particular. */
const PLAIN: CheckpointFacts = {
	item: 1,
	monotonicMs: 2,
	wallMs: -1,
	wallUncertaintyMs: 0,
	segment: 1,
	offset: 0,
	bytes: 1,
	firstMs: 0,
	lastMs: 0,
	state: 0,
	preRecord: false,
	sound: false,
};

test("a checkpoint is, byte for byte, what the record's writer makes of the same", () => {
	const { memory, composer, sign } = setup();
	fc.assert(
		fc.property(facts, hash, hash, (given, before, sha256) => {
			const { item, wallMs, wallUncertaintyMs, state, monotonicMs, ...rest } = given;
			const writer = new CustodyWriter({ item, before }, signer, nodeTrustCrypto);
			const expected = writer.append({
				type: "checkpoint",
				monotonicMs,
				...(wallMs < 0 ? {} : { wallMs, wallUncertaintyMs }),
				...rest,
				sha256,
				state: CUSTODY_STATES[state] ?? "recording",
			});
			memory.bytes.set(before, BEFORE);
			memory.bytes.set(sha256, DIGEST);
			const length = composer.compose(given, BEFORE);
			composer.finish(DIGEST, ITEM, HASH, sign);
			const made = memory.bytes.slice(ITEM, ITEM + length);
			expect(length).toBe(expected.length);
			expect(length).toBeLessThanOrEqual(CHECKPOINT_BYTES_MAX);
			expect(made).toEqual(expected);
			expect(memory.bytes.slice(HASH, HASH + 32)).toEqual(writer.place.before);
		}),
	);
});

test("it never leaves its region, and refuses one that is too small", () => {
	const { memory, composer } = setup();
	composer.compose(PLAIN, BEFORE);
	expect(memory.bytes.subarray(0, REGION).every((byte) => byte === 0)).toBe(true);
	expect(() => createCheckpointComposer(memory, { at: 0, bytes: COMPOSER_BYTES - 1 })).toThrow(RangeError);
});
