import { createHash } from "node:crypto";
import { CardReader, type RecordingPiece } from "@bodycam/protocol/card/reader";
import { describe, expect, it } from "vitest";
import { bootStore, content, FINAL, openRecording, RECOVERY, record, settled } from "../testing/store-rig.ts";
import type { Closing, InterruptedRecording } from "./store-interface.ts";

const MIB = 2048;
const SEGMENTS: readonly (readonly [bytes: number, record: number])[] = [
	[66_000, 2300],
	[1, 0],
	[300_000, 700],
	[130_000, 1],
	[262_208, 4096],
];

async function recorded(options: Partial<Parameters<typeof bootStore>[0]> = {}) {
	const rig = bootStore({ sectors: 32 * MIB, ...options });
	await rig.settle();
	const recording = openRecording(rig);
	for (const [i, [bytes, items]] of SEGMENTS.entries()) await recording.segment(bytes, i, items);
	await rig.timers.advance(100_000);
	const age = Buffer.concat(SEGMENTS.map(([bytes], i) => content(bytes, i)));
	const items = Buffer.concat(SEGMENTS.map(([, length], i) => record(length, i)));
	return { ...rig, recording, age, items };
}

function reader(image: Uint8Array) {
	return CardReader.open({
		sectors: image.length / 512,
		read: (sector, count) => image.subarray(sector * 512, (sector + count) * 512),
	});
}

async function extracted(card: CardReader): Promise<{ age: Buffer; custody: Buffer }> {
	const files: Record<RecordingPiece["part"], Uint8Array[]> = { age: [], custody: [] };
	for await (const { part, bytes } of card.extract(1)) files[part].push(bytes);
	return { age: Buffer.concat(files.age), custody: Buffer.concat(files.custody) };
}

describe("the custody record in the segments", () => {
	it("comes back apart from the age file, its end from the close entry, and the digest is of the age file", async () => {
		const rig = await recorded();
		const { sha256, bytes } = await rig.recording.close();
		expect(bytes).toBe(rig.age.length);
		expect(Buffer.from(sha256)).toEqual(createHash("sha256").update(rig.age).digest());
		expect(Buffer.compare(await rig.read(1), rig.age)).toBe(0);
		const whole = Buffer.concat([rig.items, FINAL]);
		expect(Buffer.compare(await rig.readRecord(1), whole)).toBe(0);
		expect(rig.store.find(1)).toMatchObject({ bytes: rig.age.length, recordBytes: whole.length });
	});

	it("is read from any offset", async () => {
		const rig = await recorded();
		await rig.recording.close();
		const whole = Buffer.concat([rig.items, FINAL]);
		for (const offset of [
			whole.length - 3,
			2299,
			0,
			3000,
			rig.items.length,
			whole.length,
			whole.length + 5,
		]) {
			const taken = await settled(rig.timers, rig.store.readRecord(1, offset, 1000, 0));
			expect(Buffer.from(rig.memory.bytes.subarray(0, taken))).toEqual(whole.subarray(offset, offset + 1000));
		}
	});

	it("is read from the card without a camera", async () => {
		const rig = await recorded();
		await rig.recording.close();
		const card = await reader(rig.card.image);
		expect(card.recordings[0]).toMatchObject({ bytes: rig.age.length, recordBytes: rig.items.length + 5 });
		const { age, custody } = await extracted(card);
		expect(Buffer.compare(age, rig.age)).toBe(0);
		expect(custody).toEqual(Buffer.concat([rig.items, FINAL]));
	});

	it("of a recording that is cut off is there for the part that is whole", async () => {
		const rig = await recorded();
		const card = await reader(rig.card.image);
		expect(card.recordings[0]).toMatchObject({ state: "unfinished", recordBytes: rig.items.length });
		expect((await extracted(card)).custody).toEqual(rig.items);
	});
});

describe("closing a recording that was cut off", () => {
	it("tells what is kept and lets the record be read, waits for its end, and keeps that", async () => {
		const rig = await recorded();
		let told: InterruptedRecording | undefined;
		let finish: ((closing: Closing) => void) | undefined;
		const again = bootStore({
			sectors: 32 * MIB,
			image: rig.card.image,
			describe: (interrupted) =>
				new Promise((resolve) => {
					told = interrupted;
					finish = resolve;
				}),
		});
		await again.timers.advance(2_000_000);
		expect(again.store.status()).toMatchObject({ state: "ready", recovering: true, next: 2 });
		expect(told).toMatchObject({
			number: 1,
			bytes: rig.age.length,
			segments: SEGMENTS.length,
			recordBytes: rig.items.length,
			lastRecordBytes: 4096,
			cutBytes: 0,
			cutRecordBytes: 0,
		});
		const items = await settled(again.timers, told?.readRecord(0, 100_000) ?? Promise.reject());
		expect(Buffer.compare(items, rig.items)).toBe(0);
		expect(again.recovered).toEqual([]);
		finish?.({ metadata: Buffer.from("told"), record: Buffer.from("signed") });
		await again.settle();
		expect(again.recovered).toEqual([1]);
		expect(again.store.find(1)).toMatchObject({ state: "interrupted" });
		expect((await again.readRecord(1)).subarray(-6).toString()).toBe("signed");
		expect(await settled(again.timers, again.store.closing(1))).toEqual({
			metadata: new Uint8Array(Buffer.from("told")),
			record: new Uint8Array(Buffer.from("signed")),
		});
	});

	it("says how much of a torn segment is cut off", async () => {
		const rig = await recorded();
		const image = rig.card.image.slice();
		const at = Buffer.from(image.buffer).lastIndexOf("BSEG");
		image.fill(0, at + 512 * 20, at + 512 * 21);
		let told: InterruptedRecording | undefined;
		const again = bootStore({
			sectors: 32 * MIB,
			image,
			async describe(interrupted) {
				told = interrupted;
				return undefined;
			},
		});
		await again.settle();
		expect(told).toMatchObject({ segments: 4, cutBytes: 262_208, cutRecordBytes: 4096, lastRecordBytes: 1 });
	});

	it("does not keep a card from being taken out, or formatted, while it waits", async () => {
		const rig = await recorded();
		const again = bootStore({
			sectors: 32 * MIB,
			image: rig.card.image,
			describe: () => new Promise(() => undefined),
		});
		await again.timers.advance(1_000_000);
		again.card.remove();
		await again.timers.advance(100_000);
		again.card.insert();
		await again.timers.advance(1_000_000);
		expect(again.store.status()).toMatchObject({ state: "ready", recovering: true, recordings: 1 });
		await settled(again.timers, again.store.format());
		expect(again.store.status()).toMatchObject({ state: "ready", recordings: 0 });
	});

	it("keeps the record as far as it goes when nobody can make its end", async () => {
		const rig = await recorded();
		const again = bootStore({
			sectors: 32 * MIB,
			image: rig.card.image,
			describe: () => Promise.reject(new Error("not understood")),
		});
		await again.settle();
		expect(again.store.find(1)).toMatchObject({ state: "interrupted", recordBytes: rig.items.length });
	});

	it("leaves out an end that is too long to be kept", async () => {
		const rig = await recorded();
		const again = bootStore({
			sectors: 32 * MIB,
			image: rig.card.image,
			describe: async (_interrupted, metadata) => ({ metadata, record: new Uint8Array(5000) }),
		});
		await again.settle();
		expect(again.store.status()).toMatchObject({ state: "ready", fault: undefined });
		expect(again.store.find(1)).toMatchObject({ state: "interrupted", recordBytes: rig.items.length });
	});

	it("is put off when it is another camera's: read it can be, and the next boot asks again", async () => {
		const rig = await recorded();
		let asked = 0;
		const open = (image: Uint8Array) =>
			bootStore({
				sectors: 32 * MIB,
				image,
				describe: async (_interrupted, metadata) =>
					++asked < 2 ? undefined : { metadata, record: RECOVERY },
			});
		const second = open(rig.card.image);
		await second.settle();
		expect(second.store.find(1)).toMatchObject({ state: "interrupted", bytes: rig.age.length });
		expect(Buffer.compare(await second.readRecord(1), rig.items)).toBe(0);
		expect(second.recovered).toEqual([]);
		const third = open(second.card.image);
		await third.settle();
		expect(third.recovered).toEqual([1]);
	});
});
