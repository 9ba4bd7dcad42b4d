import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nameOf } from "../testing/recorded-file.ts";
import { BASE, bootRecorder, type RecorderRig, steadySource } from "../testing/recorder-rig.ts";

/** One thing that happens, and how long it is quiet afterwards, ms. */
const step = fc.record({
	what: fc.constantFrom(
		"begin",
		"begin",
		"stop",
		"stop",
		"arm",
		"arm silent",
		"disarm",
		"stall",
		"take the card out",
		"put the card in",
		"fail writes",
		"overrun",
		"new format",
		"nothing",
	),
	quiet: fc.integer({ min: 0, max: 4000 }),
	amount: fc.integer({ min: 1, max: 6 }),
});

interface Trigger {
	readonly time: number;
	readonly seconds: number;
}

async function play(rig: RecorderRig, steps: readonly { what: string; quiet: number; amount: number }[]) {
	const triggers: Trigger[] = [];
	let seconds = 3;
	let longest = 3;
	let variant = 0;
	rig.recorder.arm({ seconds, sound: true });
	await rig.seconds(2);
	for (const { what, quiet, amount } of steps) {
		const now = rig.timers.now();
		if (what === "begin") {
			try {
				rig.recorder.begin({ triggerTime: now, source: "link", base: BASE });
				triggers.push({ time: now, seconds: longest });
			} catch (error) {
				expect((error as Error).name).toBe("StoreError");
			}
		} else if (what === "stop") rig.recorder.stop({ time: now - (amount % 2) * 30_000, reason: "link" });
		else if (what.startsWith("arm")) {
			seconds = amount - 1;
			longest = Math.max(longest, seconds);
			rig.recorder.arm({ seconds, sound: what === "arm" });
		} else if (what === "disarm") rig.recorder.disarm();
		else if (what === "stall") rig.card.stallUntil(now + amount * 700_000);
		else if (what === "take the card out") rig.card.remove();
		else if (what === "put the card in") {
			rig.card.remove();
			rig.card.insert();
		} else if (what === "fail writes") rig.card.fail("write", amount);
		else if (what === "overrun") rig.camera.overrun(amount);
		else if (what === "new format") {
			variant++;
			rig.camera.change({ configuration: Uint8Array.of(1, 0x42, 0, variant, 0xff, 0xe0, 0) });
		}
		await rig.timers.advance(quiet * 1000);
	}
	// Whatever happened: it can be ended, and everything is in order again.
	rig.card.fail("write", 0);
	rig.card.remove();
	await rig.seconds(1);
	rig.card.insert();
	for (let i = 0; i < 4; i++) {
		rig.recorder.stop({ time: rig.timers.now(), reason: "link" });
		await rig.seconds(3);
	}
	rig.recorder.disarm();
	await rig.seconds(2);
	return { triggers, longest };
}

async function verify(rig: RecorderRig, longest: number): Promise<void> {
	expect(rig.recorder.status()).toMatchObject({ state: "off", recording: undefined });
	const { memory, arena } = rig;
	expect(memory.bytes.subarray(arena.at, arena.at + arena.bytes).some((byte) => byte !== 0)).toBe(false);
	expect(rig.camera.leased).toBe(0);
	const stored = rig.store.list(1, 100);
	expect(stored.map(({ number }) => number)).toEqual(stored.map((_, i) => i + 1));
	for (const { number, state, bytes } of stored) {
		expect(state).not.toBe("recording");
		if (bytes === 0) continue;
		const file = await rig.file(number);
		const video = file.tracks.find(({ handler }) => handler === "vide")?.samples ?? [];
		const names = video.map(nameOf);
		for (let i = 1; i < names.length; i++) expect(names[i]).toBeGreaterThan(names[i - 1] ?? 0);
		if (video[0]) expect(video[0].sync).toBe(true);
		const metadata = rig.closed.find((closed) => closed.number === number);
		if (state !== "complete" || !metadata) continue;
		const sound = file.tracks.find(({ handler }) => handler === "soun")?.samples ?? [];
		expect(metadata.video.frames).toBe(video.length);
		expect(metadata.audio?.packets ?? 0).toBe(sound.length);
		expect(metadata.preRecord.deliveredMs).toBeLessThanOrEqual(metadata.preRecord.configuredMs);
		expect(metadata.bytes).toBe(bytes);
		if (video.length > 0) {
			const before = metadata.trigger.monotonicMs - metadata.video.firstMs;
			expect(before).toBeLessThanOrEqual(longest * 1000 + 1);
			const missing = (names.at(-1) ?? 0) - (names[0] ?? 0) + 1 - names.length;
			expect(missing).toBeLessThanOrEqual(metadata.lost?.frames ?? 0);
		}
	}
}

describe("recorder, whatever happens", () => {
	it("keeps every file whole, its metadata true and the ring clean", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(step, { minLength: 1, maxLength: 14 }),
				fc.constantFrom(60_000, 400_000),
				fc.constantFrom(7, 20, 60),
				async (steps, arenaBytes, group) => {
					const rig = await bootRecorder({
						arenaBytes,
						card: { sectors: 8 * 2048 },
						camera: { frame: steadySource(25, group, 700), format: { keyframesOnRequest: group === 7 } },
					});
					const { longest } = await play(rig, steps);
					await verify(rig, longest);
				},
			),
			// Longer, and other, with CHAOS_RUNS and CHAOS_SEED.
			{ seed: Number(process.env.CHAOS_SEED ?? 1), numRuns: Number(process.env.CHAOS_RUNS ?? 30) },
		);
	}, 600_000);
});
