import { readFileSync, rmSync, statSync } from "node:fs";
import { provisioningRead } from "@bodycam/protocol/camera/provisioning";
import { verifyAgencyChain } from "@bodycam/protocol/trust/chain";
import { afterAll, describe, expect, it } from "vitest";
import { hostCrypto, THROWAWAY_AGENCY } from "../agency/throwaway-agency.ts";
import { memoryState, openState } from "../state/camera-state.ts";
import { StateError } from "../storage/state-error.ts";
import { type BootCameraOptions, bootCamera } from "../testing/boot-camera.ts";
import { ScratchDirectory } from "../testing/ffmpeg.ts";

const scratch = new ScratchDirectory();
afterAll(() => scratch.remove());

async function membershipOf(options: BootCameraOptions) {
	const camera = await bootCamera({ arenaMib: 4, ...options });
	const { membership, serial, state } = camera.client.request(provisioningRead, {});
	camera.close();
	return { membership, serial, state, agency: camera.agency, camera };
}

describe("a simulated camera", () => {
	it("belongs to a throw-away agency when it boots for the first time", async () => {
		const { membership, serial, state, agency } = await membershipOf({});
		expect(state).toBe("provisioned");
		if (membership === undefined || agency === undefined) throw new Error("it belongs to nobody");
		const check = { serial, key: membership.key, now: Date.UTC(2026, 0, 1) };
		const trust = verifyAgencyChain(membership, check, hostCrypto);
		expect(trust.agency).toBe(THROWAWAY_AGENCY);
		expect(trust.policySigningKey).toEqual(agency.signers.policySigning.publicKey);
		expect(membership.anchor).toEqual(agency.anchor);
	});

	it("stays in factory state when it is asked to", async () => {
		const { state, membership, agency } = await membershipOf({ factory: true });
		expect({ state, membership, agency }).toEqual({
			state: "factory",
			membership: undefined,
			agency: undefined,
		});
	});

	it("has the same identity for the same seed and another one for another seed", async () => {
		const first = await membershipOf({ seed: 11 });
		const again = await membershipOf({ seed: 11 });
		const other = await membershipOf({ seed: 12 });
		expect(again.membership).toEqual(first.membership);
		expect(other.membership?.key).not.toEqual(first.membership?.key);
		expect(other.membership?.anchor).not.toEqual(first.membership?.anchor);
	});

	it("keeps the identity with its state, and gets one where the state has none yet", async () => {
		const state = memoryState();
		const before = await membershipOf({ state, factory: true });
		const first = await membershipOf({ state });
		const again = await membershipOf({ state, seed: 99 });
		expect(before.state).toBe("factory");
		expect(first.serial).toBe(before.serial);
		expect(again.membership).toEqual(first.membership);
	});

	it("was provisioned before its world began: power-on is the first event, and no time has passed", async () => {
		const camera = await bootCamera({ arenaMib: 4 });
		expect(camera.now).toBe(0);
		const [first] = camera.events();
		expect(first).toMatchObject({ type: "booted", sequence: 1, reason: "power-on" });
	});
});

describe("the state directory", () => {
	it("keeps the agency's private keys, readable by the owner alone", async () => {
		const directory = scratch.file("kept");
		const first = await membershipOf({ state: directory, card: 1 << 24 });
		for (const name of ["root.key", "device-signing.key", "policy-signing.key", "agency.json"])
			expect(statSync(`${directory}/agency/${name}`).mode & 0o777).toBe(0o600);
		expect(readFileSync(`${directory}/agency/root.key`, "utf8")).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
		const state = openState(directory);
		expect(state.agency).toBeDefined();
		state.close();
		const again = await membershipOf({ state: directory });
		expect(again.membership).toEqual(first.membership);
		expect(again.agency?.anchor).toEqual(first.agency?.anchor);
	});

	it("is refused when a key in it is damaged", async () => {
		const directory = scratch.file("damaged");
		await membershipOf({ state: directory, card: 1 << 24 });
		rmSync(`${directory}/agency/root.key`);
		expect(() => openState(directory)).toThrow(StateError);
	});
});
