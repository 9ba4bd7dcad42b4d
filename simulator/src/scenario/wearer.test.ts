import { policyInstall } from "@bodycam/protocol/camera/policy";
import {
	wearerAssign,
	wearerCheckIn,
	wearerCheckOut,
	wearerRead,
	wearerWithdraw,
} from "@bodycam/protocol/camera/wearer";
import { encodeCbor } from "@bodycam/protocol/cbor/codec";
import { POLICY_CONTENT_TYPE, type Policy } from "@bodycam/protocol/policy/document";
import { issueProfile } from "@bodycam/protocol/policy/profile";
import { demo } from "@bodycam/protocol/policy/profiles/demo";
import { encodeRequest } from "@bodycam/protocol/smp/packet";
import { signDocument } from "@bodycam/protocol/trust/signed-document";
import type { Assignment } from "@bodycam/protocol/wearer/assignment";
import { describe, expect, it } from "vitest";
import { DEMO_WEARER, signAssignment } from "../agency/demo-assignment.ts";
import { hostCrypto } from "../agency/throwaway-agency.ts";
import { type BootedCamera, bootCamera } from "../testing/boot-camera.ts";

const DAY = 86_400_000;
const NOON = Date.UTC(2027, 0, 1, 12);

function agencyOf({ agency }: BootedCamera) {
	if (agency === undefined) throw new Error("the camera belongs to nobody");
	return agency;
}

/** A signed assignment for the camera, from yesterday until tomorrow. */
function assignment(camera: BootedCamera, changes: Partial<Assignment> = {}): Uint8Array {
	const dates = { notBefore: NOON - DAY, notAfter: NOON + DAY };
	return signAssignment(agencyOf(camera), {
		number: 2,
		camera: camera.board.serialNumber,
		wearer: "W-17",
		consent: { givenAt: NOON - DAY, validUntil: NOON + DAY },
		training: { date: NOON - DAY, validUntil: NOON + DAY },
		...dates,
		...changes,
	});
}

/** Gives the camera the demo policy with other rules about the wearer. */
function install(camera: BootedCamera, changes: Partial<Policy>): void {
	const agency = agencyOf(camera);
	const dates = { notBefore: 0, expires: Date.UTC(2100, 0, 1) };
	const policy = issueProfile(demo, { agency: agency.name, version: 2, ...dates, evidence: agency.evidence });
	const data = signDocument(
		POLICY_CONTENT_TYPE,
		encodeCbor({ ...policy, ...changes }),
		agency.signers.policySigning,
		hostCrypto,
	);
	const sha256 = hostCrypto.sha256(data);
	for (let off = 0; off < data.length; ) {
		const chunk = { sha256, total: data.length, off, data: data.slice(off, off + 2048) };
		off = camera.client.request(policyInstall, chunk).next;
	}
}

async function armed(): Promise<BootedCamera> {
	const camera = await bootCamera({ preRecordSeconds: 5, clockMs: NOON });
	camera.advanceUntil(() => camera.status().capture.state === "armed", 5_000, "armed");
	return camera;
}

const lastOf = (camera: BootedCamera, type: string) =>
	camera.events().findLast((event) => event.type === type);

describe("the wearer", () => {
	it("of a simulated camera is there from the start, and stands in its recordings", async () => {
		const camera = await armed();
		expect(camera.status().wearer).toEqual({ state: "assigned", wearer: DEMO_WEARER });
		camera.press("start");
		camera.advance(2_000);
		camera.press("stop");
		camera.advance(3_000);
		expect(camera.recording(1).wearer).toBe(DEMO_WEARER);
	});

	it("withdraws in the middle of a recording: it ends there, is kept, and nothing more is recorded", async () => {
		const camera = await armed();
		camera.advance(4_000);
		camera.press("start");
		camera.advance(3_000);
		const withdrawn = camera.now;
		camera.client.request(wearerWithdraw, {});
		expect(lastOf(camera, "recording-stopped")).toMatchObject({ recording: 1, reason: "wearer-withdrawn" });
		camera.advance(3_000);

		const recording = camera.recording(1);
		expect(recording).toMatchObject({ state: "complete", wearer: DEMO_WEARER });
		expect(recording.stop?.reason).toBe("wearer-withdrawn");
		expect(recording.stop?.monotonicMs).toBeGreaterThanOrEqual(Math.floor(withdrawn));
		expect(recording.stop?.monotonicMs).toBeLessThan(withdrawn + 50);
		expect(recording.video.lastMs).toBeLessThanOrEqual(recording.stop?.monotonicMs ?? 0);
		expect(recording.trigger.framesBefore).toBeGreaterThan(0);
		expect(recording.trigger.framesAfter).toBeGreaterThan(60);

		const status = camera.status();
		expect(status.capture).toEqual({ state: "off", reason: "consent-withdrawn" });
		expect(status.preRecord).toMatchObject({ heldMs: 0, audioHeldMs: 0 });
		expect(status.wearer).toEqual({ state: "withdrawn", obstacle: "consent-withdrawn" });
		camera.press("start");
		camera.advance(1_000);
		expect(lastOf(camera, "trigger-refused")).toMatchObject({ why: "consent-withdrawn" });
		expect(camera.recordings()).toHaveLength(1);
	});

	it("who withdrew has withdrawn after a power cut too, until there is another assignment", async () => {
		const camera = await armed();
		const first = camera.client.request(wearerRead, {}).status.assignment?.number;
		camera.client.request(wearerWithdraw, {});
		camera.powerCut("lose");
		camera.advance(3_000);
		expect(camera.status().capture).toEqual({ state: "off", reason: "consent-withdrawn" });
		const { status } = camera.client.request(wearerAssign, { document: assignment(camera) });
		expect(status).toMatchObject({ state: "assigned", lastNumber: (first ?? 0) + 1 });
		camera.advance(1_000);
		expect(camera.status().capture.state).toBe("armed");
	});

	it("is the old one or the new one after a power cut in the middle of an assignment", async () => {
		const outcomes = new Set<string | undefined>();
		for (let delay = 0; delay <= 10; delay += 2) {
			const camera = await armed();
			const document = assignment(camera);
			camera.client.transmit(encodeRequest(wearerAssign, { document }, 200));
			camera.advance(delay);
			camera.powerCut("tear");
			camera.advance(3_000);
			expect(camera.status().capture.state, `cut after ${delay} ms`).toBe("armed");
			outcomes.add(camera.status().wearer?.wearer);
		}
		expect([...outcomes].sort()).toEqual(["W-17", DEMO_WEARER].sort());
	});

	it("is asked for where the policy wants one, and to check the camera out", async () => {
		const camera = await armed();
		install(camera, { wearer: { assignmentRequired: true, checkOutRequired: true } });
		expect(camera.status().capture).toEqual({ state: "off", reason: "not-checked-out" });
		expect(camera.status().preRecord.heldMs).toBe(0);
		const pulses = camera.haptics.length;
		camera.press("start");
		camera.advance(1_000);
		expect(lastOf(camera, "trigger-refused")).toMatchObject({ why: "not-checked-out" });
		expect(camera.haptics.length).toBeGreaterThan(pulses);

		camera.client.request(wearerCheckOut, { wearer: DEMO_WEARER });
		camera.advance(1_000);
		expect(camera.status().capture.state).toBe("armed");
		camera.client.request(wearerCheckIn, {});
		expect(camera.status().capture).toEqual({ state: "off", reason: "not-checked-out" });
		expect(lastOf(camera, "wearer-checked-in")).toMatchObject({ wearer: DEMO_WEARER });
	});

	it("whose consent expires is recorded for no longer, but a recording that runs goes on", async () => {
		const camera = await armed();
		const consent = { givenAt: NOON - DAY, validUntil: NOON + 60_000 };
		camera.client.request(wearerAssign, { document: assignment(camera, { consent }) });
		camera.advance(50_000);
		camera.press("start");
		camera.advance(20_000);
		expect(camera.status().capture.state).toBe("recording");
		expect(lastOf(camera, "wearer-lapsed")).toMatchObject({ wearer: "W-17", why: "consent-expired" });
		camera.press("stop");
		camera.advance(3_000);
		expect(camera.recording(1)).toMatchObject({ state: "complete", wearer: "W-17" });
		expect(camera.status().capture).toEqual({ state: "off", reason: "consent-expired" });
	});

	it("of a camera whose clock is unset is taken at the policy's word", async () => {
		const camera = await bootCamera({ preRecordSeconds: 5 });
		camera.advance(2_000);
		const consent = { givenAt: 0, validUntil: 1 };
		camera.client.request(wearerAssign, { document: assignment(camera, { consent }) });
		expect(camera.status().capture.state).toBe("armed");
		install(camera, { whenClockUnset: "nothing" });
		expect(camera.status().capture).toEqual({ state: "off", reason: "clock-unset" });
		camera.board.peripherals.clock.set(NOON);
		camera.advance(100);
		expect(camera.status().capture).toEqual({ state: "off", reason: "consent-expired" });
	});
});
