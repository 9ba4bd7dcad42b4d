import { certifyDevice } from "@bodycam/protocol/agency/agency";
import { ProvisioningError } from "@bodycam/protocol/camera/provisioning";
import { GroupError } from "@bodycam/protocol/smp/errors";
import { type Certificate, issueCertificate } from "@bodycam/protocol/trust/certificate";
import { verifyKeyRequest } from "@bodycam/protocol/trust/key-request";
import { describe, expect, it } from "vitest";
import { nodeSignature } from "../testing/node-signature.ts";
import {
	type CompleteRequest,
	keyPair,
	NOW,
	SERIAL,
	signedPolicy,
	type TestAgency,
	TrustRig,
	testAgency,
	VALIDITY,
} from "../testing/trust-rig.ts";

/** The name of the declared error that a promise is rejected with. */
async function refusalOf(work: Promise<unknown> | (() => unknown)): Promise<string> {
	try {
		await (typeof work === "function" ? work() : work);
	} catch (error) {
		if (!(error instanceof GroupError)) throw error;
		const found = Object.entries(ProvisioningError).find(([, declared]) => declared === error.declaration);
		return found?.[0] ?? "undeclared";
	}
	return "accepted";
}

describe("begin", () => {
	it("makes a key and shows that the camera has it", async () => {
		const rig = new TrustRig();
		await rig.keeper.load();
		const nonce = new Uint8Array(16).fill(7);
		const { serial, key, request } = rig.provisioner.begin({ nonce });
		expect(serial).toBe(SERIAL);
		expect(() => verifyKeyRequest(request, { serial, key, nonce }, nodeSignature)).not.toThrow();
		const other = { serial, key, nonce: new Uint8Array(16) };
		expect(() => verifyKeyRequest(request, other, nodeSignature)).toThrow(/another occasion/);
	});

	it("makes another key for another nonce, and the same one when the request comes again", async () => {
		const rig = new TrustRig();
		await rig.keeper.load();
		const nonce = new Uint8Array(16);
		const first = rig.provisioner.begin({ nonce });
		expect(rig.provisioner.begin({ nonce })).toEqual(first);
		expect(rig.provisioner.begin({ nonce: nonce.fill(1) }).key).not.toEqual(first.key);
	});

	it("stores nothing", async () => {
		const rig = new TrustRig();
		await rig.prepare();
		expect(rig.keyValue.changed).toEqual([]);
	});

	it("is refused while the identity cannot be read", async () => {
		const rig = new TrustRig();
		rig.keyValue.unreadable = true;
		await rig.keeper.load();
		expect(rig.keeper.state).toBe("unknown");
		expect(await refusalOf(() => rig.provisioner.begin({ nonce: new Uint8Array(16) }))).toBe("storageFailed");
	});
});

describe("complete", () => {
	it("ties the camera to the agency, also after a restart", async () => {
		const rig = new TrustRig();
		const agency = testAgency();
		const answer = await rig.provisioner.complete(await rig.prepare(agency, { name: "KOD 7" }));
		expect(answer).toEqual({ agency: "Ordnungsamt" });
		expect(rig.events).toEqual([{ type: "provisioned", agency: "Ordnungsamt", name: "KOD 7" }]);
		const restarted = new TrustRig(rig.keyValue);
		await restarted.keeper.load();
		expect(restarted.keeper.state).toBe("provisioned");
		const { membership, trust, signer } = restarted.keeper.identity ?? {};
		expect(membership).toMatchObject({ agency: "Ordnungsamt", name: "KOD 7", anchor: agency.anchor });
		expect(trust?.policySigningKey).toEqual(agency.policySigner.publicKey);
		const message = Uint8Array.of(1, 2, 3);
		const signature = signer?.sign(message) ?? new Uint8Array(0);
		expect(nodeSignature.verify(membership?.key ?? new Uint8Array(0), message, signature)).toBe(true);
	});

	it("keeps the policy before the identity, which makes it count", async () => {
		const rig = new TrustRig();
		await rig.provision();
		expect(rig.keyValue.changed).toEqual(["policy", "identity"]);
		expect(rig.keyValue.values.get("policy")).toEqual(signedPolicy(testAgency().policySigner));
	});

	it("sets the clock to the time it is given, else leaves it alone", async () => {
		const rig = new TrustRig();
		rig.time = undefined;
		await rig.provisioner.complete(await rig.prepare(testAgency(), { clock: NOW + 5 }));
		expect(rig.time).toBe(NOW + 5);
		const unset = new TrustRig();
		unset.time = undefined;
		await unset.provision();
		expect(unset.time).toBeUndefined();
	});

	it("answers the same request again and changes nothing", async () => {
		const rig = new TrustRig();
		const request = await rig.prepare();
		await rig.provisioner.complete(request);
		expect(await rig.provisioner.complete(request)).toEqual({ agency: "Ordnungsamt" });
		expect(rig.keyValue.changed).toEqual(["policy", "identity"]);
	});

	it("two at once end in one identity", async () => {
		const rig = new TrustRig();
		const request = await rig.prepare();
		const both = await Promise.all([rig.provisioner.complete(request), rig.provisioner.complete(request)]);
		expect(both).toEqual([{ agency: "Ordnungsamt" }, { agency: "Ordnungsamt" }]);
		expect(rig.keyValue.changed).toEqual(["policy", "identity"]);
	});

	it("is refused a second time, by every step", async () => {
		const rig = new TrustRig();
		await rig.provision();
		const other = testAgency("Polizei", 40);
		const nonce = new Uint8Array(16);
		expect(await refusalOf(() => rig.provisioner.begin({ nonce }))).toBe("provisioned");
		expect(await refusalOf(() => rig.handOver(signedPolicy(other.policySigner)))).toBe("provisioned");
		const request = await new TrustRig().prepare(other);
		expect(await refusalOf(rig.provisioner.complete(request))).toBe("provisioned");
		expect(rig.keeper.identity?.trust.agency).toBe("Ordnungsamt");
	});

	it("is refused when nothing was begun, as after a restart", async () => {
		const rig = new TrustRig();
		const request = await rig.prepare();
		const restarted = new TrustRig(rig.keyValue);
		await restarted.keeper.load();
		expect(await refusalOf(restarted.provisioner.complete(request))).toBe("notBegun");
	});

	it("is refused without its policy, or with another one than was handed over", async () => {
		const rig = new TrustRig();
		const request = await rig.prepare(testAgency(), { policy: new Uint8Array(32) });
		expect(await refusalOf(rig.provisioner.complete(request))).toBe("policyMissing");
		expect(rig.events).toEqual([
			{ type: "provisioning-refused", why: "the policy has not been handed over" },
		]);
	});

	it("is refused with a policy that another key has signed", async () => {
		const rig = new TrustRig();
		const agency = testAgency();
		const request = await rig.prepare(agency);
		const policy = rig.handOver(signedPolicy(agency.deviceSigner));
		expect(await refusalOf(rig.provisioner.complete({ ...request, policy }))).toBe("policyRefused");
		expect(rig.keyValue.changed).toEqual([]);
	});

	for (const [left, stored] of [
		[0, []],
		[1, ["policy"]],
	] as const)
		it(`leaves the camera in factory state when change ${left + 1} of the store fails`, async () => {
			const rig = new TrustRig();
			const request = await rig.prepare();
			rig.keyValue.changesLeft = left;
			expect(await refusalOf(rig.provisioner.complete(request))).toBe("storageFailed");
			expect(rig.keyValue.changed).toEqual(stored);
			const restarted = new TrustRig(rig.keyValue);
			await restarted.keeper.load();
			expect(restarted.keeper.state).toBe("factory");
			rig.keyValue.changesLeft = Number.POSITIVE_INFINITY;
			expect(await refusalOf(rig.provisioner.complete(request))).toBe("accepted");
		});
});

describe("a tampered chain is refused, and nothing is stored:", () => {
	type Content = Omit<Extract<Certificate, { purpose: "device-signing" }>, "key" | "purpose">;
	const base: Content = { agency: "Ordnungsamt", ...VALIDITY };
	const sign = (content: Certificate, signer = testAgency().root) =>
		issueCertificate(content, signer, nodeSignature);
	const flip = (bytes: Uint8Array, fromEnd: number) => {
		const copy = bytes.slice();
		copy[copy.length - fromEnd] = (copy[copy.length - fromEnd] ?? 0) ^ 1;
		return copy;
	};
	const { deviceSigner, policySigner } = testAgency();
	const deviceSigning = (changes: Partial<Content> = {}, signer = testAgency().root) =>
		sign({ purpose: "device-signing", key: deviceSigner.publicKey, ...base, ...changes }, signer);
	const policySigning = (changes: Partial<Content> = {}, signer = testAgency().root) =>
		sign({ purpose: "policy-signing", key: policySigner.publicKey, ...base, ...changes }, signer);

	const cases: Readonly<
		Record<
			string,
			readonly [string, (request: CompleteRequest, agency: TestAgency) => Partial<CompleteRequest>]
		>
	> = {
		"another anchor": ["wrongSigner", () => ({ anchor: keyPair(99).publicKey })],
		"an anchor of small order": ["wrongSigner", () => ({ anchor: new Uint8Array(32) })],
		"device-signing by a stranger": [
			"wrongSigner",
			() => ({ deviceSigning: deviceSigning({}, keyPair(99)) }),
		],
		"policy-signing by a stranger": [
			"wrongSigner",
			() => ({ policySigning: policySigning({}, keyPair(99)) }),
		],
		"policy-signing by the device-signing key": [
			"wrongSigner",
			() => ({ policySigning: policySigning({}, deviceSigner) }),
		],
		"device by the root key": [
			"wrongSigner",
			(_request, { root }) => ({ device: certifyFor(root, SERIAL, keyPair(100).publicKey) }),
		],
		"the two signing certificates exchanged": [
			"wrongPurpose",
			({ deviceSigning, policySigning }) => ({ deviceSigning: policySigning, policySigning: deviceSigning }),
		],
		"policy-signing in place of device": ["wrongSigner", ({ policySigning }) => ({ device: policySigning })],
		"one key for both purposes": [
			"wrongPurpose",
			() => ({
				policySigning: sign({ purpose: "policy-signing", key: deviceSigner.publicKey, ...base }),
			}),
		],
		"policy-signing of another agency": [
			"wrongAgency",
			() => ({ policySigning: policySigning({ agency: "Polizei" }) }),
		],
		"device of another agency": [
			"wrongAgency",
			() => ({ device: certifyFor(deviceSigner, SERIAL, keyPair(100).publicKey, "Polizei") }),
		],
		"device for another camera": [
			"wrongDevice",
			() => ({ device: certifyFor(deviceSigner, "ffff", keyPair(100).publicKey) }),
		],
		"device for another key": [
			"wrongDevice",
			() => ({ device: certifyFor(deviceSigner, SERIAL, keyPair(55).publicKey) }),
		],
		"expired by the clock": ["expired", () => ({ policySigning: policySigning({ notAfter: NOW - 1 }) })],
		"expired by the time it is given": ["expired", () => ({ clock: VALIDITY.notAfter + 1 })],
		"not valid yet": ["notYetValid", () => ({ deviceSigning: deviceSigning({ notBefore: NOW + 1 }) })],
		"a flipped bit in a signature": ["badSignature", ({ device }) => ({ device: flip(device, 1) })],
		"a flipped bit in a payload": ["badSignature", ({ device }) => ({ device: flip(device, 80) })],
		"a truncated certificate": ["malformed", ({ device }) => ({ device: device.slice(0, -1) })],
		"a certificate that is no COSE": ["malformed", () => ({ deviceSigning: Uint8Array.of(0xa0) })],
		"a policy in place of a certificate": [
			"wrongType",
			(_request, agency) => ({ deviceSigning: signedPolicy(agency.policySigner) }),
		],
	};

	function certifyFor(
		signer: TestAgency["root"],
		serial: string,
		key: Uint8Array,
		agency = "Ordnungsamt",
	): Uint8Array {
		return certifyDevice(agency, { serial, key }, VALIDITY, signer, nodeSignature);
	}

	for (const [what, [reason, tamper]] of Object.entries(cases))
		it(`${what}: ${reason}`, async () => {
			const rig = new TrustRig();
			const agency = testAgency();
			const request = await rig.prepare(agency);
			const tampered = { ...request, ...tamper(request, agency) };
			expect(await refusalOf(rig.provisioner.complete(tampered))).toBe(reason);
			expect(rig.keyValue.changed).toEqual([]);
			expect(rig.keeper.state).toBe("factory");
			expect(rig.events.map(({ type }) => type)).toEqual(["provisioning-refused"]);
			expect(await refusalOf(rig.provisioner.complete(request)), "the good one afterwards").toBe("accepted");
		});

	it("validity is not checked while neither the clock is set nor a time is given", async () => {
		const rig = new TrustRig();
		rig.time = undefined;
		const request = await rig.prepare(testAgency(), { policySigning: policySigning({ notAfter: 1 }) });
		expect(await refusalOf(rig.provisioner.complete(request))).toBe("accepted");
	});
});

describe("a stored identity", () => {
	it("that is damaged counts as none, and the log says so", async () => {
		const rig = new TrustRig();
		await rig.provision();
		const stored = rig.keyValue.values.get("identity") ?? new Uint8Array(0);
		for (let at = 0; at < stored.length; at += 7) {
			const damaged = new TrustRig();
			const copy = stored.slice();
			copy[at] = (copy[at] ?? 0) ^ 0x10;
			damaged.keyValue.values.set("identity", copy);
			await damaged.keeper.load();
			if (damaged.keeper.state === "provisioned") continue;
			expect(damaged.keeper.state).toBe("factory");
			expect(damaged.lines.join()).toMatch(/identity is damaged/);
		}
	});

	it("does not fit another camera", async () => {
		const rig = new TrustRig();
		await rig.provision();
		const { IdentityKeeper } = await import("./identity-keeper.ts");
		const log = { write: () => undefined };
		const parts = { keyValue: rig.keyValue, signature: nodeSignature, serial: "ffff", log };
		const other = new IdentityKeeper(parts);
		await other.load();
		expect(other.state).toBe("factory");
	});

	it("fits one entry of the key-value store", async () => {
		const rig = new TrustRig();
		await rig.provision(testAgency("Ä".repeat(32)));
		expect(rig.keyValue.values.get("identity")?.length).toBeLessThan(2048);
	});
});
