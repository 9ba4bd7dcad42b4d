import { createHash } from "node:crypto";
import { type AgencyPublic, certifyDevice, foundAgency } from "@bodycam/protocol/agency/agency";
import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import { encodeCbor } from "@bodycam/protocol/cbor/codec";
import { POLICY_CONTENT_TYPE } from "@bodycam/protocol/policy/document";
import { openDocument, type Signer, signDocument } from "@bodycam/protocol/trust/signed-document";
import { ed25519Public, ed25519Sign } from "../../build/ed25519.ts";
import type { KeyValue } from "../hal/key-value.ts";
import { FactoryResetter } from "../trust/factory-resetter.ts";
import { IdentityKeeper } from "../trust/identity-keeper.ts";
import { Provisioner } from "../trust/provisioner.ts";
import { nodeSignature } from "./node-signature.ts";

/** Serial number of the camera of `TrustRig`. */
export const SERIAL = "0011223344556677";

/** Time at which the certificates of `testAgency` hold, ms since 1970 UTC. */
export const NOW = Date.UTC(2026, 5, 1);

/** Time span of the certificates of `testAgency`. */
export const VALIDITY = { notBefore: Date.UTC(2026, 0, 1), notAfter: Date.UTC(2030, 0, 1) };

/** A key pair; another one for each number. */
export function keyPair(number: number): Signer {
	const seed = new Uint8Array(32).fill(number);
	return { publicKey: ed25519Public(seed), sign: (message) => ed25519Sign(seed, message) };
}

/** An agency with its private keys. */
export interface TestAgency extends AgencyPublic {
	/** Certifies the other two. */
	readonly root: Signer;
	/** Certifies cameras. */
	readonly deviceSigner: Signer;
	/** Signs policies. */
	readonly policySigner: Signer;
}

/** An agency for tests; another one for each number. */
export function testAgency(name = "Ordnungsamt", number = 10): TestAgency {
	const [root, deviceSigner, policySigner] = [keyPair(number), keyPair(number + 1), keyPair(number + 2)];
	const signers = { root, deviceSigning: deviceSigner, policySigning: policySigner };
	return { ...foundAgency(name, signers, VALIDITY, nodeSignature), root, deviceSigner, policySigner };
}

/** A key-value store in memory whose power can be cut. */
export class FakeKeyValue implements KeyValue {
	/** What is stored. */
	readonly values = new Map<string, Uint8Array>();
	/** Changes that still succeed; those after them fail. */
	changesLeft = Number.POSITIVE_INFINITY;
	/** Whether reading fails. */
	unreadable = false;
	/** What was changed, in order. */
	readonly changed: string[] = [];

	async read(key: string): Promise<Uint8Array | undefined> {
		if (this.unreadable) throw new Error("input or output error");
		return this.values.get(key)?.slice();
	}

	async write(key: string, value: Uint8Array): Promise<void> {
		this.#change(key);
		this.values.set(key, value.slice());
	}

	async delete(key: string): Promise<void> {
		this.#change(key);
		this.values.delete(key);
	}

	close(): void {}

	#change(key: string): void {
		if (this.changesLeft <= 0) throw new Error("input or output error");
		this.changesLeft -= 1;
		this.changed.push(key);
	}
}

/** The parts of a camera that know whose it is, on Node. */
export class TrustRig {
	readonly keyValue: FakeKeyValue;
	readonly events: CameraEventBody[] = [];
	readonly lines: string[] = [];
	readonly keeper: IdentityKeeper;
	readonly provisioner: Provisioner;
	readonly resetter: FactoryResetter;
	/** What the wall clock says. */
	time: number | undefined = NOW;
	/** Recordings on the card. */
	recordings = 0;
	/** Of them, those that were erased. */
	erased: readonly number[] = [];
	/** Whether it is recording. */
	recording = false;
	restarts = 0;
	/** Number of the nonce made last. */
	#random = 100;

	/** @param keyValue - what it has stored; nothing yet */
	constructor(keyValue = new FakeKeyValue()) {
		this.keyValue = keyValue;
		const log = { write: (_level: string, text: string) => void this.lines.push(text) };
		const emit = (event: CameraEventBody) => void this.events.push(event);
		const random = { bytes: (length: number) => new Uint8Array(length).fill(this.#random++) };
		const parts = { keyValue, signature: nodeSignature, serial: SERIAL, log, emit, random };
		this.keeper = new IdentityKeeper(parts);
		const rig = this;
		const clock = {
			get time() {
				return rig.time;
			},
			set: (time: number) => {
				rig.time = time;
			},
		};
		this.provisioner = new Provisioner({
			...parts,
			keeper: this.keeper,
			clock,
			policy: {
				check: (signed, { key: publicKey }) => {
					openDocument(
						signed,
						{ what: "the policy", contentType: POLICY_CONTENT_TYPE, publicKey },
						nodeSignature,
					);
				},
				keep: (signed) => keyValue.write("policy", signed),
			},
			onProvisioned: () => undefined,
		});
		this.resetter = new FactoryResetter({
			...parts,
			keeper: this.keeper,
			entries: ["policy", "settings"],
			recordings: () =>
				Array.from({ length: this.recordings }, (_, index) => index + 1).filter(
					(number) => !this.erased.includes(number),
				),
			recording: () => this.recording,
			restart: () => {
				this.restarts += 1;
			},
		});
	}

	/** A request that completes provisioning, after everything before it; with parts of it replaced. */
	async prepare(agency = testAgency(), changes: Partial<CompleteRequest> = {}): Promise<CompleteRequest> {
		await this.keeper.load();
		const { key, serial } = this.provisioner.begin({ nonce: new Uint8Array(16) });
		const device = { serial, key };
		const certificate = certifyDevice(agency.name, device, VALIDITY, agency.deviceSigner, nodeSignature);
		const { anchor, deviceSigning, policySigning } = agency;
		const policy = this.handOver(signedPolicy(agency.policySigner));
		return { anchor, deviceSigning, policySigning, device: certificate, policy, ...changes };
	}

	/** Hands a policy over; its digest. */
	handOver(data: Uint8Array): Uint8Array {
		const sha256 = new Uint8Array(createHash("sha256").update(data).digest());
		this.provisioner.addPolicy({ sha256, total: data.length, off: 0, data });
		return sha256;
	}

	/** Provisions the camera. */
	async provision(agency = testAgency()): Promise<void> {
		await this.provisioner.complete(await this.prepare(agency));
	}
}

/** What completes provisioning. */
export type CompleteRequest = Parameters<Provisioner["complete"]>[0];

/** A policy of the agency with that policy-signing key, as far as its signature goes. */
export function signedPolicy(signer: Signer): Uint8Array {
	return signDocument(POLICY_CONTENT_TYPE, encodeCbor({ name: "demo" }), signer, nodeSignature);
}
