import { describe, expect, it } from "vitest";
import { bootEventLog, type EventLogRig, verifyImage } from "../testing/event-log-rig.ts";
import { seededRandom } from "../testing/fake-card.ts";

const SECTORS = 6 * 2048;

/** What is known to be on the card: entries that were said to be safe. */
interface Known {
	entries: number;
	head: Uint8Array;
}

/** Events that come alone, together, in blocks that are full, long and short, over some ten blocks. */
async function scenario(rig: EventLogRig, known: Known, isOn: () => boolean): Promise<void> {
	async function pass(ms: number): Promise<void> {
		for (let i = 0; i < ms && isOn(); i++) {
			await rig.timers.advance(1000);
			if (isOn() && rig.log.entries > known.entries) {
				known.entries = rig.log.entries;
				known.head = rig.log.head();
			}
		}
	}
	await pass(30);
	rig.emit(1);
	await pass(600);
	for (let i = 2; i <= 4; i++) rig.emit(i);
	await pass(600);
	for (let i = 0; i < 70; i++) rig.emit(i + 10, i * 3);
	await pass(700);
	rig.emit(5, 200);
	await pass(300);
	rig.emit(6, 200);
	await pass(600);
	for (let i = 0; i < 9; i++) rig.emit(i + 100);
	await pass(600);
}

/** Runs until the power is cut in write `cut`. @returns what is known, or undefined when it ended before */
async function runUntil(rig: EventLogRig, cut: number): Promise<Known | undefined> {
	const known: Known = { entries: 0, head: new Uint8Array() };
	let on = true;
	rig.card.onWrite = (index) => {
		if (index >= cut) on = false;
		return on;
	};
	await scenario(rig, known, () => on);
	return on ? undefined : known;
}

/** The log on a card that the power was cut from: whole, and all of it that was safe. */
async function verify(left: Uint8Array, known: Known, label: string): Promise<number> {
	if (known.entries === 0 && left.subarray(0, 8192).every((byte) => byte === 0)) return 0;
	const { report } = await verifyImage(left, { heads: known.entries > 0 ? [known.head] : [] }).catch(
		(error: unknown) => {
			// Cut while the card was being formatted.
			if (known.entries > 0) throw error;
			return { report: { verdict: "intact" as const, entries: 0, findings: [] } };
		},
	);
	expect(
		report.findings.filter(({ severity }) => severity === "failure"),
		label,
	).toEqual([]);
	expect(report.entries, label).toBeGreaterThanOrEqual(known.entries);
	return report.entries;
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
	it.each(FATES)("in any write leaves a log that verifies and goes on: %s", async (name, fate) => {
		let cuts = 0;
		for (let cut = 0; ; cut++) {
			const label = `${name}, write ${cut}`;
			const rig = bootEventLog({ sectors: SECTORS });
			const known = await runUntil(rig, cut);
			if (!known) break;
			cuts++;
			const left = rig.card.afterPowerCut(fate(cut));
			const entries = await verify(left, known, label);
			const again = bootEventLog({ sectors: SECTORS, image: left, boot: 2 });
			again.emit(1);
			await again.settle();
			await again.timers.advance(2_000_000);
			expect(again.log, label).toMatchObject({ state: "ready", entries: entries + 2 });
			const { report } = await verifyImage(again.card.image);
			expect(report, label).toMatchObject({ verdict: "intact", entries: entries + 2 });
		}
		expect(cuts).toBeGreaterThan(8);
	});

	it("again and again loses nothing that was safe", async () => {
		let survived = 0;
		for (let seed = 0; seed < 15; seed++) {
			const random = seededRandom(seed);
			let image: Uint8Array = new Uint8Array(SECTORS * 512);
			let best: Known = { entries: 0, head: new Uint8Array() };
			for (let boot = 1; boot <= 8; boot++) {
				const rig = bootEventLog({ sectors: SECTORS, image, boot });
				const known = await runUntil(rig, Math.floor(random() * 10));
				if (!known) break;
				if (known.entries > best.entries) best = known;
				image = rig.card.afterPowerCut(random);
				survived += await verify(image, best, `seed ${seed}, boot ${boot}`);
			}
		}
		expect(survived).toBeGreaterThan(1000);
	});

	it("marks what it has torn by an event", async () => {
		const rig = bootEventLog({ sectors: SECTORS });
		await rig.settle();
		await rig.timers.advance(1_000_000);
		let on = true;
		rig.card.onWrite = () => {
			on = false;
			return false;
		};
		for (let i = 0; i < 20; i++) rig.emit(i + 1);
		await rig.timers.advance(1_000_000);
		expect(on).toBe(false);
		// The first sector arrived, the others did not.
		let drawn = 0;
		const left = rig.card.afterPowerCut(() => [0.95, 0.1, 0.5][Math.min(drawn++, 2)] as number);
		expect((await verifyImage(left)).report.findings.map(({ code }) => code)).toContain("torn");
		const again = bootEventLog({ sectors: SECTORS, image: left, boot: 2 });
		await again.settle();
		await again.timers.advance(1_000_000);
		const { report, events } = await verifyImage(again.card.image);
		expect(report.verdict).toBe("intact");
		const opened = events.at(-1);
		expect(opened?.type === "log-opened" ? opened.cutBytes : 0).toBeGreaterThan(512);
	});
});
