import { planGeometry } from "@bodycam/protocol/card/superblock";
import { describe, expect, it } from "vitest";
import { bootEventLog, type EventLogRig, verifyImage } from "../testing/event-log-rig.ts";
import { bootStore, openRecording } from "../testing/store-rig.ts";

const SECTORS = 8 * 2048;
const { logStart: LOG_START, logSectors: LOG_SECTORS } = planGeometry(SECTORS);

const failures = (findings: readonly { severity: string }[]) =>
	findings.filter(({ severity }) => severity === "failure");

/** Types and sequences of what is on the card. */
async function stored(rig: EventLogRig) {
	const { report, events, boots } = await verifyImage(rig.card.image);
	expect(failures(report.findings)).toEqual([]);
	return { report, boots, events: events.map(({ type, sequence }) => [sequence, type]) };
}

describe("event log", () => {
	it("keeps an event within a second, from the first", async () => {
		const rig = bootEventLog({ sectors: SECTORS });
		rig.emit(1);
		await rig.settle();
		rig.emit(2);
		await rig.timers.advance(1_000_000);
		expect(rig.log).toMatchObject({ state: "ready", stored: 3, entries: 3 });
		expect((await stored(rig)).events).toEqual([
			[1, "recording-started"],
			[2, "log-opened"],
			[3, "recording-started"],
		]);
	});

	it("writes what happens together as one block", async () => {
		const rig = bootEventLog({ sectors: SECTORS });
		await rig.settle();
		await rig.timers.advance(1_000_000);
		const before = rig.card.writes;
		for (let i = 1; i <= 3; i++) {
			rig.emit(i);
			await rig.timers.advance(100_000);
		}
		await rig.timers.advance(1_000_000);
		expect(rig.card.writes - before).toBe(1);
		expect(rig.log.safeBytes).toBe(2 * 512);
	});

	it("does not write while nothing happens", async () => {
		const rig = bootEventLog({ sectors: SECTORS });
		await rig.settle();
		await rig.timers.advance(2_000_000);
		const before = rig.card.done;
		await rig.timers.advance(600_000_000);
		expect(rig.card.done).toBe(before);
	});

	it("goes on after a restart, chained to what was there", async () => {
		const rig = bootEventLog({ sectors: SECTORS, boot: 1 });
		await rig.settle();
		for (let i = 1; i <= 100; i++) rig.emit(i);
		await rig.timers.advance(1_000_000);
		const again = bootEventLog({
			sectors: SECTORS,
			boot: 2,
			image: rig.card.image,
			wallMs: 1_790_000_000_000,
		});
		again.emit(7);
		await again.settle();
		await again.timers.advance(1_000_000);
		const { report, events, boots } = await stored(again);
		expect(report).toMatchObject({ verdict: "intact", entries: 103, boots: 2 });
		expect(events.slice(-2)).toEqual([
			[1, "recording-started"],
			[2, "log-opened"],
		]);
		expect(boots.slice(-3)).toEqual([1, 2, 2]);
		expect(report.head).toEqual(again.log.head());
	});

	it("keeps events while there is no card and appends them when it comes", async () => {
		const rig = bootEventLog({ sectors: SECTORS, insert: false });
		for (let i = 1; i <= 20; i++) rig.emit(i);
		await rig.timers.advance(60_000_000);
		expect(rig.log.state).toBe("absent");
		rig.card.insert();
		await rig.settle();
		await rig.timers.advance(1_000_000);
		expect((await stored(rig)).events).toHaveLength(21);
	});

	it("goes on where it was when the card is taken out and put back", async () => {
		const rig = bootEventLog({ sectors: SECTORS });
		await rig.settle();
		rig.emit(1);
		await rig.timers.advance(1_000_000);
		rig.card.remove();
		rig.emit(2);
		await rig.timers.advance(5_000_000);
		rig.card.insert();
		await rig.settle();
		rig.emit(3);
		await rig.timers.advance(1_000_000);
		expect((await stored(rig)).events).toEqual([
			[1, "log-opened"],
			[2, "recording-started"],
			[3, "recording-started"],
			[4, "recording-started"],
		]);
	});

	it("loses nothing and doubles nothing when the card is taken out in the middle of a write", async () => {
		for (let delay = 0; delay <= 3000; delay += 200) {
			const rig = bootEventLog({ sectors: SECTORS });
			await rig.settle();
			await rig.timers.advance(1_000_000);
			for (let i = 1; i <= 40; i++) rig.emit(i);
			await rig.timers.advance(500_000 + delay);
			rig.card.remove();
			await rig.timers.advance(1_000_000);
			rig.card.insert();
			await rig.settle();
			await rig.timers.advance(2_000_000);
			expect((await stored(rig)).events, `${delay} µs`).toHaveLength(41);
		}
	});

	it("marks in their place the events that memory could not hold until a card came", async () => {
		const rig = bootEventLog({ sectors: SECTORS, insert: false, ringBytes: 4096 });
		for (let i = 1; i <= 200; i++) rig.emit(i);
		rig.card.insert();
		await rig.settle();
		await rig.timers.advance(2_000_000);
		const { report, events } = await stored(rig);
		const oldest = rig.events.oldest;
		expect(oldest).toBeGreaterThan(2);
		expect(events[0]).toEqual([oldest - 1, "log-gap"]);
		expect(events[1]).toEqual([oldest, "recording-started"]);
		expect(report.findings.map(({ code }) => code)).toContain("gap");
	});

	it("loses no event while the card stalls", async () => {
		const rig = bootEventLog({ sectors: SECTORS });
		await rig.settle();
		rig.card.stallUntil(rig.timers.now() + 20_000_000);
		for (let i = 1; i <= 200; i++) {
			rig.emit(i);
			await rig.timers.advance(100_000);
		}
		await rig.timers.advance(3_000_000);
		expect((await stored(rig)).events).toHaveLength(201);
	});

	it("tries again when a write failed, from the card's own end", async () => {
		const rig = bootEventLog({ sectors: SECTORS });
		await rig.settle();
		await rig.timers.advance(1_000_000);
		rig.card.fail("write", 2);
		rig.emit(1);
		await rig.timers.advance(1_000_000);
		expect(rig.log.state).toBe("error");
		rig.emit(2);
		await rig.timers.advance(7_000_000);
		expect(rig.log.state).toBe("ready");
		expect((await stored(rig)).events).toHaveLength(3);
		expect(rig.states).toEqual(["ready", "error", "ready"]);
	});

	it("tries again when the card could not be read", async () => {
		const rig = bootEventLog({ sectors: SECTORS, insert: false });
		rig.emit(1);
		rig.card.insert();
		// Superblock, reserved sectors and journal are read first, on a blank card.
		await rig.timers.advance(9_000);
		rig.card.fail("read", 4);
		await rig.timers.advance(12_000_000);
		expect(rig.log.state).toBe("ready");
		expect((await stored(rig)).events).toHaveLength(2);
	});

	it("writes nothing on a card that refuses it, and can still be read", async () => {
		const rig = bootEventLog({ sectors: SECTORS });
		await rig.settle();
		await rig.timers.advance(1_000_000);
		const again = bootEventLog({ sectors: SECTORS, image: rig.card.image, readOnly: true, boot: 2 });
		await again.settle();
		again.emit(1);
		await again.timers.advance(2_000_000);
		expect(again.log).toMatchObject({ state: "read-only", entries: 1, safeBytes: 512 });
		expect(again.card.writes).toBe(0);
	});

	it("starts anew when the card is formatted, with the events memory still has", async () => {
		const rig = bootEventLog({ sectors: SECTORS });
		await rig.settle();
		rig.emit(1);
		await rig.timers.advance(1_000_000);
		const formatted = rig.store.format();
		await rig.settle();
		await formatted;
		await rig.timers.advance(1_000_000);
		expect((await stored(rig)).events).toEqual([
			[1, "log-opened"],
			[2, "recording-started"],
			[3, "log-opened"],
		]);
	});

	it("writes at once what is due when asked to settle", async () => {
		const rig = bootEventLog({ sectors: SECTORS });
		await rig.settle();
		await rig.timers.advance(1_000_000);
		rig.emit(1);
		let settled = 0;
		rig.log.settle(() => settled++);
		expect(settled).toBe(0);
		await rig.timers.advance(20_000);
		expect(settled).toBe(1);
		expect((await stored(rig)).events).toHaveLength(2);
	});

	it("does not hold up who settles while the card stalls or is away", async () => {
		const rig = bootEventLog({ sectors: SECTORS });
		await rig.settle();
		await rig.timers.advance(1_000_000);
		rig.card.stallUntil(rig.timers.now() + 60_000_000);
		rig.emit(1);
		let settled = 0;
		rig.log.settle(() => settled++);
		await rig.timers.advance(1_100_000);
		expect(settled).toBe(1);
		rig.card.remove();
		await rig.timers.advance(1000);
		rig.log.settle(() => settled++);
		expect(settled).toBe(2);
	});

	it("says when room is low, closes itself when it is full, and overwrites nothing", async () => {
		const rig = bootEventLog({ sectors: SECTORS });
		await rig.settle();
		for (let i = 1; i <= 400; i++) {
			rig.emit(i);
			await rig.timers.advance(600_000);
		}
		expect(rig.states).toEqual(["ready", "ready low", "full low"]);
		expect(rig.log.state).toBe("full");
		const { image } = rig.card;
		const { report, events } = await stored(rig);
		expect(report.verdict).toBe("intact");
		expect(events.length).toBeGreaterThan(LOG_SECTORS - 20);
		expect(events).toHaveLength(rig.log.entries);
		const again = bootEventLog({ sectors: SECTORS, image, boot: 2 });
		await again.settle();
		for (let i = 1; i <= 300; i++) {
			again.emit(i);
			await again.timers.advance(600_000);
		}
		expect(again.log.state).toBe("full");
		const log = (bytes: Uint8Array) =>
			Buffer.from(bytes.subarray(LOG_START * 512, (LOG_START + rig.log.safeBytes / 512) * 512));
		expect(log(again.card.image).equals(log(image))).toBe(true);
		const data = (LOG_START + LOG_SECTORS) * 512;
		expect(again.card.image.subarray(data, data + 512).every((byte) => byte === 0)).toBe(true);
	});

	it("is no obstacle to a recording, and a recording none to it", async () => {
		const rig = bootEventLog({ sectors: 32 * 2048 });
		await rig.settle();
		const recording = openRecording(rig);
		const parts: Uint8Array[] = [];
		for (let i = 0; i < 30; i++) {
			rig.emit(i + 1);
			parts.push(await recording.segment(100_000, i));
			await rig.timers.advance(200_000);
		}
		expect(await recording.close()).toMatchObject({ closed: true });
		expect(Buffer.compare(await rig.read(1), Buffer.concat(parts))).toBe(0);
		await rig.timers.advance(1_000_000);
		expect((await stored(rig)).events).toHaveLength(31);
	});

	it("gives its bytes as they are on the card, wherever asked, and nothing past the end", async () => {
		const rig = bootEventLog({ sectors: SECTORS });
		await rig.settle();
		for (let round = 0; round < 30; round++) {
			for (let i = 1; i <= 12; i++) rig.emit(i);
			await rig.timers.advance(700_000);
		}
		const { safeBytes } = rig.log;
		expect(safeBytes).toBeGreaterThan(64 * 512);
		const expected = rig.card.image.subarray(LOG_START * 512, LOG_START * 512 + safeBytes);
		const asked = [0, 4048, 8096, 12_144, safeBytes - 100, 100, 33_000, safeBytes];
		const answers = asked.map((offset, i) => rig.log.read(offset, 4048, i * 4096));
		for (let i = 0; i < 50; i++) await rig.timers.advance(10_000);
		for (const [i, offset] of asked.entries()) {
			const taken = (await answers[i]) ?? -1;
			expect(taken).toBeGreaterThan(offset < safeBytes ? 0 : -1);
			const got = rig.memory.bytes.subarray(i * 4096, i * 4096 + taken);
			expect(Buffer.compare(got, expected.subarray(offset, offset + taken))).toBe(0);
		}
		rig.card.remove();
		await rig.timers.advance(1000);
		await expect(rig.log.read(0, 10, 0)).rejects.toThrow("no event log");
	});

	it("finds its end behind a damaged place, leaves that alone, and goes on", async () => {
		const rig = bootEventLog({ sectors: 64 * 2048 });
		await rig.settle();
		for (let i = 1; i <= 500; i++) {
			rig.emit(i);
			await rig.timers.advance(600_000);
		}
		const image = rig.card.image.slice();
		const used = rig.log.safeBytes / 512;
		for (const [from, to] of [
			[10, 60],
			[used / 2, used / 2 + 40],
			[used - 20, used - 4],
		] as const) {
			const damaged = image.slice();
			damaged.fill(0xff, (LOG_START + Math.floor(from)) * 512, (LOG_START + Math.floor(to)) * 512);
			const again = bootEventLog({ sectors: 64 * 2048, image: damaged, boot: 2 });
			await again.settle();
			again.emit(1);
			await again.timers.advance(1_000_000);
			expect(again.log.entries).toBe(rig.log.entries + 2);
			const { report } = await verifyImage(again.card.image);
			expect(failures(report.findings)[0]).toMatchObject({ code: "damaged" });
		}
	});

	it("does not use the store's card when that holds something else", async () => {
		const image = new Uint8Array(SECTORS * 512);
		image.set([0x55, 0xaa], 510);
		const rig = bootEventLog({ sectors: SECTORS, image });
		rig.emit(1);
		await rig.settle();
		await rig.timers.advance(2_000_000);
		expect(rig.log.state).toBe("absent");
		expect(rig.card.writes).toBe(0);
	});

	it("lies apart from what the store writes", async () => {
		const { store, settle } = bootStore({ sectors: SECTORS });
		await settle();
		expect(store.status().freeBytes).toBe((SECTORS - LOG_START - LOG_SECTORS) * 512);
	});
});
