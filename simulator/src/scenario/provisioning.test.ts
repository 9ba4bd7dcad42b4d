import { provisionCamera } from "@bodycam/protocol/agency/provision";
import { factoryReset, factoryResetBegin, provisioningRead } from "@bodycam/protocol/camera/provisioning";
import { demo } from "@bodycam/protocol/policy/profiles/demo";
import { encodeRequest } from "@bodycam/protocol/smp/packet";
import { signResetAuthorisation } from "@bodycam/protocol/trust/reset-authorisation";
import { describe, expect, it } from "vitest";
import { signedFirstPolicy } from "../agency/demo-policy.ts";
import {
	hostCrypto,
	makeAgencySeeds,
	THROWAWAY_VALIDITY,
	throwawayAgency,
} from "../agency/throwaway-agency.ts";
import { type BootedCamera, bootCamera } from "../testing/boot-camera.ts";
import { createRandomness } from "../world/random.ts";

const agency = throwawayAgency(makeAgencySeeds(createRandomness(7).stream("agency")));
const CLOCK = Date.UTC(2026, 5, 1);

function provision(camera: BootedCamera, name?: string) {
	return provisionCamera(
		async (command, request) => camera.client.request(command, request),
		{
			agency,
			deviceSigning: agency.signers.deviceSigning,
			validity: THROWAWAY_VALIDITY,
			policy: signedFirstPolicy(agency, demo),
			nonce: new Uint8Array(16),
			clock: () => CLOCK,
			name,
			packetBytes: 4096,
		},
		hostCrypto,
	);
}

const stateOf = (camera: BootedCamera) => camera.client.request(provisioningRead, {}).state;

function authorise(camera: BootedCamera, last: number): Uint8Array {
	const { serial, nonce } = camera.client.request(factoryResetBegin, {});
	const givesUp = last === 0 ? [] : [{ first: 1, last }];
	return signResetAuthorisation({ serial, nonce, givesUp }, agency.signers.deviceSigning, hostCrypto);
}

describe("a camera in factory state", () => {
	it("records nothing until it is provisioned, then goes by its policy", async () => {
		const camera = await bootCamera({ factory: true, arenaMib: 8 });
		camera.advance(2000);
		camera.press("start");
		camera.advance(2000);
		expect(camera.status().capture).toMatchObject({ state: "off", reason: "no-policy" });
		expect(camera.recordings()).toEqual([]);

		await provision(camera, "KOD 7");
		camera.advance(1000);
		expect(camera.status()).toMatchObject({
			device: { name: "KOD 7" },
			capture: { state: "armed" },
			clock: { set: true },
			policy: { state: "in-force", installed: { name: "demo", agency: agency.name } },
			provisioning: { provisioned: true, agency: agency.name, sessions: "none", grants: "administrator" },
		});
		expect(camera.events().find(({ type }) => type === "provisioned")).toMatchObject({
			agency: agency.name,
			name: "KOD 7",
		});
	});

	it("is in factory state or provisioned after a power cut at any moment of it, and can be provisioned then", async () => {
		const seen = new Set<string>();
		for (let cutMs = 0; cutMs < 24; cutMs += 2) {
			const camera = await bootCamera({ factory: true, arenaMib: 2, card: "none" });
			camera.advance(5);
			const link = camera.client;
			const request: typeof link.request = link.request.bind(link);
			await provisionCamera(
				async (command, content) => {
					if (command.name !== "provisioning-complete") return request(command, content);
					link.transmit(encodeRequest(command, content, 77));
					camera.advance(cutMs);
					throw new Error("cut");
				},
				{
					agency,
					deviceSigning: agency.signers.deviceSigning,
					validity: THROWAWAY_VALIDITY,
					policy: signedFirstPolicy(agency, demo),
					nonce: new Uint8Array(16),
					packetBytes: 4096,
				},
				hostCrypto,
			).catch(() => undefined);
			camera.powerCut();
			const state = stateOf(camera);
			seen.add(state);
			if (state === "factory") await provision(camera);
			expect(stateOf(camera)).toBe("provisioned");
			camera.advance(1000);
			expect(camera.status().policy.state).toBe("in-force");
			camera.close();
		}
		expect([...seen].sort()).toEqual(["factory", "provisioned"]);
	});
});

describe("a provisioned camera", () => {
	it("is not provisioned again", async () => {
		const camera = await bootCamera({ arenaMib: 2 });
		await expect(provision(camera)).rejects.toThrow(/"code":2/);
		expect(camera.client.request(provisioningRead, {}).membership?.anchor).toEqual(camera.agency?.anchor);
	});

	it("is reset on the agency's authorisation, restarts, and records nothing", async () => {
		const camera = await bootCamera({ factory: true, arenaMib: 8 });
		await provision(camera);
		camera.advance(1000);
		camera.press("start");
		camera.advance(3000);
		camera.press("stop");
		camera.advance(3000);
		expect(camera.recordings()).toHaveLength(1);

		expect(() => camera.client.request(factoryReset, { authorisation: authorise(camera, 0) })).toThrow(
			/recording 1 is on the card/,
		);
		camera.client.request(factoryReset, { authorisation: authorise(camera, 1) });
		camera.advance(2000);
		expect(camera.resets).toHaveLength(1);
		expect(stateOf(camera)).toBe("factory");
		expect(camera.status().capture.state).toBe("off");
		expect(camera.recordings(), "they stay on the card").toHaveLength(1);
	});

	it("is not reset while it records", async () => {
		const camera = await bootCamera({ factory: true, arenaMib: 8 });
		await provision(camera);
		camera.advance(1000);
		camera.press("start");
		camera.advance(2000);
		expect(() => camera.client.request(factoryReset, { authorisation: authorise(camera, 1) })).toThrow(
			/"code":8/,
		);
		expect(camera.status().capture.state).toBe("recording");
	});
});
