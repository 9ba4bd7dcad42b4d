import { CardReader } from "@bodycam/protocol/card/reader";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../testing/fake-card.ts";
import { bootStore, content, openRecording, type StoreRig } from "../testing/store-rig.ts";
import { PowerCut } from "../testing/virtual-timers.ts";

const SECTORS = 6 * 2048;
const SEGMENTS = [700, 3000, 150_000, 20];

/** What a test knows to be on the card at the moment of a cut. */
interface Known {
	/** Bytes of each recording that were reported safe. */
	readonly safe: number[];
	/** Recordings reported closed. */
	readonly closed: Set<number>;
}

const whole = (recording: number) =>
	Buffer.concat(SEGMENTS.map((length, i) => content(length, recording * 10 + i)));

/** Two recordings after what is there, each of four segments. */
async function scenario(rig: StoreRig, known: Known): Promise<void> {
	await rig.settle();
	for (let n = 0; n < 2; n++) {
		const recording = openRecording(rig, `opening ${n}`);
		const { number } = recording.writer;
		known.safe[number] = 0;
		for (const [i, length] of SEGMENTS.entries()) {
			await recording.segment(length, number * 10 + i);
			for (let ms = 0; ms < 20; ms++) {
				await rig.timers.advance(1000);
				known.safe[number] = recording.safe();
			}
		}
		await recording.close();
		known.closed.add(number);
	}
}

/** Runs until the power is cut in write `cut`. @returns what is known, or undefined when it ended before */
async function runUntil(rig: StoreRig, cut: number): Promise<Known | undefined> {
	const known: Known = { safe: [], closed: new Set() };
	rig.card.onWrite = (index) => {
		if (index < cut) return true;
		rig.timers.halt();
		return false;
	};
	try {
		await scenario(rig, known);
		return undefined;
	} catch (error) {
		if (error instanceof PowerCut) return known;
		throw error;
	}
}

/** Boots what is left and checks it; then records once more and checks that too. */
async function verify(left: Uint8Array, known: Known, label: string): Promise<void> {
	const rig = bootStore({ sectors: SECTORS, image: left });
	await rig.settle();
	expect(rig.store.status(), label).toMatchObject({ state: "ready", recovering: false });
	const recordings = rig.store.list(1, 100);
	expect(
		recordings.map(({ number }) => number),
		label,
	).toEqual(recordings.map((_, i) => i + 1));
	for (let number = 1; number < known.safe.length; number++) {
		const safe = known.safe[number] ?? 0;
		const found = recordings[number - 1];
		if (safe === 0 && found === undefined) continue;
		expect(found?.bytes, label).toBeGreaterThanOrEqual(safe);
		expect(found?.state, label).not.toBe("recording");
		if (known.closed.has(number)) expect(found?.state, label).toBe("complete");
		const bytes = Buffer.from(await rig.read(number));
		expect(bytes.length, label).toBe(found?.bytes);
		expect(bytes.equals(whole(number).subarray(0, bytes.length)), label).toBe(true);
	}
	const next = openRecording(rig);
	expect(next.writer.number, label).toBe(recordings.length + 1);
	await next.segment(5000, 3);
	await next.close();
	const { image } = rig.card;
	const reader = await CardReader.open({
		sectors: SECTORS,
		read: (sector, count) => image.subarray(sector * 512, (sector + count) * 512),
	});
	expect(
		reader.recordings.map(({ bytes }) => bytes),
		label,
	).toEqual([...recordings.map(({ bytes }) => bytes), 5000]);
	for (const { number } of reader.recordings) {
		let length = 0;
		for await (const { part, bytes } of reader.extract(number)) if (part === "age") length += bytes.length;
		expect(length, label).toBe(reader.recordings[number - 1]?.bytes);
	}
}

/** What may become of the writes that were under way: nothing, all, half of each, chance. */
const FATES: readonly [string, (seed: number) => () => number][] = [
	["nothing arrived", () => () => 0],
	["all arrived", () => () => 0.5],
	["sectors are torn", () => () => 0.95],
	["chance", seededRandom],
	["chance again", (seed) => seededRandom(seed + 1000)],
];

describe("power cut", () => {
	it.each(FATES)(
		"in any write of two recordings leaves a store that keeps what was safe: %s",
		async (name, fate) => {
			let cuts = 0;
			for (let cut = 0; ; cut++) {
				const rig = bootStore({ sectors: SECTORS });
				const known = await runUntil(rig, cut);
				if (!known) break;
				cuts++;
				await verify(rig.card.afterPowerCut(fate(cut)), known, `${name}, write ${cut}`);
			}
			expect(cuts).toBeGreaterThan(14);
		},
	);

	it("again and again, also while the last is being recovered, loses nothing that was safe", async () => {
		for (let seed = 0; seed < 15; seed++) {
			const random = seededRandom(seed);
			let image: Uint8Array = new Uint8Array(SECTORS * 512);
			const safe: number[] = [];
			const closed = new Set<number>();
			for (let boot = 0; boot < 5; boot++) {
				const rig = bootStore({ sectors: SECTORS, image });
				const known = await runUntil(rig, Math.floor(random() * 12));
				if (!known) break;
				known.safe.forEach((bytes, number) => {
					safe[number] = Math.max(safe[number] ?? 0, bytes);
				});
				for (const number of known.closed) closed.add(number);
				image = rig.card.afterPowerCut(random);
			}
			await verify(image, { safe, closed }, `seed ${seed}`);
		}
	});
});
