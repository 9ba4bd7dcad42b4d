import { ProvisioningError } from "@bodycam/protocol/camera/provisioning";
import { GroupError, type GroupErrorDeclaration } from "@bodycam/protocol/smp/errors";
import { type ResetAuthorisation, signResetAuthorisation } from "@bodycam/protocol/trust/reset-authorisation";
import type { Signer } from "@bodycam/protocol/trust/signed-document";
import { describe, expect, it } from "vitest";
import { nodeSignature } from "../testing/node-signature.ts";
import { SERIAL, signedPolicy, TrustRig, testAgency } from "../testing/trust-rig.ts";

const { deviceSigner, policySigner } = testAgency();

async function provisioned(recordings = 0): Promise<TrustRig> {
	const rig = new TrustRig();
	await rig.provision();
	rig.recordings = recordings;
	rig.events.length = 0;
	rig.keyValue.changed.length = 0;
	return rig;
}

/** The camera's answer to an authorisation for it, with parts of it changed. */
function reset(
	rig: TrustRig,
	changes: Partial<ResetAuthorisation> = {},
	signer: Signer = deviceSigner,
): Promise<void> {
	const { nonce, serial } = rig.resetter.begin();
	const content = { serial, nonce, givesUp: [], ...changes };
	return rig.resetter.reset(signResetAuthorisation(content, signer, nodeSignature));
}

async function expectRefusal(work: Promise<unknown>, declared: GroupErrorDeclaration): Promise<void> {
	const error = await work.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	expect(error).toBeInstanceOf(GroupError);
	expect((error as GroupError).declaration.means).toBe(declared.means);
}

describe("a factory reset", () => {
	it("forgets the identity first, then the rest, and restarts; the event comes before", async () => {
		const rig = await provisioned();
		await reset(rig);
		expect(rig.keyValue.changed).toEqual(["identity", "policy", "settings"]);
		expect(rig.keyValue.values.size).toBe(0);
		expect(rig.keeper.state).toBe("factory");
		expect(rig.keeper.identity).toBeUndefined();
		expect(rig.restarts).toBe(1);
		expect(rig.events).toEqual([{ type: "factory-reset", agency: "Ordnungsamt", recordings: 0 }]);
	});

	it("lets the camera be provisioned again, by another agency", async () => {
		const rig = await provisioned();
		await reset(rig);
		await rig.provision(testAgency("Polizei", 40));
		expect(rig.keeper.identity?.trust.agency).toBe("Polizei");
	});

	it("needs no recording given up that is not on the card", async () => {
		const rig = await provisioned(3);
		rig.erased = [1, 2];
		expect(rig.resetter.begin()).toMatchObject({ recordings: 1, last: 3 });
		await reset(rig, { givesUp: [{ first: 3, last: 3 }] });
		expect(rig.keeper.state).toBe("factory");
	});

	it("needs every recording given up", async () => {
		const rig = await provisioned(3);
		await expectRefusal(reset(rig, { givesUp: [{ first: 1, last: 2 }] }), ProvisioningError.recordingsKept);
		expect(rig.events.at(-1)).toEqual({
			type: "factory-reset-refused",
			why: "recording 3 is on the card and the authorisation does not give it up",
		});
		expect(rig.keeper.state).toBe("provisioned");
		await reset(rig, {
			givesUp: [
				{ first: 2, last: 3 },
				{ first: 1, last: 1 },
			],
		});
		expect(rig.keeper.state).toBe("factory");
	});

	it("is refused while the camera records", async () => {
		const rig = await provisioned();
		rig.recording = true;
		await expectRefusal(reset(rig), ProvisioningError.recording);
		expect(rig.keyValue.changed).toEqual([]);
	});

	it("is refused in factory state", async () => {
		const rig = new TrustRig();
		await rig.keeper.load();
		expect(() => rig.resetter.begin()).toThrow(ProvisioningError.notProvisioned.means);
		await expectRefusal(rig.resetter.reset(new Uint8Array(9)), ProvisioningError.notProvisioned);
	});

	it("leaves everything as it was when the identity cannot be removed", async () => {
		const rig = await provisioned();
		rig.keyValue.changesLeft = 0;
		await expectRefusal(reset(rig), ProvisioningError.storageFailed);
		expect(rig.keeper.state).toBe("provisioned");
		expect(rig.restarts).toBe(0);
		expect(rig.events.map(({ type }) => type)).toEqual(["factory-reset", "factory-reset-refused"]);
	});

	it("has happened once the identity is gone, whatever cannot be removed after it", async () => {
		const rig = await provisioned();
		rig.keyValue.changesLeft = 1;
		await reset(rig);
		expect(rig.restarts).toBe(1);
		const restarted = new TrustRig(rig.keyValue);
		await restarted.keeper.load();
		expect(restarted.keeper.state).toBe("factory");
	});
});

describe("an authorisation is refused", () => {
	const refused: Readonly<
		Record<string, readonly [GroupErrorDeclaration, (rig: TrustRig) => Promise<void>]>
	> = {
		"when the policy-signing key has signed it": [
			ProvisioningError.wrongSigner,
			(rig) => reset(rig, {}, policySigner),
		],
		"when another agency has signed it": [
			ProvisioningError.wrongSigner,
			(rig) => reset(rig, {}, testAgency("Polizei", 40).deviceSigner),
		],
		"when it is for another camera": [ProvisioningError.wrongDevice, (rig) => reset(rig, { serial: "ffff" })],
		"when it is for another occasion": [
			ProvisioningError.badSignature,
			(rig) => reset(rig, { nonce: new Uint8Array(16) }),
		],
		"when it was signed for another purpose": [
			ProvisioningError.wrongType,
			(rig) => {
				rig.resetter.begin();
				return rig.resetter.reset(signedPolicy(deviceSigner));
			},
		],
		"when it is damaged": [
			ProvisioningError.malformed,
			(rig) => {
				rig.resetter.begin();
				return rig.resetter.reset(Uint8Array.of(1, 2, 3));
			},
		],
		"when nothing was begun": [
			ProvisioningError.notBegun,
			(rig) => {
				const content = { serial: SERIAL, nonce: new Uint8Array(16), givesUp: [] };
				return rig.resetter.reset(signResetAuthorisation(content, deviceSigner, nodeSignature));
			},
		],
	};
	for (const [when, [declared, attempt]] of Object.entries(refused))
		it(when, async () => {
			const rig = await provisioned();
			await expectRefusal(attempt(rig), declared);
			expect(rig.keyValue.changed).toEqual([]);
			expect(rig.keeper.state).toBe("provisioned");
			expect(rig.events.map(({ type }) => type)).toEqual(["factory-reset-refused"]);
		});

	it("when it was used before", async () => {
		const rig = await provisioned(1);
		const { nonce, serial } = rig.resetter.begin();
		const content = { serial, nonce, givesUp: [{ first: 1, last: 1 }] };
		const authorisation = signResetAuthorisation(content, deviceSigner, nodeSignature);
		await rig.resetter.reset(authorisation);
		await rig.provision();
		await expectRefusal(rig.resetter.reset(authorisation), ProvisioningError.notBegun);
	});
});
