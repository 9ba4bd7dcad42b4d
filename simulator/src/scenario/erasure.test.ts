import { createHash } from "node:crypto";
import { installPolicy } from "@bodycam/protocol/agency/policy-transfer";
import {
	RecordingsError,
	recordingsErase,
	recordingsInfo,
	recordingsRead,
} from "@bodycam/protocol/camera/recordings";
import { checkNeighbours } from "@bodycam/protocol/custody/neighbours";
import { openReceipt, type Receipt, signReceipt } from "@bodycam/protocol/custody/receipt";
import type { CustodyReport } from "@bodycam/protocol/custody/verifier";
import { verifyCustody } from "@bodycam/protocol/custody/verify";
import { issueProfile } from "@bodycam/protocol/policy/profile";
import { demo } from "@bodycam/protocol/policy/profiles/demo";
import { signPolicy } from "@bodycam/protocol/policy/signed";
import { testSigner } from "@bodycam/protocol/testing/node-crypto";
import type { Signer } from "@bodycam/protocol/trust/signed-document";
import { describe, expect, it } from "vitest";
import { hostCrypto } from "../agency/throwaway-agency.ts";
import { type BootedCamera, bootCamera } from "../testing/boot-camera.ts";
import { record } from "../testing/record.ts";

const NOON = Date.UTC(2027, 0, 1, 12);

/** A camera with so many recordings. */
async function cameraWith(recordings: number): Promise<BootedCamera> {
	const camera = await bootCamera({ preRecordSeconds: 2, clockMs: NOON });
	camera.advance(4_000);
	for (let number = 1; number <= recordings; number++) record(camera, 1);
	return camera;
}

function agencyOf({ agency }: BootedCamera) {
	if (agency === undefined) throw new Error("the camera belongs to nobody");
	return agency;
}

/** What an archive finds out about a recording once it has both files. */
async function readBack(camera: BootedCamera, number: number): Promise<CustodyReport> {
	const age = camera.pullPart(number, "age");
	const digest = (offset: number, bytes: number) => {
		const segment = age.subarray(offset, offset + bytes);
		return new Uint8Array(createHash("sha256").update(segment).digest());
	};
	const { anchor } = agencyOf(camera);
	const crypto = hostCrypto;
	return verifyCustody(camera.pullPart(number, "custody"), { bytes: age.length, digest }, { crypto, anchor });
}

/** The archive's receipt for a recording, with parts of it changed. */
async function receiptFor(
	camera: BootedCamera,
	number: number,
	changes: Partial<Receipt> = {},
	archive: Signer = agencyOf(camera).archive,
): Promise<Uint8Array> {
	const { verdict, header, hash: finalHash, bytes } = await readBack(camera, number);
	if (verdict !== "complete" || header === undefined || finalHash === undefined)
		throw new Error(`the archive signs no recording that is ${verdict}`);
	const { device, recording } = header;
	const content = { device, recording, bytes, finalHash, readBackMs: NOON, ...changes };
	return signReceipt(content, archive, hostCrypto);
}

const erase = (camera: BootedCamera, receipt: Uint8Array) =>
	camera.client.request(recordingsErase, { receipt });

/** How the client tells a refusal. */
const coded = ({ code, group }: { readonly code: number; readonly group: number }) =>
	JSON.stringify({ group, code }).slice(0, -1);

const states = (camera: BootedCamera) => camera.recordings().map(({ number, state }) => [number, state]);

describe("on the archive's receipt a recording", () => {
	it("leaves the camera: its room is free again, its number and the receipt stay, the event says so", async () => {
		const camera = await cameraWith(2);
		const before = camera.status().card.freeBytes;
		const { finalHash, bytes } = camera.recording(1);
		const receipt = await receiptFor(camera, 1);
		expect(erase(camera, receipt)).toEqual({ number: 1 });
		expect(states(camera)).toEqual([
			[1, "erased"],
			[2, "complete"],
		]);
		expect(camera.status().recordings).toEqual({ count: 1, last: 2 });
		expect(camera.status().card.freeBytes).toBeGreaterThan(before);
		const info = camera.client.request(recordingsInfo, { number: 1 });
		expect(info.recording.state).toBe("erased");
		const kept = openReceipt(
			info.receipt ?? new Uint8Array(),
			[agencyOf(camera).archive.publicKey],
			hostCrypto,
		);
		expect(kept).toMatchObject({ recording: 1, finalHash });
		for (const part of ["age", "custody"] as const)
			expect(() => camera.client.request(recordingsRead, { number: 1, part, off: 0 })).toThrow(
				coded(RecordingsError.erased),
			);
		expect(camera.events()).toContainEqual(
			expect.objectContaining({
				type: "recording-erased",
				recording: 1,
				bytes,
				finalHash,
				receipt: hostCrypto.sha256(receipt),
			}),
		);
	});

	it("stays erased after a power cut, and the next one follows the others", async () => {
		const camera = await cameraWith(2);
		const second = await readBack(camera, 2);
		erase(camera, await receiptFor(camera, 1));
		erase(camera, await receiptFor(camera, 2));
		camera.powerCut("tear", 500);
		camera.advance(4_000);
		record(camera, 1);
		expect(states(camera)).toEqual([
			[1, "erased"],
			[2, "erased"],
			[3, "complete"],
		]);
		expect(checkNeighbours(second, await readBack(camera, 3))).toEqual([]);
	});

	it("is erased once, however often the receipt comes", async () => {
		const camera = await cameraWith(1);
		const receipt = await receiptFor(camera, 1);
		erase(camera, receipt);
		expect(erase(camera, receipt)).toEqual({ number: 1 });
		const events = camera.events().filter(({ type }) => type === "recording-erased");
		expect(events).toHaveLength(1);
	});

	it("leaves while another one is being made, which loses nothing", async () => {
		const camera = await cameraWith(1);
		const receipt = await receiptFor(camera, 1);
		camera.press("start");
		camera.advance(2_000);
		erase(camera, receipt);
		camera.advance(2_000);
		camera.press("stop");
		camera.advanceUntil(() => camera.recordings()[1]?.state === "complete", 10_000);
		expect((await readBack(camera, 2)).verdict).toBe("complete");
		expect(camera.recording(2).lost).toBeUndefined();
	});
});

describe("a recording stays, and the refusal is an event,", () => {
	it.each([
		[
			"on the signature of anybody else",
			{},
			testSigner(9),
			"receiptUntrusted",
			"of no archive in the policy in force",
		],
		[
			"on a receipt for another camera",
			{ device: "0badcafe" },
			undefined,
			"receiptMismatch",
			"for camera 0badcafe",
		],
		[
			"on a receipt for another number",
			{ recording: 2 },
			undefined,
			"noSuchRecording",
			"there is no recording",
		],
		["on a receipt for another length", { bytes: 1 }, undefined, "receiptMismatch", "for 1 bytes"],
		[
			"on a receipt for other contents",
			{ finalHash: new Uint8Array(32) },
			undefined,
			"receiptMismatch",
			"another recording of this number",
		],
	] as const)("%s", async (_what, changes, archive, error, why) => {
		const camera = await cameraWith(1);
		const receipt = await receiptFor(camera, 1, changes, archive);
		expect(() => erase(camera, receipt)).toThrow(coded(RecordingsError[error]));
		expect(states(camera)).toEqual([[1, "complete"]]);
		expect((await readBack(camera, 1)).verdict).toBe("complete");
		const refused = camera.events().filter(({ type }) => type === "erasure-refused");
		expect(refused).toMatchObject([{ why: expect.stringContaining(why) }]);
	});

	it("on the receipt of an archive that a later policy names no longer", async () => {
		const camera = await cameraWith(1);
		const receipt = await receiptFor(camera, 1);
		const { name, evidence, signers } = agencyOf(camera);
		const issue = { agency: name, version: 2, notBefore: 0, expires: NOON + 1e9 };
		const policy = issueProfile(demo, { ...issue, evidence: { ...evidence, archives: [] } });
		const signed = signPolicy(policy, signers.policySigning, hostCrypto);
		await installPolicy(
			async (command, request) => camera.client.request(command, request),
			signed,
			1000,
			hostCrypto,
		);
		expect(() => erase(camera, receipt)).toThrow("names no archive");
		expect(states(camera)).toEqual([[1, "complete"]]);
	});

	it("while it is being made", async () => {
		const camera = await cameraWith(1);
		const receipt = await receiptFor(camera, 1, { recording: 2 });
		camera.press("start");
		camera.advance(2_000);
		expect(() => erase(camera, receipt)).toThrow(coded(RecordingsError.stillRecording));
	});
});
