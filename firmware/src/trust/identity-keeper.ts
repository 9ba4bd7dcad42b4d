import type { AgencyMembership, ProvisioningState } from "@bodycam/protocol/camera/provisioning";
import { type AgencyTrust, verifyAgencyChain } from "@bodycam/protocol/trust/chain";
import type { Signer } from "@bodycam/protocol/trust/signed-document";
import type { KeyValue } from "../hal/key-value.ts";
import type { Log } from "../hal/log.ts";
import type { Signature } from "../hal/signature.ts";
import { decodeIdentity, encodeIdentity, IDENTITY_KEY, type IdentityRecord } from "./identity-record.ts";

/** Options of `IdentityKeeper`. */
export interface IdentityKeeperOptions {
	/** Where the identity is kept. */
	readonly keyValue: Pick<KeyValue, "read" | "write" | "delete">;
	/** Signatures. */
	readonly signature: Signature;
	/** Serial number of the camera. */
	readonly serial: string;
	/** Where trouble is told. */
	readonly log: Pick<Log, "write">;
}

/** Signs with the camera's own key. */
export interface CameraSigner extends Signer {
	/** Writes the signature, 64 bytes, of media memory to media memory; allocates nothing. */
	signMemory(at: number, length: number, to: number): void;
}

/** Whose camera this is, and its own key. */
export interface Identity {
	/** Whose documents the camera follows. */
	readonly trust: AgencyTrust;
	/** The certificates, as they are told to whoever asks. */
	readonly membership: AgencyMembership;
	/** Signs with the camera's own key. */
	readonly signer: CameraSigner;
}

/**
 * Keeps the camera's identity: in factory state it has none; once provisioned it has a key of its own and belongs to
 * an agency. The identity is one entry of the key-value store: after a power cut it is there whole or not at all.
 */
export class IdentityKeeper {
	private readonly options: IdentityKeeperOptions;
	private held: Identity | undefined;
	private known: ProvisioningState = "unknown";
	private loading: Promise<void> | undefined;

	/** @param options - see `IdentityKeeperOptions` */
	constructor(options: IdentityKeeperOptions) {
		this.options = options;
	}

	/** Factory, provisioned, or unknown: before `load` and when the identity cannot be read. */
	get state(): ProvisioningState {
		return this.known;
	}

	/** The identity; undefined unless the camera is provisioned. */
	get identity(): Identity | undefined {
		return this.held;
	}

	/**
	 * Reads the identity, once. One that is damaged is of no use and counts as none; the log says so. Never rejects,
	 * and later calls wait for the first.
	 */
	load(): Promise<void> {
		this.loading ??= this.read();
		return this.loading;
	}

	/**
	 * Keeps an identity, and has it from then on.
	 * @param record - checked by the caller
	 * @throws {BoardRequestError} when it cannot be kept; then nothing has changed
	 */
	async keep(record: IdentityRecord): Promise<void> {
		await this.options.keyValue.write(IDENTITY_KEY, encodeIdentity(record));
		this.hold(record);
	}

	/** Forgets the identity. @throws {BoardRequestError} when it cannot be removed; then nothing has changed */
	async forget(): Promise<void> {
		await this.options.keyValue.delete(IDENTITY_KEY);
		this.held = undefined;
		this.known = "factory";
	}

	private async read(): Promise<void> {
		const { keyValue, log } = this.options;
		let stored: Uint8Array | undefined;
		try {
			stored = await keyValue.read(IDENTITY_KEY);
		} catch (error) {
			log.write("error", `the camera's identity cannot be read: ${String(error)}`);
			return;
		}
		this.known = "factory";
		if (stored === undefined) return;
		try {
			this.hold(decodeIdentity(stored));
		} catch (error) {
			log.write("error", `the camera's identity is damaged, it has to be provisioned anew: ${String(error)}`);
		}
	}

	/** The validity of certificates in time was checked when they were taken: a camera does not stop trusting later. */
	private hold(record: IdentityRecord): void {
		const { signature, serial } = this.options;
		const { seed, name, anchor, deviceSigning, policySigning, device } = record;
		const key = signature.publicKey(seed);
		const trust = verifyAgencyChain(record, { serial, key, now: undefined }, signature);
		const certificates = { anchor, deviceSigning, policySigning, device };
		this.held = {
			trust,
			membership: { agency: trust.agency, key, ...certificates, ...(name === undefined ? {} : { name }) },
			signer: {
				publicKey: key,
				sign: (message) => signature.sign(seed, message),
				signMemory: (at, length, to) => signature.signMemory(seed, at, length, to),
			},
		};
		this.known = "provisioned";
	}
}
