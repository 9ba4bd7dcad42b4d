import { SECTOR } from "@bodycam/protocol/card/superblock";
import { describe, expect, it } from "vitest";
import { bootStore, openRecording, type StoreRig } from "../testing/store-rig.ts";

const SECTORS = 32 * 2048;

function boot(options: Partial<Parameters<typeof bootStore>[0]> = {}) {
	const damaged: number[] = [];
	const rig = bootStore({ sectors: SECTORS, onDamaged: (number) => damaged.push(number), ...options });
	return { rig, damaged };
}

/** Sectors that are written from now on. */
function written(rig: StoreRig): [sector: number, count: number][] {
	const writes: [number, number][] = [];
	rig.card.onWrite = (_index, sector, count) => {
		writes.push([sector, count]);
		return true;
	};
	return writes;
}

describe("a place that cannot be written", () => {
	it("ends the recording with what is safe, and no other lies there, after a restart neither", async () => {
		const { rig } = boot();
		await rig.settle();
		const first = openRecording(rig);
		const kept = await first.segment(300_000, 1, 100);
		await rig.timers.advance(100_000);
		let place = -1;
		rig.card.bad = (sector) => {
			if (place < 0 && sector > 2000) place = sector;
			return sector === place;
		};
		await first.segment(300_000, 2, 100);
		await rig.timers.advance(100_000);
		expect(first.faults).toEqual(["write-error"]);
		expect(await first.close()).toMatchObject({ closed: true, bytes: 300_000 });
		expect(rig.store.status()).toMatchObject({ state: "ready", fault: undefined });
		const again = boot({ image: rig.card.image }).rig;
		await again.settle();
		for (const one of [rig, again]) {
			one.card.bad = (sector) => sector === place;
			const writes = written(one);
			const next = openRecording(one);
			const bytes = await next.segment(3_000_000, 5, 100);
			expect(await next.close()).toMatchObject({ closed: true, bytes: bytes.length });
			expect(next.faults).toEqual([]);
			expect(writes.map(([sector]) => sector)).not.toContain(place);
			expect(Buffer.compare(await one.read(next.writer.number), bytes)).toBe(0);
		}
		expect(Buffer.compare(await again.read(1), kept)).toBe(0);
	});
});

describe("a recording that cannot be read back", () => {
	async function twoCutOff() {
		const { rig } = boot();
		await rig.settle();
		const contents: Uint8Array[][] = [];
		let image: Uint8Array = rig.card.image;
		let booted = rig;
		for (let n = 0; n < 2; n++) {
			const recording = openRecording(booted);
			const parts = [];
			for (let i = 0; i < 3; i++) parts.push(await recording.segment(200_000, n * 10 + i, 100));
			await booted.timers.advance(100_000);
			contents.push(parts);
			image = booted.card.image.slice();
			if (n === 0) {
				booted = boot({ image, describe: async () => undefined }).rig;
				await booted.settle();
			}
		}
		return { image, contents };
	}

	it("after a cut keeps neither the camera from recording nor the others from being closed, and may be closed another time", async () => {
		const { image, contents } = await twoCutOff();
		const bytes = Buffer.from(image);
		const first = bytes.indexOf("BSEG");
		const place = bytes.indexOf("BSEG", first + 4) / SECTOR + 200;
		const { rig, damaged } = boot({ image });
		rig.card.unreadable = (sector) => sector === place;
		await rig.settle();
		expect(rig.store.status()).toMatchObject({ state: "ready", fault: undefined, recovering: false });
		expect(damaged).toEqual([1]);
		expect(rig.recovered).toEqual([2]);
		expect(rig.store.find(1)).toMatchObject({ state: "interrupted", bytes: 200_000 });
		expect(Buffer.compare(await rig.read(1), contents[0]?.[0] as Uint8Array)).toBe(0);
		const again = boot({ image: rig.card.image });
		await again.rig.settle();
		expect(again.damaged).toEqual([]);
		expect(again.rig.recovered).toEqual([1]);
		expect(Buffer.compare(await again.rig.read(1), Buffer.concat(contents[0] ?? []))).toBe(0);
	});

	it("is told when it is read", async () => {
		const { rig, damaged } = boot();
		await rig.settle();
		const recording = openRecording(rig);
		await recording.segment(200_000, 1, 100);
		await recording.close();
		rig.card.unreadable = () => true;
		await expect(rig.read(1)).rejects.toThrow("cannot be read");
		expect(damaged).toEqual([1]);
	});

	it("once is read again without a word", async () => {
		const { rig, damaged } = boot();
		await rig.settle();
		const recording = openRecording(rig);
		const bytes = await recording.segment(200_000, 1, 100);
		await recording.close();
		rig.card.fail("read", 1);
		expect(Buffer.compare(await rig.read(1), bytes)).toBe(0);
		expect(damaged).toEqual([]);
	});
});

describe("what writing takes", () => {
	it("is measured: bytes, time, margin, longest write, highest fill", async () => {
		const { rig } = boot({ rate: 10_000_000 });
		await rig.settle();
		const recording = openRecording(rig);
		rig.card.stallUntil(rig.timers.now() + 2_000_000);
		for (let i = 0; i < 5; i++) await recording.segment(400_000, i, 100);
		await rig.timers.advance(5_000_000);
		await recording.close();
		const { writing } = rig.store.status();
		expect(writing.bytes).toBeGreaterThan(2_000_000);
		expect(writing.bytes).toBeLessThan(2_050_000);
		expect(writing.longestWriteMs).toBeGreaterThan(1900);
		expect(writing.longestWriteMs).toBeLessThan(2100);
		// 2 s of stall, 0.2 s for the bytes, 0.5 ms a request.
		expect(writing.busyMs).toBeGreaterThan(2200);
		expect(writing.busyMs).toBeLessThan(2300);
		expect(writing.durationMs).toBeGreaterThan(5000);
		expect(writing.retries).toBe(0);
		expect(writing.highestFill).toBe(writing.staging);
		await rig.timers.advance(5_000_000);
		expect(rig.store.status().writing.durationMs).toBe(writing.durationMs);
	});
});
