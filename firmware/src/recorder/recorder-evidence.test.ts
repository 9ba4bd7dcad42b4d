import { PRIVATE_BOX_UUID, privateMetadata } from "@bodycam/protocol/camera/private-metadata";
import { planGeometry } from "@bodycam/protocol/card/superblock";
import { decodeCbor } from "@bodycam/protocol/cbor/codec";
import type { CustodyEntry } from "@bodycam/protocol/custody/entry";
import { checkNeighbours } from "@bodycam/protocol/custody/neighbours";
import { readCustody } from "@bodycam/protocol/custody/reader";
import { parse } from "@bodycam/protocol/schema/validate";
import { openAgeFile } from "@bodycam/protocol/testing/open-age-file";
import { describe, expect, it } from "vitest";
import { record } from "../testing/recorded-file.ts";
import { bootRecorder, type RecorderRig, steadySource } from "../testing/recorder-rig.ts";
import { TEST_IDENTITY } from "../testing/test-seal.ts";

const SECOND = 1_000_000;

async function entries(rig: RecorderRig, number: number): Promise<CustodyEntry[]> {
	return [...readCustody(new Uint8Array(await rig.readRecord(number)))].map((piece) => {
		if (piece.kind === "rest") throw new Error(piece.message);
		return piece.entry;
	});
}

async function failures(rig: RecorderRig, number: number): Promise<string[]> {
	const { findings } = await rig.verify(number);
	return findings.filter(({ severity }) => severity === "failure").map(({ message }) => message);
}

/** The private box of a recording. */
function privateBox(mp4: Uint8Array) {
	const at = Buffer.from(mp4).indexOf(Uint8Array.from(PRIVATE_BOX_UUID));
	const size = new DataView(mp4.buffer, mp4.byteOffset).getUint32(at - 8);
	return parse(privateMetadata, decodeCbor(mp4.slice(at + 16, at - 8 + size)));
}

describe("a recording as evidence", () => {
	it("is whole for who can decrypt it and complete for who verifies it", async () => {
		const rig = await bootRecorder();
		const { metadata } = await record(rig, 8, 4, 5);
		expect(openAgeFile(await rig.read(1), TEST_IDENTITY).whole).toBe(true);
		expect(await failures(rig, 1)).toEqual([]);
		const report = await rig.verify(1);
		expect(report.verdict).toBe("complete");
		expect(report.hash).toEqual(metadata?.finalHash);
		expect(report.bytes).toBe(metadata?.bytes);
	});

	it("has fragments that are whole chunks, each with a checkpoint that says what is in it", async () => {
		const rig = await bootRecorder({ camera: { format: { keyframesOnRequest: true } } });
		const { file, trigger, metadata } = await record(rig, 8, 4, 5);
		for (const moof of file.fragments) expect(moof % 65_536).toBe(0);
		const checkpoints = (await entries(rig, 1)).filter((entry) => entry.type === "checkpoint");
		expect(checkpoints.length).toBe(file.fragments.length + 2);
		const inside = checkpoints.slice(1, -1);
		expect(inside[0]?.firstMs).toBe(Math.min(metadata?.video.firstMs ?? 0, metadata?.audio?.firstMs ?? 0));
		expect(inside.at(-1)?.lastMs).toBe(Math.max(metadata?.video.lastMs ?? 0, metadata?.audio?.lastMs ?? 0));
		for (const { lastMs, preRecord } of inside)
			if (Math.abs(lastMs - trigger / 1000) > 1) expect(preRecord).toBe(lastMs * 1000 < trigger);
	});

	it("says in the encrypted file who authorised it, and nowhere else", async () => {
		const rig = await bootRecorder();
		rig.recorder.arm({ seconds: 2, sound: true });
		await rig.seconds(4);
		rig.begin();
		rig.recorder.annotate({ home: { confirmed: true }, authorisedBy: "Frau Rat" });
		await rig.seconds(3);
		await rig.stop();
		expect(privateBox(await rig.plain(1))).toEqual({ device: "d", number: 1, authorisedBy: "Frau Rat" });
		expect(rig.closed[0]?.home).toEqual({ confirmed: true });
		expect(JSON.stringify(rig.closed)).not.toContain("Frau Rat");
		expect(Buffer.from(await rig.readRecord(1)).includes("Frau Rat")).toBe(false);
	});

	it("says nothing of a name of the recording before", async () => {
		const rig = await bootRecorder();
		rig.begin();
		rig.recorder.annotate({ authorisedBy: "Frau Rat" });
		await rig.seconds(2);
		await rig.stop();
		rig.begin();
		await rig.seconds(2);
		await rig.stop();
		expect(privateBox(await rig.plain(2))).toEqual({ device: "d", number: 2 });
	});

	it("is an age file and a record with both ends although nothing was captured", async () => {
		const rig = await bootRecorder({
			microphone: false,
			camera: { frame: () => ({ ...steadySource()(0, true), presentation: 1e15, decode: 1e15 }) as never },
		});
		rig.begin();
		await rig.seconds(0.2);
		await rig.stop();
		expect(await failures(rig, 1)).toEqual([]);
		expect((await rig.verify(1)).verdict).toBe("complete");
		expect(openAgeFile(await rig.read(1), TEST_IDENTITY).whole).toBe(true);
		expect((await rig.file(1)).fragments).toEqual([]);
	});

	it("ends as a whole one when the card is full", async () => {
		const rig = await bootRecorder({
			card: { sectors: 3 * 2048 },
			camera: { frame: steadySource(25, 20, 8000) },
		});
		rig.recorder.arm({ seconds: 2, sound: true });
		await rig.seconds(5);
		rig.begin();
		await rig.seconds(30);
		expect(rig.closed[0]?.stop?.reason).toBe("card-full");
		expect(await failures(rig, 1)).toEqual([]);
		expect((await rig.verify(1)).verdict).toBe("complete");
		expect(openAgeFile(await rig.read(1), TEST_IDENTITY).whole).toBe(true);
	});

	it("ends with what was lost when writing fails, and is not called whole", async () => {
		const rig = await bootRecorder();
		rig.recorder.arm({ seconds: 2, sound: true });
		await rig.seconds(4);
		rig.begin();
		await rig.seconds(4);
		const { dataStart } = planGeometry(24 * 2048);
		rig.card.bad = (sector) => sector >= dataStart;
		await rig.seconds(5);
		expect(rig.closed[0]?.stop?.reason).toBe("card-error");
		expect(await failures(rig, 1)).toEqual([]);
		expect((await rig.verify(1)).verdict).toBe("interrupted");
		expect(rig.closed[0]).toMatchObject({ state: "interrupted", interrupted: true });
		const last = (await entries(rig, 1)).at(-1);
		expect(last).toMatchObject({ type: "recovery", reason: "card-error" });
		if (last?.type === "recovery") expect(last.lostMs).toBeGreaterThan(0);
		expect(rig.secrets()).toBe(false);
	});

	it("leaves nothing of its keys behind, however it ends", async () => {
		const rig = await bootRecorder();
		expect(rig.secrets()).toBe(false);
		rig.recorder.arm({ seconds: 2, sound: true });
		await rig.seconds(4);
		rig.begin();
		await rig.seconds(2);
		expect(rig.secrets()).toBe(true);
		await rig.stop();
		expect(rig.secrets()).toBe(false);
		rig.begin();
		await rig.seconds(2);
		rig.card.remove();
		await rig.seconds(1);
		expect(rig.secrets()).toBe(false);
		expect(() => rig.begin()).toThrow("memory card");
		expect(rig.secrets()).toBe(false);
	});

	it("follows the one before, also when it begins while that is still being finished", async () => {
		const rig = await bootRecorder({ camera: { format: { keyframesOnRequest: true } } });
		rig.recorder.arm({ seconds: 2, sound: true });
		await rig.seconds(4);
		rig.begin();
		await rig.seconds(3);
		rig.card.stallUntil(rig.timers.now() + 4 * SECOND);
		rig.recorder.stop({ time: rig.timers.now(), reason: "button" });
		await rig.seconds(0.5);
		expect(rig.recorder.status().state).toBe("finishing");
		expect(rig.begin()).toBe(true);
		await rig.seconds(8);
		await rig.stop();
		expect(checkNeighbours(await rig.verify(1), await rig.verify(2))).toEqual([]);
	});
});
