import { createHash } from "node:crypto";
import { planGeometry } from "@bodycam/protocol/card/superblock";
import { describe, expect, it } from "vitest";
import { bootStore, content, FINAL, interruptedText, openRecording } from "../testing/store-rig.ts";
import { LAST_SEGMENT_BYTES } from "./store-interface.ts";

const MIB = 2048;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function metadata(rig: ReturnType<typeof bootStore>, number: number): Promise<string> {
	const pending = rig.store.metadata(number);
	await rig.timers.advance(100_000);
	return text(await pending);
}

describe("extent store", () => {
	it("formats a blank card and says so", async () => {
		const rig = bootStore({ sectors: 16 * MIB });
		await rig.settle();
		expect(rig.store.status()).toMatchObject({ state: "ready", fault: undefined, recordings: 0, next: 1 });
		expect(rig.told.map(({ state }) => state)).toEqual(["mounting", "ready"]);
	});

	it("gives back what was written, segment by segment, with its digest and metadata", async () => {
		const rig = bootStore({ sectors: 16 * MIB });
		await rig.settle();
		const recording = openRecording(rig);
		const parts = [];
		for (const [i, length] of [1, 440, 441, 70_000, 300_000, 130_495, 130_496, 130_497].entries())
			parts.push(await recording.segment(length, i));
		const whole = Buffer.concat(parts);
		const closed = await recording.close();
		expect(closed).toMatchObject({ closed: true, bytes: whole.length });
		expect(Buffer.from(closed.sha256).toString("hex")).toBe(sha256(whole));
		expect(Buffer.compare(await rig.read(1), whole)).toBe(0);
		expect(await metadata(rig, 1)).toBe(`final ${whole.length}`);
		expect(rig.store.list(1, 10)).toEqual([
			{ number: 1, state: "complete", bytes: whole.length, recordBytes: FINAL.length },
		]);
	});

	it("finds everything again after a restart, and counts on", async () => {
		const rig = bootStore({ sectors: 32 * MIB });
		await rig.settle();
		const contents: Uint8Array[] = [];
		for (let i = 0; i < 5; i++) {
			const recording = openRecording(rig);
			contents.push(await recording.segment(10_000 + i * 77_777, i));
			await recording.close();
		}
		const again = bootStore({ sectors: 32 * MIB, image: rig.card.image });
		await again.settle();
		expect(again.store.status()).toMatchObject({ state: "ready", recordings: 5, next: 6 });
		for (let i = 0; i < 5; i++)
			expect(Buffer.compare(await again.read(i + 1), contents[i] as Uint8Array)).toBe(0);
		expect(again.store.status().freeBytes).toBe(rig.store.status().freeBytes);
	});

	it("reads from any offset, backwards too, and nothing past the end", async () => {
		const rig = bootStore({ sectors: 64 * MIB });
		await rig.settle();
		const recording = openRecording(rig);
		const parts = [];
		for (let i = 0; i < 40; i++) parts.push(await recording.segment(100_000 + i * 531, i));
		await recording.close();
		const whole = Buffer.concat(parts);
		for (const offset of [
			4_000_000,
			12,
			3_999_999,
			99_990,
			whole.length - 5,
			whole.length,
			whole.length + 9,
		]) {
			const pending = rig.store.read(1, offset, 4000, 0);
			await rig.timers.advance(1_000_000);
			const taken = await pending;
			expect(taken).toBe(Math.max(0, Math.min(4000, whole.length - offset)));
			expect(
				Buffer.compare(rig.memory.bytes.subarray(0, taken), whole.subarray(offset, offset + taken)),
			).toBe(0);
		}
	});

	it("answers many reads under way in their order", async () => {
		const rig = bootStore({ sectors: 16 * MIB });
		await rig.settle();
		const recording = openRecording(rig);
		const whole = await recording.segment(100_000, 3);
		await recording.close();
		const pending = Array.from({ length: 8 }, (_, i) => rig.store.read(1, i * 4096, 4096, i * 4096));
		for (let ms = 0; ms < 1000; ms++) await rig.timers.advance(1000);
		expect(await Promise.all(pending)).toEqual(Array.from({ length: 8 }, () => 4096));
		expect(Buffer.compare(rig.memory.bytes.subarray(0, 8 * 4096), whole.subarray(0, 8 * 4096))).toBe(0);
	});

	it("closes an interrupted recording at the next boot after its last safe segment, opening metadata kept", async () => {
		const rig = bootStore({ sectors: 32 * MIB });
		await rig.settle();
		const recording = openRecording(rig, "who and when");
		const parts = [await recording.segment(50_000, 1), await recording.segment(60_000, 2)];
		await rig.timers.advance(1_000_000);
		const again = bootStore({ sectors: 32 * MIB, image: rig.card.image });
		await again.settle();
		expect(again.recovered).toEqual([1]);
		const whole = Buffer.concat(parts);
		expect(again.store.find(1)).toMatchObject({ number: 1, state: "interrupted", bytes: 110_000 });
		expect(Buffer.compare(await again.read(1), whole)).toBe(0);
		const notes = Uint32Array.of(2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
		expect(await metadata(again, 1)).toBe(
			interruptedText(new TextEncoder().encode("who and when"), 110_000, notes),
		);
		const third = bootStore({ sectors: 32 * MIB, image: again.card.image });
		await third.settle();
		expect(third.recovered).toEqual([]);
		expect(third.store.find(1)?.state).toBe("interrupted");
	});

	it("is ready for a new recording before an interrupted one is closed", async () => {
		const rig = bootStore({ sectors: 128 * MIB });
		await rig.settle();
		const recording = openRecording(rig);
		for (let i = 0; i < 40; i++) await recording.segment(900_000, i);
		await rig.timers.advance(1_000_000);
		const again = bootStore({ sectors: 128 * MIB, image: rig.card.image });
		await again.timers.advance(50_000);
		expect(again.store.status()).toMatchObject({ state: "ready", recovering: true });
		const next = openRecording(again);
		expect(next.writer.number).toBe(2);
		const bytes = await next.segment(70_000, 9);
		await next.close();
		await again.settle();
		expect(again.recovered).toEqual([1]);
		expect(Buffer.compare(await again.read(2), bytes)).toBe(0);
		expect((await again.read(1)).length).toBe(36_000_000);
	});

	it("does not lose or reorder bytes while the card stalls, and reports the stall", async () => {
		const rig = bootStore({ sectors: 64 * MIB });
		await rig.settle();
		const recording = openRecording(rig);
		rig.card.stallUntil(rig.timers.now() + 4_000_000);
		const parts = [];
		for (let i = 0; i < 20; i++) parts.push(await recording.segment(200_000, i));
		await recording.close();
		expect(Buffer.compare(await rig.read(1), Buffer.concat(parts))).toBe(0);
		expect(rig.told.map(({ fault }) => fault)).toEqual([undefined, undefined, "stalled", undefined]);
	});

	it("tries a failed write once more, and only then trusts a flush", async () => {
		const rig = bootStore({ sectors: 16 * MIB });
		await rig.settle();
		const recording = openRecording(rig);
		rig.card.fail("write", 1);
		const bytes = await recording.segment(40_000, 1);
		await recording.close();
		expect(recording.faults).toEqual([]);
		expect(Buffer.compare(await rig.read(1), bytes)).toBe(0);
	});

	it("ends a recording whose writes keep failing, keeps what is safe, and can record again", async () => {
		const rig = bootStore({ sectors: 16 * MIB });
		await rig.settle();
		const recording = openRecording(rig);
		const bytes = await recording.segment(40_000, 1);
		await rig.timers.advance(100_000);
		rig.card.fail("write", 2);
		await recording.segment(50_000, 2);
		await rig.timers.advance(100_000);
		expect(recording.faults).toEqual(["write-error"]);
		expect(rig.store.status()).toMatchObject({ state: "fault", fault: "write-error" });
		expect(await recording.close()).toMatchObject({ closed: true, bytes: 40_000 });
		expect(Buffer.compare(await rig.read(1), bytes)).toBe(0);
		expect(rig.store.status()).toMatchObject({ state: "ready", fault: undefined, next: 2 });
	});

	it("closes the recording later by itself when not even that could be written", async () => {
		const rig = bootStore({ sectors: 16 * MIB });
		await rig.settle();
		const recording = openRecording(rig);
		await recording.segment(40_000, 1);
		await rig.timers.advance(100_000);
		rig.card.fail("write", 20);
		await recording.segment(50_000, 2);
		expect(await recording.close()).toMatchObject({ closed: false });
		expect(rig.store.status()).toMatchObject({ state: "fault", fault: "write-error" });
		expect(() => openRecording(rig)).toThrow("write-error");
		rig.card.fail("write", 0);
		await rig.timers.advance(6_000_000);
		expect(rig.store.status()).toMatchObject({ state: "ready", fault: undefined });
		expect(rig.store.find(1)).toMatchObject({ number: 1, state: "interrupted", bytes: 40_000 });
	});

	it("gives the number of a recording that could not be opened to the next", async () => {
		const rig = bootStore({ sectors: 16 * MIB });
		await rig.settle();
		const free = rig.store.status().freeBytes;
		rig.card.bad = (sector) => sector === 256;
		const recording = openRecording(rig);
		await recording.segment(40_000, 1);
		expect(await recording.close()).toMatchObject({ closed: false });
		rig.card.bad = undefined;
		expect(rig.store.status()).toMatchObject({ next: 1, recordings: 0, freeBytes: free });
		await rig.timers.advance(6_000_000);
		const next = openRecording(rig);
		expect(next.writer.number).toBe(1);
		const bytes = await next.segment(50_000, 2);
		expect(await next.close()).toMatchObject({ closed: true });
		expect(Buffer.compare(await rig.read(1), bytes)).toBe(0);
	});

	it("counts nothing as safe that lies in an extent whose journal entry failed", async () => {
		const rig = bootStore({ sectors: 16 * MIB });
		await rig.settle();
		const recording = openRecording(rig);
		const parts = [];
		for (let i = 0; i < 2; i++) parts.push(await recording.segment(200_000, i));
		await rig.timers.advance(100_000);
		rig.card.bad = (sector) => sector === 257;
		await recording.segment(300_000, 9);
		await recording.close();
		rig.card.bad = undefined;
		const again = bootStore({ sectors: 16 * MIB, image: rig.card.image });
		await again.settle();
		expect(again.store.find(1)?.bytes).toBe(400_000);
		expect(Buffer.compare(await again.read(1), Buffer.concat(parts))).toBe(0);
	});

	it("keeps what is safe when the card is taken out, and closes it when it comes back", async () => {
		const rig = bootStore({ sectors: 16 * MIB });
		await rig.settle();
		const recording = openRecording(rig);
		const bytes = await recording.segment(40_000, 1);
		await rig.timers.advance(100_000);
		const cut = recording.segment(500_000, 2);
		rig.card.remove();
		await cut;
		await rig.timers.advance(100_000);
		expect(recording.faults).toEqual(["absent"]);
		expect(rig.store.status()).toMatchObject({ state: "absent", fault: "absent" });
		expect(await recording.close()).toMatchObject({ closed: false });
		rig.card.insert();
		await rig.settle();
		expect(rig.store.status()).toMatchObject({ state: "ready", fault: undefined });
		expect(rig.recovered).toEqual([1]);
		expect(Buffer.compare(await rig.read(1), bytes)).toBe(0);
	});

	it("says full before it writes past the end, and keeps and closes what is there", async () => {
		const rig = bootStore({ sectors: 4 * MIB });
		await rig.settle();
		const recording = openRecording(rig);
		const parts: Uint8Array[] = [];
		for (let i = 0; ; i++) {
			const part = await recording.segment(200_000, i);
			if (part.length === 0) break;
			parts.push(part);
		}
		expect(parts.length).toBeGreaterThan(10);
		expect(await recording.close()).toMatchObject({ closed: true, bytes: parts.length * 200_000 });
		expect(Buffer.compare(await rig.read(1), Buffer.concat(parts))).toBe(0);
	});

	it("keeps room for a last segment on a card that is full", async () => {
		const rig = bootStore({ sectors: 4 * MIB });
		await rig.settle();
		const recording = openRecording(rig);
		const parts: Uint8Array[] = [];
		for (;;) {
			const part = await recording.segment(200_000, parts.length, 300);
			if (part.length === 0) break;
			parts.push(part);
		}
		parts.push(await recording.segment(LAST_SEGMENT_BYTES - 4096, 77, 4096, true));
		const whole = Buffer.concat(parts);
		expect(await recording.close()).toMatchObject({ closed: true, bytes: whole.length });
		expect(Buffer.compare(await rig.read(1), whole)).toBe(0);
	});

	it("counts as safe what was sealed when the flush was asked for, and no segment begun since", async () => {
		const rig = bootStore({ sectors: 16 * MIB, latency: 40_000 });
		await rig.settle();
		const recording = openRecording(rig);
		for (let i = 0; i < 3; i++) await recording.segment(10_000, i);
		rig.memory.bytes.set(content(5_000, 3), 0);
		expect(recording.writer.beginSegment(90_000, 0, 0)).toBe(true);
		recording.writer.write(0, 5_000);
		await rig.timers.advance(2_000_000);
		expect(recording.safe()).toBe(30_000);
		expect(await recording.close()).toMatchObject({ closed: true, bytes: 30_000 });
		const whole = Buffer.concat([0, 1, 2].map((i) => content(10_000, i)));
		expect(Buffer.compare(await rig.read(1), whole)).toBe(0);
		expect(rig.store.find(1)?.bytes).toBe(30_000);
	});

	it("writes within units of 128 KiB, each segment from a page of 16 KiB on", async () => {
		const rig = bootStore({ sectors: 32 * MIB });
		await rig.settle();
		const writes: (readonly [number, number])[] = [];
		rig.card.onWrite = (_index, sector, count) => {
			writes.push([sector, count]);
			return true;
		};
		const recording = openRecording(rig);
		for (let i = 0; i < 12; i++) await recording.segment(65_552 * (i + 1), i, 350);
		await recording.close();
		const { dataStart } = planGeometry(32 * MIB);
		const data = writes.filter(([sector]) => sector >= dataStart);
		expect(data.length).toBeGreaterThan(40);
		for (const [sector, count] of data) {
			expect(sector % 32).toBe(0);
			// The trailer of a segment that ends with a unit goes one sector further.
			expect((sector % 256) + count).toBeLessThanOrEqual(257);
		}
	});

	it("refuses to record on a full card", async () => {
		const rig = bootStore({ sectors: 4 * MIB });
		await rig.settle();
		const recording = openRecording(rig);
		while ((await recording.segment(100_000, 1)).length > 0);
		await recording.close();
		expect(rig.store.status()).toMatchObject({ state: "fault", fault: "full" });
		expect(() => openRecording(rig)).toThrow("full");
	});

	it("refuses to record when the journal is full, and can still close what is open", async () => {
		const rig = bootStore({ sectors: 16 * MIB });
		await rig.settle();
		let count = 0;
		while (rig.store.status().state === "ready" && count < 300) {
			const recording = openRecording(rig);
			await recording.segment(10, count++);
			await recording.close();
		}
		expect(count).toBeGreaterThan(30);
		expect(rig.store.status()).toMatchObject({ state: "fault", fault: "full", recordings: count });
		const again = bootStore({ sectors: 16 * MIB, image: rig.card.image });
		await again.settle();
		expect(again.store.status()).toMatchObject({ state: "fault", fault: "full", recordings: count });
		expect(again.store.find(count)?.state).toBe("complete");
	});

	it("reads a read-only card but records nothing on it", async () => {
		const rig = bootStore({ sectors: 16 * MIB });
		await rig.settle();
		const recording = openRecording(rig);
		const bytes = await recording.segment(40_000, 1);
		await rig.timers.advance(100_000);
		const again = bootStore({ sectors: 16 * MIB, image: rig.card.image, readOnly: true });
		await again.settle();
		expect(again.store.status()).toMatchObject({ state: "fault", fault: "read-only" });
		expect(() => openRecording(again)).toThrow("read-only");
		expect(Buffer.compare(await again.read(1), bytes)).toBe(0);
	});

	it("leaves a card alone that holds something else, until it is told to format it", async () => {
		const image = new Uint8Array(16 * MIB * 512);
		image.set([0x55, 0xaa], 510);
		const rig = bootStore({ sectors: 16 * MIB, image });
		await rig.settle();
		expect(rig.store.status()).toMatchObject({ state: "fault", fault: "unknown-format" });
		expect(rig.card.writes).toBe(0);
		const formatted = rig.store.format();
		await rig.settle();
		await formatted;
		expect(rig.store.status()).toMatchObject({ state: "ready", fault: undefined });
	});

	it("forgets the old recordings when it is formatted", async () => {
		const rig = bootStore({ sectors: 16 * MIB });
		await rig.settle();
		const recording = openRecording(rig);
		await recording.segment(40_000, 1);
		await recording.close();
		const formatted = rig.store.format();
		await rig.settle();
		await formatted;
		expect(rig.store.list(1, 10)).toEqual([]);
	});

	it.each([0, 8])("mounts with the superblock at sector %i damaged, and repairs it", async (sector) => {
		const rig = bootStore({ sectors: 16 * MIB });
		await rig.settle();
		const recording = openRecording(rig);
		await recording.segment(40_000, 1);
		await recording.close();
		const image = rig.card.image.slice();
		image[sector * 512 + 20] = 0xff;
		const again = bootStore({ sectors: 16 * MIB, image });
		await again.settle();
		expect(again.store.status()).toMatchObject({ state: "ready", recordings: 1 });
		expect(Buffer.compare(again.card.image.subarray(0, 512), rig.card.image.subarray(0, 512))).toBe(0);
		expect(Buffer.compare(again.card.image.subarray(4096, 4608), rig.card.image.subarray(0, 512))).toBe(0);
	});

	it("finds the other recordings when journal entries are damaged, and never gives a number twice", async () => {
		const rig = bootStore({ sectors: 32 * MIB });
		await rig.settle();
		for (let i = 0; i < 4; i++) {
			const recording = openRecording(rig);
			await recording.segment(10_000, i);
			await recording.close();
		}
		const image = rig.card.image.slice();
		for (const sector of [256, 258, 262]) image[sector * 512 + 8] = 0x77;
		const again = bootStore({ sectors: 32 * MIB, image });
		await again.settle();
		expect(again.store.status().next).toBe(5);
		const found = again.store.list(1, 10).map(({ number }) => number);
		expect(found).toEqual([3]);
		expect(Buffer.compare(await again.read(3), content(10_000, 2))).toBe(0);
		const recording = openRecording(again);
		await recording.segment(10_000, 9);
		await recording.close();
		expect(Buffer.compare(await again.read(5), content(10_000, 9))).toBe(0);
		expect(Buffer.compare(await again.read(3), content(10_000, 2))).toBe(0);
	});

	it("answers many questions for metadata at once, also while it records", async () => {
		const rig = bootStore({ sectors: 16 * MIB });
		await rig.settle();
		const first = openRecording(rig, "first");
		await first.segment(10, 1);
		await first.close();
		const second = openRecording(rig, "second");
		const pending = Array.from({ length: 40 }, (_, i) => rig.store.metadata(1 + (i % 2)));
		await second.segment(300_000, 2);
		expect((await second.close()).closed).toBe(true);
		await rig.timers.advance(1_000_000);
		const answers = (await Promise.all(pending)).map(text);
		expect(new Set(answers)).toEqual(new Set(["final 10", "second"]));
	});

	it("refuses one recording beside another and metadata that is too long", async () => {
		const rig = bootStore({ sectors: 16 * MIB });
		await rig.settle();
		expect(() => openRecording(rig, "x".repeat(4000))).toThrow("too long");
		openRecording(rig);
		expect(() => openRecording(rig)).toThrow("another recording");
	});
});
