import { beforeAll, describe, expect, it } from "vitest";
import { bootStore, openRecording, type StoreRig } from "../testing/store-rig.ts";

const SECTOR = 512;
const PIECE = 4000;

let rig: StoreRig;
let whole: Buffer;
let other: Buffer;

async function record(segments: number): Promise<Buffer> {
	const recording = openRecording(rig);
	const parts = [];
	for (let i = 0; i < segments; i++) parts.push(await recording.segment(300_000 + i * 531, i + segments));
	await recording.close();
	return Buffer.concat(parts);
}

beforeAll(async () => {
	rig = bootStore({ sectors: 64 * 2048 });
	await rig.settle();
	whole = await record(30);
	other = await record(5);
});

/** Reads a piece, checks it, and gives its length. */
async function piece(number: number, offset: number): Promise<number> {
	let taken: number | undefined;
	rig.store.read(number, offset, PIECE, 0).then((bytes) => {
		taken = bytes;
	});
	while (taken === undefined) await rig.timers.advance(1000);
	const wanted = (number === 1 ? whole : other).subarray(offset, offset + PIECE);
	expect(Buffer.compare(rig.memory.bytes.subarray(0, taken), wanted)).toBe(0);
	return taken;
}

/** Bytes read from the card while `run` runs. */
async function fromCard(run: () => Promise<void>): Promise<number> {
	const before = rig.card.sectorsRead;
	await run();
	return (rig.card.sectorsRead - before) * SECTOR;
}

describe("reading from a card", () => {
	it.each([
		["one reader", [0]],
		["two readers far apart", [0, 7_000_000]],
		["two readers side by side", [0, 20_000]],
		["four readers", [0, 2_000_000, 4_000_000, 6_000_000]],
	])("with %s takes little more than the bytes given out", async (_, starts) => {
		const places = [...starts];
		const length = 1_500_000;
		const bytes = await fromCard(async () => {
			for (let given = 0; given < length; given += PIECE)
				for (let reader = 0; reader < places.length; reader++)
					places[reader] = (places[reader] ?? 0) + (await piece(1, places[reader] ?? 0));
		});
		expect(bytes).toBeLessThan(1.2 * length * starts.length + 100_000);
	});

	it("from two recordings by turns takes little more than the bytes given out", async () => {
		const bytes = await fromCard(async () => {
			for (let at = 0; at < 1_000_000; at += PIECE) {
				await piece(1, 5_000_000 + at);
				await piece(2, at);
			}
		});
		expect(bytes).toBeLessThan(1.2 * 2_000_000 + 100_000);
	});

	it("in another order than the bytes have does not read them again", async () => {
		const bytes = await fromCard(async () => {
			for (let at = 3_000_000; at < 4_000_000; at += 8 * PIECE)
				for (let piecesBack = 7; piecesBack >= 0; piecesBack--) await piece(1, at + piecesBack * PIECE);
		});
		expect(bytes).toBeLessThan(2 * 1_000_000);
	});

	it("from the end of a recording looks at its segments without reading them", async () => {
		const bytes = await fromCard(async () => {
			await piece(2, 0);
			await piece(1, whole.length - PIECE);
		});
		expect(bytes).toBeLessThan(200_000);
	});
});
