import { installPolicy, readPolicyOnCamera } from "@bodycam/protocol/agency/policy-transfer";
import { policyRead } from "@bodycam/protocol/camera/policy";
import { wearerCheckOut } from "@bodycam/protocol/camera/wearer";
import type { Policy } from "@bodycam/protocol/policy/document";
import { issueProfile } from "@bodycam/protocol/policy/profile";
import { deNw } from "@bodycam/protocol/policy/profiles/de-nw";
import { demo } from "@bodycam/protocol/policy/profiles/demo";
import { openPolicy, signPolicy } from "@bodycam/protocol/policy/signed";
import { describe, expect, it } from "vitest";
import { hostCrypto } from "../agency/throwaway-agency.ts";
import { type BootCameraOptions, type BootedCamera, bootCamera } from "../testing/boot-camera.ts";

const NOW = Date.UTC(2027, 0, 1);
const HOUR = 3_600_000;

async function boot(options: BootCameraOptions = {}): Promise<BootedCamera> {
	const camera = await bootCamera({ preRecordSeconds: 5, clockMs: NOW, ...options });
	camera.advance(7000);
	return camera;
}

function agencyOf({ agency }: BootedCamera) {
	if (agency === undefined) throw new Error("the camera belongs to nobody");
	return agency;
}

/** The demo profile as the camera's agency issues it, and its signed form. */
function issue(camera: BootedCamera, version: number, more: Partial<Policy> = {}): Uint8Array {
	const { name, signers, evidence } = agencyOf(camera);
	const issued = { agency: name, version, notBefore: 0, expires: NOW + 100 * HOUR, evidence };
	return signPolicy({ ...issueProfile(demo, issued), ...more }, signers.policySigning, hostCrypto);
}

const ask = (camera: BootedCamera) => async (command: never, request: never) =>
	camera.client.request(command, request);

function install(camera: BootedCamera, signed: Uint8Array, packetBytes = 1000) {
	return installPolicy(ask(camera) as never, signed, packetBytes, hostCrypto);
}

const types = (camera: BootedCamera) => camera.events().map(({ type }) => type);

describe("a camera without a policy", () => {
	it("records nothing and says so, on the display, in its status and in its events", async () => {
		const camera = await boot({ factory: true });
		camera.press("start");
		camera.advance(3000);
		const { capture, policy, recordings } = camera.status();
		expect(capture).toEqual({ state: "off", reason: "no-policy" });
		expect(policy).toEqual({ state: "none" });
		expect(recordings.count).toBe(0);
		expect(camera.board.peripherals.display.text).toContain("Keine gültige Richtlinie");
		expect(camera.events()).toContainEqual(expect.objectContaining({ type: "policy-missing", why: "none" }));
		expect(camera.events()).toContainEqual(
			expect.objectContaining({ type: "trigger-refused", why: "no-policy" }),
		);
		expect(camera.status().preRecord).toMatchObject({ heldMs: 0, limit: "off" });
	});

	it("takes none while it belongs to no agency", async () => {
		const camera = await boot({ factory: true });
		const other = await boot();
		await expect(install(camera, issue(other, 2))).rejects.toThrow("belongs to no agency");
	});
});

describe("another policy of the agency", () => {
	it("is in force at once, in chunks of any size, and after a power cut", async () => {
		const camera = await boot();
		const { name, evidence } = agencyOf(camera);
		const issued = { agency: name, version: 2, notBefore: 0, expires: NOW + HOUR, evidence };
		const nw = issueProfile(deNw, issued);
		const signed = signPolicy(nw, agencyOf(camera).signers.policySigning, hostCrypto);
		expect(camera.status().capture.state).toBe("armed");
		expect(await install(camera, signed, 300)).toMatchObject({
			state: "in-force",
			installed: { name: "de-nw", version: 2 },
		});
		camera.advance(1000);
		expect(camera.status().capture).toEqual({ state: "off", reason: "not-checked-out" });
		camera.client.request(wearerCheckOut, {});
		expect(camera.status()).toMatchObject({ capture: { state: "ready" }, preRecord: { limit: "off" } });
		camera.powerCut();
		camera.advance(3000);
		expect(camera.status()).toMatchObject({
			policy: { installed: { version: 2 } },
			capture: { state: "ready" },
		});
	});

	it("is read back as it was signed", async () => {
		const camera = await boot();
		const signed = issue(camera, 2);
		await install(camera, signed);
		const found = await readPolicyOnCamera(ask(camera) as never);
		expect(found.signed).toEqual(signed);
		const { name, signers } = agencyOf(camera);
		const authority = { agency: name, key: signers.policySigning.publicKey };
		expect(openPolicy(signed, { authority, now: NOW }, hostCrypto).version).toBe(2);
	});

	it("takes effect after a recording, not in the middle of it", async () => {
		const camera = await boot();
		camera.press("start");
		camera.advance(3000);
		const off = { mode: "off", maximumMs: 0, defaultMs: 0, sound: false, locked: true } as const;
		const status = await install(camera, issue(camera, 2, { preRecording: off }));
		expect(status).toMatchObject({ state: "in-force", waiting: 2 });
		expect(camera.status().capture.state).toBe("recording");
		camera.advance(1000);
		camera.press("stop");
		camera.advance(3000);
		expect(camera.status()).toMatchObject({ capture: { state: "ready" }, policy: { state: "in-force" } });
		expect(camera.status().policy.waiting).toBeUndefined();
		const { policy, retention, preRecord } = camera.recording(1);
		expect(policy).toMatchObject({ name: "demo", version: 1 });
		expect(retention).toEqual({ class: "demo", days: 1 });
		expect(preRecord.configuredMs).toBe(5000);
	});

	it("re-arms with another length", async () => {
		const camera = await boot({ preRecordSeconds: 20 });
		await install(
			camera,
			issue(camera, 2, { preRecording: { ...demo.preRecording, maximumMs: 3000, defaultMs: 3000 } }),
		);
		camera.advance(6000);
		const { preRecord, capture } = camera.status();
		expect(capture.state).toBe("armed");
		expect(preRecord.configuredMs).toBe(3000);
		expect(preRecord.heldMs).toBeLessThanOrEqual(3000);
		expect(preRecord.heldMs).toBeGreaterThan(1000);
	});

	it.each([
		["older", (camera: BootedCamera) => issue(camera, 1, { title: "other" }), "version is 1"],
		[
			"of another agency",
			(camera: BootedCamera) => issue(camera, 2, { issuer: { agency: "B" } }),
			"issuer.agency",
		],
		["expired", (camera: BootedCamera) => issue(camera, 2, { expires: NOW - 1 }), "expires"],
	])("that is %s is refused with its field named, and the one there is stays", async (_what, make, field) => {
		const camera = await boot();
		await expect(install(camera, make(camera))).rejects.toThrow(field);
		expect(camera.status()).toMatchObject({ policy: { state: "in-force", installed: { version: 1 } } });
		expect(types(camera).at(-1)).toBe("policy-refused");
		expect(camera.status().capture.state).toBe("armed");
	});
});

it("an expired policy ends by itself: the ring is given up and nothing is recorded any more", async () => {
	const camera = await boot();
	await install(camera, issue(camera, 2, { expires: NOW + 60_000 }));
	camera.advance(1000);
	expect(camera.status().capture.state).toBe("armed");
	camera.advance(60_000);
	expect(camera.status()).toMatchObject({
		capture: { state: "off", reason: "no-policy" },
		policy: { state: "expired" },
		preRecord: { heldMs: 0 },
	});
	camera.press("start");
	camera.advance(2000);
	expect(camera.status().recordings.count).toBe(0);
});

it("settings of a camera never exceed what its policy grants", async () => {
	const camera = await boot({ preRecordSeconds: 100_000 });
	expect(camera.status().preRecord.configuredMs).toBe(120_000);
	expect(camera.client.request(policyRead, {}).status.state).toBe("in-force");
});
