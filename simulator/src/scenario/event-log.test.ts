import { eventLogInfo, eventLogRead } from "@bodycam/protocol/camera/event-log";
import type { LogSource } from "@bodycam/protocol/event-log/reader";
import { osReset } from "@bodycam/protocol/smp/os";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BootedCamera, bootCamera } from "../testing/boot-camera.ts";
import { verifyCardLog, verifyLog } from "../testing/card-log.ts";
import { byEngine } from "../testing/engines.ts";
import { record } from "../testing/record.ts";

/** The log as the link gives it. */
function linkedLog(camera: BootedCamera): LogSource {
	const { bytes, card } = camera.client.request(eventLogInfo, {});
	return {
		bytes,
		identity: card,
		read(offset, length) {
			const result = new Uint8Array(length);
			for (let done = 0; done < length; ) {
				const { data } = camera.client.request(eventLogRead, { off: offset + done, len: length - done });
				result.set(data, done);
				done += data.length;
			}
			return result;
		},
	};
}

describe("the event log of a camera", () => {
	it("holds every event of the stream within a second, signed, on the card and over the link", async () => {
		const camera = await bootCamera({ preRecordSeconds: 2, clockMs: 1_790_000_000_000, card: 64 << 20 });
		camera.advance(3_000);
		record(camera, 3);
		camera.advance(1_000);
		const told = camera.events();
		const onCard = await verifyCardLog(camera.card);
		expect(onCard.verdict).toBe("intact");
		expect(onCard.events).toEqual(told.slice(0, onCard.events.length));
		expect(told.length - onCard.events.length).toBeLessThanOrEqual(1);
		expect(onCard.checkpoints.verified).toBeGreaterThanOrEqual(2);
		expect(onCard.events.find(({ type }) => type === "trigger")).toMatchObject({
			wallUncertaintyMs: expect.any(Number),
		});
		const linked = await verifyLog(linkedLog(camera));
		expect(linked.head).toEqual(onCard.head);
	});

	it("verifies after a power cut, wherever it falls, and lacks at most the last second", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 0, max: 8000 }),
				fc.constantFrom("lose" as const, "tear" as const),
				async (moment, mode) => {
					const camera = await bootCamera({ preRecordSeconds: 1, seed: moment, card: 64 << 20 });
					camera.advance(2_000);
					camera.press("start");
					camera.advance(moment);
					const cut = camera.now;
					const told = camera.events().filter(({ monotonicMs }) => monotonicMs < cut - 1000);
					camera.powerCut(mode, 200);
					camera.advance(4_000);
					const { verdict, boots, events, findings } = await verifyCardLog(camera.card);
					expect(findings.filter(({ severity }) => severity === "failure")).toEqual([]);
					expect({ verdict, boots }).toEqual({ verdict: "intact", boots: 2 });
					expect(events.slice(0, told.length)).toEqual(told);
				},
			),
			{ numRuns: byEngine({ wasm: 15, "mps3-an547": 5 }), seed: 3 },
		);
	});

	it("holds the last word before a restart that was asked for", async () => {
		const camera = await bootCamera({ card: 64 << 20 });
		camera.advance(3_000);
		camera.client.request(osReset, {});
		camera.advance(5_000);
		const { events, verdict, boots } = await verifyCardLog(camera.card);
		expect({ verdict, boots }).toEqual({ verdict: "intact", boots: 2 });
		const second = events.findIndex(({ type, sequence }, i) => i > 0 && type === "booted" && sequence === 1);
		expect(events[second - 1]).toMatchObject({ type: "reset", reason: "requested" });
	});

	it("counts the boots that left nothing because there was no card", async () => {
		const camera = await bootCamera({ card: 64 << 20 });
		camera.advance(2_000);
		const medium = camera.board.peripherals.card.remove();
		camera.advance(100);
		camera.powerCut();
		camera.advance(2_000);
		camera.powerCut();
		camera.advance(500);
		if (medium !== undefined) camera.board.peripherals.card.insert(medium);
		camera.advance(3_000);
		const { verdict, findings } = await verifyCardLog(camera.card);
		expect(verdict).toBe("intact");
		expect(findings.find(({ code }) => code === "boots")?.message).toContain("1 boots");
	});

	it("is filled again after a stall of the card, without a gap", async () => {
		const camera = await bootCamera({ preRecordSeconds: 1, card: 64 << 20 });
		camera.advance(2_000);
		camera.board.peripherals.card.stall(20_000);
		for (let i = 0; i < 20; i++) {
			camera.press("start");
			camera.advance(500);
		}
		camera.advance(40_000);
		const { verdict, findings, events } = await verifyCardLog(camera.card);
		expect(verdict).toBe("intact");
		expect(findings.map(({ code }) => code)).not.toContain("gap");
		expect(events.filter(({ type }) => type === "button").length).toBeGreaterThanOrEqual(20);
	});

	it("leaves the engine's heap as it was, event after event", async () => {
		const camera = await bootCamera({ preRecordSeconds: 1, card: 64 << 20 });
		camera.advance(3_000);
		const presses = (count: number) => {
			for (let i = 0; i < count; i++) {
				camera.press("stop");
				camera.advance(700);
			}
			return camera.heap();
		};
		presses(50);
		const { stored } = camera.client.request(eventLogInfo, {});
		const before = presses(50);
		expect(Math.abs(presses(300) - before)).toBeLessThan(1024);
		expect(camera.client.request(eventLogInfo, {}).stored).toBeGreaterThanOrEqual(stored + 350);
	});
});
