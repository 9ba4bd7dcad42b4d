import { CardReader } from "@bodycam/protocol/card/reader";
import { describe, expect, it } from "vitest";
import { bootStore, openRecording, type StoreRig, settled } from "../testing/store-rig.ts";

const MIB = 2048;
const RECEIPT = Uint8Array.from({ length: 300 }, (_, i) => i & 0xff);

async function withRecordings(sectors: number, lengths: readonly number[]) {
	const rig = bootStore({ sectors });
	await rig.settle();
	const contents: Uint8Array[] = [];
	for (const [i, length] of lengths.entries()) {
		const recording = openRecording(rig);
		contents.push(await recording.segment(length, i, 100));
		await recording.close();
	}
	return { rig, contents };
}

function erase(rig: StoreRig, number: number, receipt = RECEIPT): Promise<void> {
	return settled(rig.timers, rig.store.erase(number, receipt));
}

describe("erasing a recording", () => {
	it("keeps its number, its lengths, its end and the receipt, and nothing else, over restarts too", async () => {
		const { rig, contents } = await withRecordings(32 * MIB, [500_000, 600_000]);
		const free = rig.store.status().freeBytes;
		await erase(rig, 1);
		const again = bootStore({ sectors: 32 * MIB, image: rig.card.image });
		await again.settle();
		for (const one of [rig, again]) {
			expect(one.store.status()).toMatchObject({ recordings: 1, next: 3 });
			expect(one.store.status().freeBytes).toBeGreaterThan(free + 500_000);
			expect(one.store.find(1)).toMatchObject({ state: "erased", bytes: 500_000, recordBytes: 105 });
			expect(await settled(one.timers, one.store.receipt(1))).toEqual(RECEIPT);
			expect(await settled(one.timers, one.store.receipt(2))).toBeUndefined();
			const closing = await settled(one.timers, one.store.closing(1));
			expect(new TextDecoder().decode(closing?.record)).toBe("final");
			await expect(settled(one.timers, one.store.read(1, 0, 10, 0))).rejects.toThrow("has been erased");
			await expect(settled(one.timers, one.store.readRecord(1, 0, 10, 0))).rejects.toThrow("has been erased");
			expect(Buffer.compare(await one.read(2), contents[1] as Uint8Array)).toBe(0);
		}
	});

	it("is seen by a reader of the card", async () => {
		const { rig } = await withRecordings(32 * MIB, [500_000, 600_000]);
		await erase(rig, 1);
		const { image } = rig.card;
		const card = await CardReader.open({
			sectors: image.length / 512,
			read: (sector, count) => image.subarray(sector * 512, (sector + count) * 512),
		});
		expect(card.recordings.map(({ state }) => state)).toEqual(["erased", "complete"]);
		expect(card.recordings[0]?.receipt).toEqual(RECEIPT);
		await expect(card.extract(1).next()).rejects.toThrow("has been erased");
	});

	it("makes room on a full card, also in the middle", async () => {
		const rig = bootStore({ sectors: 8 * MIB });
		await rig.settle();
		let count = 0;
		while (rig.store.status().state === "ready") {
			const recording = openRecording(rig);
			await recording.segment(900_000, count++, 50);
			await recording.close();
		}
		expect(count).toBeGreaterThan(5);
		const others: Uint8Array[] = [];
		for (let number = 3; number <= count; number++) others.push(await rig.read(number));
		await erase(rig, 1);
		await erase(rig, 2);
		expect(rig.store.status()).toMatchObject({ state: "ready", recordings: count - 2, next: count + 1 });
		const recording = openRecording(rig);
		const bytes = await recording.segment(800_000, 99, 50);
		await recording.close();
		const again = bootStore({ sectors: 8 * MIB, image: rig.card.image });
		await again.settle();
		for (const one of [rig, again]) {
			expect(Buffer.compare(await one.read(count + 1), bytes)).toBe(0);
			for (const [i, other] of others.entries()) expect(Buffer.compare(await one.read(i + 3), other)).toBe(0);
		}
	});

	it("is refused while it is open, when it is gone already, and when there is none", async () => {
		const { rig } = await withRecordings(32 * MIB, [10_000]);
		const open = openRecording(rig);
		await open.segment(10_000, 1);
		await expect(erase(rig, 2)).rejects.toThrow("not closed yet");
		await expect(erase(rig, 3)).rejects.toThrow("no recording 3");
		await expect(erase(rig, 1, new Uint8Array(2000))).rejects.toThrow("too long");
		await erase(rig, 1);
		await expect(erase(rig, 1)).rejects.toThrow("has been erased");
	});

	it("has not happened when it could not be written", async () => {
		const { rig, contents } = await withRecordings(32 * MIB, [10_000]);
		rig.card.fail("write", 2);
		await expect(erase(rig, 1)).rejects.toThrow("cannot be written");
		expect(Buffer.compare(await rig.read(1), contents[0] as Uint8Array)).toBe(0);
		await erase(rig, 1);
		expect(rig.store.find(1)?.state).toBe("erased");
	});

	it("always finds room in the journal", async () => {
		const rig = bootStore({ sectors: 64 * MIB });
		await rig.settle();
		let count = 0;
		while (rig.store.status().state === "ready") {
			const recording = openRecording(rig);
			await recording.segment(10, count++);
			await recording.close();
		}
		expect(rig.store.status().freeBytes).toBeGreaterThan(20_000_000);
		for (let number = 1; number <= count; number++) await erase(rig, number, new Uint8Array(1024));
		expect(rig.store.status()).toMatchObject({ recordings: 0, next: count + 1 });
	});
});

describe("numbers", () => {
	it("go on from those the camera knows of, and one card can miss some", async () => {
		const { rig } = await withRecordings(32 * MIB, [10_000, 10_000]);
		let newest = 7;
		const again = bootStore({ sectors: 32 * MIB, image: rig.card.image, newestNumber: () => newest });
		await again.settle();
		expect(again.store.status().next).toBe(8);
		const recording = openRecording(again);
		const bytes = await recording.segment(20_000, 5);
		await recording.close();
		newest = 0;
		expect(again.store.status().next).toBe(9);
		const third = bootStore({ sectors: 32 * MIB, image: again.card.image });
		await third.settle();
		expect(third.store.list(1, 10).map(({ number }) => number)).toEqual([1, 2, 8]);
		expect(third.store.list(3, 10).map(({ number }) => number)).toEqual([8]);
		expect(third.store.find(5)).toBeUndefined();
		expect(Buffer.compare(await third.read(8), bytes)).toBe(0);
	});
});

describe("amending a recording", () => {
	const text = (closing: { readonly record: Uint8Array } | undefined) =>
		new TextDecoder().decode(closing?.record);
	const amend = (rig: StoreRig, number: number, record: string) =>
		settled(
			rig.timers,
			rig.store.amend(number, (closing) => ({ ...closing, record: new TextEncoder().encode(record) })),
		);

	it("changes what it was closed with, and nothing else, over restarts and for a reader of the card too", async () => {
		const { rig, contents } = await withRecordings(32 * MIB, [500_000, 600_000]);
		const free = rig.store.status().freeBytes;
		await amend(rig, 1, "final, and why");
		const again = bootStore({ sectors: 32 * MIB, image: rig.card.image });
		await again.settle();
		for (const one of [rig, again]) {
			expect(one.store.status()).toMatchObject({ recordings: 2, next: 3, freeBytes: free });
			expect(one.store.find(1)).toMatchObject({ state: "complete", bytes: 500_000, recordBytes: 114 });
			expect(text(await settled(one.timers, one.store.closing(1)))).toBe("final, and why");
			expect(new TextDecoder().decode((await one.readRecord(1)).subarray(100))).toBe("final, and why");
			for (const [i, content] of contents.entries())
				expect(Buffer.compare(await one.read(i + 1), content)).toBe(0);
		}
		const { image } = rig.card;
		const card = await CardReader.open({
			sectors: image.length / 512,
			read: (sector, count) => image.subarray(sector * 512, (sector + count) * 512),
		});
		expect(card.recordings.map(({ recordBytes }) => recordBytes)).toEqual([114, 105]);
	});

	it("is refused while the recording is open, and once it is erased", async () => {
		const { rig } = await withRecordings(32 * MIB, [500_000]);
		const open = openRecording(rig);
		await expect(amend(rig, 2, "too early")).rejects.toMatchObject({ code: "busy" });
		await open.close();
		await erase(rig, 1);
		await expect(amend(rig, 1, "too late")).rejects.toMatchObject({ code: "erased" });
		const again = bootStore({ sectors: 32 * MIB, image: rig.card.image });
		await again.settle();
		expect(again.store.find(1)).toMatchObject({ state: "erased" });
	});

	it("leaves it as it was when its record would be too long", async () => {
		const { rig } = await withRecordings(32 * MIB, [500_000]);
		await expect(amend(rig, 1, "x".repeat(5000))).rejects.toMatchObject({ code: "too-long" });
		expect(text(await settled(rig.timers, rig.store.closing(1)))).toBe("final");
	});
});
