import { createHash } from "node:crypto";
import { cardBytes } from "@bodycam/protocol/card/card-bytes";
import { CardError, CardReader } from "@bodycam/protocol/card/reader";
import { decodeSegmentHeader } from "@bodycam/protocol/card/segment";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootStore, openRecording } from "../testing/store-rig.ts";

const SECTORS = 32 * 2048;

function source(image: Uint8Array) {
	return {
		sectors: image.length / 512,
		read: (sector: number, count: number) => image.subarray(sector * 512, (sector + count) * 512),
	};
}

function digest() {
	const hash = createHash("sha256");
	return {
		update: (bytes: Uint8Array) => void hash.update(bytes),
		digest: () => new Uint8Array(hash.digest()),
	};
}

async function extract(reader: CardReader, number: number): Promise<Buffer> {
	const parts: Uint8Array[] = [];
	for await (const { part, bytes } of reader.extract(number, digest)) if (part === "age") parts.push(bytes);
	return Buffer.concat(parts);
}

/** Where a segment lies in an image. */
function segmentAt(image: Uint8Array, number: number, index: number): number {
	for (let at = 0; at < image.length; at += 512) {
		const header = decodeSegmentHeader(cardBytes(image.subarray(at, at + 512)), 0);
		if (header?.number === number && header.index === index) return at;
	}
	throw new Error(`no segment ${index} of recording ${number}`);
}

/** A card with two closed recordings and one that is cut off. */
async function card() {
	const rig = bootStore({ sectors: SECTORS });
	await rig.settle();
	const contents: Buffer[] = [];
	for (const count of [3, 40, 5]) {
		const recording = openRecording(rig, `opening ${count}`);
		const parts = [];
		for (let i = 0; i < count; i++) parts.push(await recording.segment(1000 + i * 7919, i + count, 33));
		contents.push(Buffer.concat(parts));
		await rig.timers.advance(100_000);
		if (count !== 5) await recording.close();
	}
	return { image: rig.card.image, contents };
}

describe("card reader", () => {
	it("lists and extracts closed and unfinished recordings without a camera", async () => {
		const { image, contents } = await card();
		const reader = await CardReader.open(source(image));
		expect(reader.recordings.map(({ number, state, bytes }) => [number, state, bytes])).toEqual([
			[1, "complete", contents[0]?.length],
			[2, "complete", contents[1]?.length],
			[3, "unfinished", contents[2]?.length],
		]);
		expect(new TextDecoder().decode(reader.recordings[2]?.metadata)).toBe("opening 5");
		for (const [i, expected] of contents.entries())
			expect((await extract(reader, i + 1)).equals(expected)).toBe(true);
	});

	it("leaves a torn last segment of an unfinished recording out", async () => {
		const { image, contents } = await card();
		const torn = image.slice();
		torn.fill(0, segmentAt(torn, 3, 4) + 9000, segmentAt(torn, 3, 4) + 9100);
		const reader = await CardReader.open(source(torn));
		const last = 1000 + 4 * 7919;
		expect(reader.recordings[2]?.bytes).toBe((contents[2]?.length ?? 0) - last);
		expect((await extract(reader, 3)).length).toBe((contents[2]?.length ?? 0) - last);
	});

	it("says which recording is damaged, and where, after the bytes before", async () => {
		const { image, contents } = await card();
		const damaged = image.slice();
		const at = segmentAt(damaged, 2, 10) + 300;
		damaged[at] = (damaged[at] ?? 0) ^ 1;
		const reader = await CardReader.open(source(damaged));
		await expect(extract(reader, 2)).rejects.toThrow(/recording 2 is damaged at byte/);
		expect((await extract(reader, 1)).equals(contents[0] as Buffer)).toBe(true);
	});

	/** The error of an extraction, and the bytes that came before it. */
	async function failure(reader: CardReader, number: number): Promise<{ error: CardError; given: Buffer }> {
		const parts: Uint8Array[] = [];
		try {
			for await (const { part, bytes } of reader.extract(number, digest))
				if (part === "age") parts.push(bytes);
		} catch (error) {
			if (error instanceof CardError) return { error, given: Buffer.concat(parts) };
		}
		throw new Error("it is not damaged");
	}

	const lengthOf = (first: number, last: number) => {
		let bytes = 0;
		for (let i = first; i <= last; i++) bytes += 1000 + i * 7919;
		return bytes;
	};

	it.each([
		["payload", 300],
		["header", 8],
	])("tells what is whole before and behind a segment with a damaged %s", async (_part, offset) => {
		const { image, contents } = await card();
		const damaged = image.slice();
		const at = segmentAt(damaged, 2, 10) + offset;
		damaged[at] = (damaged[at] ?? 0) ^ 1;
		const { error, given } = await failure(await CardReader.open(source(damaged)), 2);
		expect(error.damage).toEqual({
			whole: lengthOf(0, 9),
			wholeRecord: 330,
			segmentsBehind: 29,
			bytesBehind: lengthOf(11, 39),
		});
		const whole = lengthOf(0, 9);
		expect(given.subarray(0, whole).equals((contents[1] as Buffer).subarray(0, whole))).toBe(true);
	});

	it("goes on behind sectors that the card does not give", async () => {
		const { image } = await card();
		const bad = segmentAt(image, 2, 10) / 512;
		const good = source(image);
		const reader = await CardReader.open({
			...good,
			read(sector, count) {
				if (sector <= bad && bad < sector + count) throw new CardError("damaged", "a bad sector");
				return good.read(sector, count);
			},
		});
		expect((await failure(reader, 2)).error.damage).toEqual({
			whole: lengthOf(0, 9),
			wholeRecord: 330,
			segmentsBehind: 29,
			bytesBehind: lengthOf(11, 39),
		});
	});

	it("tells which numbers are missing when the journal is damaged", async () => {
		const { image } = await card();
		const damaged = image.slice();
		// The first four entries: open and close of two recordings, a sector each.
		const { superblock } = await CardReader.open(source(image));
		damaged.fill(0, superblock.journalStart * 512, (superblock.journalStart + 4) * 512);
		const reader = await CardReader.open(source(damaged));
		expect(reader.recordings.map(({ number }) => number)).toEqual([3]);
		expect(reader.missing).toEqual([{ first: 1, last: 2 }]);
		expect((await CardReader.open(source(image))).missing).toEqual([]);
	});

	it("refuses what is not the card of a camera, and a number that is not there", async () => {
		await expect(CardReader.open(source(new Uint8Array(1 << 20)))).rejects.toThrow(CardError);
		const { image } = await card();
		const reader = await CardReader.open(source(image));
		await expect(extract(reader, 9)).rejects.toThrow("no recording 9");
	});

	it("fails cleanly on any damage", async () => {
		const { image } = await card();
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.tuple(fc.integer({ min: 0, max: 2_000_000 }), fc.integer({ min: 0, max: 255 })), {
					minLength: 1,
					maxLength: 60,
				}),
				async (damages) => {
					const damaged = image.slice();
					for (const [at, value] of damages) damaged[at < 1_000_000 ? at % 200_000 : at] = value;
					try {
						const reader = await CardReader.open(source(damaged));
						for (const { number } of reader.recordings) await extract(reader, number);
					} catch (error) {
						expect(error).toBeInstanceOf(CardError);
					}
				},
			),
			{ seed: 1, numRuns: 25 },
		);
	});
});
