import { planGeometry } from "@bodycam/protocol/card/superblock";
import { readCustody } from "@bodycam/protocol/custody/reader";
import { demo } from "@bodycam/protocol/policy/profiles/demo";
import { statisticsShow } from "@bodycam/protocol/smp/statistics";
import { describe, expect, it } from "vitest";
import type { Clip } from "../camera/clip.ts";
import { defaultClip } from "../root.ts";
import { loadScene } from "../scene/load-scene.ts";
import type { BootedCamera } from "../testing/boot-camera.ts";
import { verifyCardLog } from "../testing/card-log.ts";
import { breaks, framesOfClip, playBack } from "../testing/playback.ts";
import { eventsOf, camera as ready } from "../testing/ready-camera.ts";
import { record } from "../testing/record.ts";
import { gapsBetween, verifyRecording } from "../testing/verify-recording.ts";

const clip = (await loadScene(defaultClip(), undefined)).video as Clip;

const cardOf = (camera: BootedCamera) => camera.board.peripherals.card;

/** The sectors of the recording under way that were written last. */
function watchWrites(camera: BootedCamera) {
	let last = 0;
	const { dataStart } = planGeometry(camera.card.sectors);
	cardOf(camera).onChange = (change) => {
		if (change.kind === "write" && change.sector >= dataStart) last = change.sector;
	};
	return () => last;
}

/** The reports on all recordings; each has to be whole, and to follow the one before. */
async function verified(camera: BootedCamera) {
	const numbers = camera.recordings().map(({ number }) => number);
	const reports = [];
	for (const number of numbers) reports.push(await verifyRecording(camera, number));
	expect(
		reports.flatMap(({ findings }) => findings.filter(({ severity }) => severity === "failure")),
	).toEqual([]);
	expect(gapsBetween(reports)).toEqual([]);
	return reports.map(({ verdict }) => verdict);
}

async function isUnbroken(camera: BootedCamera, number: number): Promise<void> {
	const { pictures } = await playBack(camera.pull(number));
	expect(pictures.length).toBe(camera.recording(number).video.frames);
	expect(breaks(clip, framesOfClip(clip, pictures))).toEqual([]);
}

const faultsTold = (camera: BootedCamera) =>
	eventsOf(camera, "fault").map(({ fault, active }) => `${active ? "+" : "-"}${fault}`);

describe("a card that stalls", { timeout: 300_000 }, () => {
	it("for two seconds costs nothing, and the statistics tell of it", async () => {
		const camera = await ready(demo);
		camera.advance(4_000);
		camera.press("start");
		camera.advance(2_000);
		cardOf(camera).stall(2_000);
		camera.advance(4_000);
		camera.press("stop");
		camera.advance(3_000);
		expect(faultsTold(camera).filter((told) => told.includes("card"))).toEqual([]);
		expect(await verified(camera)).toEqual(["complete"]);
		await isUnbroken(camera, 1);
		const { fields } = camera.client.request(statisticsShow, { name: "card_writes" });
		expect(fields.longest_write_ms).toBeGreaterThan(1_000);
		expect(fields.longest_write_ms).toBeLessThan(2_100);
		expect(fields.bytes_per_second).toBeLessThan(fields.card_bytes_per_second ?? 0);
	});

	it("for longer is told, goes on out of the ring, and costs nothing either", async () => {
		const camera = await ready(demo);
		camera.advance(4_000);
		camera.press("start");
		camera.advance(2_000);
		cardOf(camera).stall(6_000);
		camera.advance(10_000);
		camera.press("stop");
		camera.advance(3_000);
		expect(faultsTold(camera)).toContain("+card-stalled");
		expect(faultsTold(camera)).toContain("-card-stalled");
		expect(await verified(camera)).toEqual(["complete"]);
		await isUnbroken(camera, 1);
	});
});

describe("a power cut while the card stands still", { timeout: 300_000 }, () => {
	it.each([2_500, 7_000])("after %i ms costs no more than the camera claims", async (stalledMs) => {
		const camera = await ready(demo);
		camera.advance(4_000);
		camera.press("start");
		camera.advance(4_000);
		cardOf(camera).stall(60_000);
		camera.advance(stalledMs);
		const cutAt = camera.now;
		camera.powerCut("lose", 500);
		camera.advance(6_000);
		expect(await verified(camera)).toEqual(["interrupted"]);
		const pieces = [...readCustody(camera.pullPart(1, "custody"))];
		const end = pieces.at(-1);
		if (end?.kind !== "item" || end.entry.type !== "recovery") throw new Error("it has no recovery");
		const lost = cutAt - camera.recording(1).video.lastMs;
		expect(lost).toBeGreaterThan(stalledMs);
		expect(end.entry.lostMs).toBeGreaterThanOrEqual(lost);
		expect(end.entry.lostMs).toBeLessThan(2 * lost + 2_000);
	});
});

describe("a worn card", { timeout: 300_000 }, () => {
	it("ends the recording with all that is sealed, tells so, and the next recording lies elsewhere", async () => {
		const camera = await ready(demo);
		camera.advance(4_000);
		const place = watchWrites(camera);
		camera.press("start");
		camera.advance(3_000);
		const worn = { sector: place() + 512, count: 1024 };
		cardOf(camera).wearOut([worn]);
		const before = camera.haptics.length;
		camera.advance(6_000);
		expect(eventsOf(camera, "recording-stopped")).toMatchObject([{ reason: "card-error" }]);
		expect(faultsTold(camera)).toContain("+card-error");
		expect(camera.haptics.length).toBeGreaterThan(before);
		camera.advance(6_000);
		expect(camera.status().card.state).toBe("ready");
		record(camera, 4);
		expect(camera.recordings().map(({ state }) => state)).toEqual(["interrupted", "complete"]);
		expect(await verified(camera)).toEqual(["interrupted", "complete"]);
		await isUnbroken(camera, 1);
		await isUnbroken(camera, 2);
		camera.powerCut("lose", 500);
		camera.advance(6_000);
		record(camera, 4);
		await verified(camera);
		expect(camera.recordings().map(({ state }) => state)).toEqual(["interrupted", "complete", "complete"]);
		const { verdict, events } = await verifyCardLog(camera.card);
		expect(verdict).not.toBe("broken");
		expect(events).toContainEqual(expect.objectContaining({ type: "fault", fault: "card-error" }));
	});

	it("that fails every write for a while closes the recording when it works again", async () => {
		const camera = await ready(demo);
		camera.advance(4_000);
		camera.press("start");
		camera.advance(3_000);
		cardOf(camera).failWrites(Number.POSITIVE_INFINITY);
		camera.advance(8_000);
		expect(camera.status().faults).toContain("card-error");
		cardOf(camera).failWrites(0);
		camera.advance(8_000);
		expect(camera.recordings()).toMatchObject([{ state: "interrupted" }]);
		expect(camera.status().faults).not.toContain("card-error");
		record(camera, 2);
		expect(await verified(camera)).toEqual(["interrupted", "complete"]);
	});
});

describe("a recording that cannot be read back", { timeout: 300_000 }, () => {
	it("is told by its number, and the others are read and made", async () => {
		const camera = await ready(demo);
		camera.advance(4_000);
		const place = watchWrites(camera);
		record(camera, 2);
		const spoiled = place();
		record(camera, 2);
		cardOf(camera).makeUnreadable([{ sector: spoiled, count: 4 }]);
		expect(() => camera.pullPart(1, "age")).toThrow();
		camera.advance(500);
		expect(camera.status().faults).toContain("recording-damaged");
		expect(eventsOf(camera, "fault")).toContainEqual(
			expect.objectContaining({ fault: "recording-damaged", detail: "recording 1 cannot be read" }),
		);
		expect((await verifyRecording(camera, 2)).verdict).toBe("complete");
		expect(record(camera, 2).state).toBe("complete");
		cardOf(camera).makeUnreadable([]);
		expect(await verified(camera)).toEqual(["complete", "complete", "complete"]);
	});

	it("after a power cut is closed once it can be read, and keeps nobody from recording until then", async () => {
		const camera = await ready(demo);
		camera.advance(4_000);
		const place = watchWrites(camera);
		camera.press("start");
		camera.advance(2_000);
		const spoiled = place();
		camera.advance(3_000);
		cardOf(camera).makeUnreadable([{ sector: spoiled, count: 4 }]);
		camera.powerCut("lose", 500);
		camera.advance(6_000);
		expect(camera.status().faults).toContain("recording-damaged");
		expect(camera.status().capture.state).toBe("armed");
		cardOf(camera).makeUnreadable([]);
		camera.powerCut("lose", 500);
		camera.advance(6_000);
		expect(await verified(camera)).toEqual(["interrupted"]);
		expect(camera.status().faults).not.toContain("recording-damaged");
	});
});

describe("a card that is pulled out in the middle of a recording and put back", { timeout: 300_000 }, () => {
	it("has all that was sealed, closed with a signed statement, and the next recording follows it", async () => {
		const camera = await ready(demo);
		camera.advance(4_000);
		camera.press("start");
		camera.advance(4_000);
		const pulledAt = camera.now;
		const medium = cardOf(camera).remove();
		camera.advance(2_000);
		expect(eventsOf(camera, "recording-stopped")).toMatchObject([{ reason: "card-missing" }]);
		expect(camera.status().faults).toContain("card-missing");
		if (medium) cardOf(camera).insert(medium);
		camera.advance(4_000);
		expect(camera.recordings()).toMatchObject([{ state: "interrupted" }]);
		const { video } = camera.recording(1);
		expect(pulledAt - video.lastMs).toBeLessThanOrEqual(1_000);
		record(camera, 2);
		expect(await verified(camera)).toEqual(["interrupted", "complete"]);
		const cut = (await verifyRecording(camera, 1)).findings.find(({ code }) => code === "interrupted");
		expect(cut?.message).toContain("it was cut off (card-missing)");
		const { pictures } = await playBack(camera.pull(1));
		expect(pictures.length).toBe(video.frames);
	});
});

describe("a card that is full", { timeout: 300_000 }, () => {
	it("ends the recording with its final item, and loses nothing that was sealed", async () => {
		const camera = await ready(demo, { card: 8 * 1024 ** 2 });
		camera.advance(4_000);
		camera.press("start");
		for (let tens = 0; tens < 30 && camera.status().capture.state === "recording"; tens++)
			camera.advance(10_000);
		camera.advance(3_000);
		expect(eventsOf(camera, "recording-stopped")).toMatchObject([{ reason: "card-full" }]);
		expect(camera.status().faults).toContain("card-full");
		expect(await verified(camera)).toEqual(["complete"]);
		expect(camera.decrypt(camera.pullPart(1, "age")).whole).toBe(true);
		await isUnbroken(camera, 1);
	});
});
