import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import { type factoryResetBegin, ProvisioningError } from "@bodycam/protocol/camera/provisioning";
import type { ResponseOf } from "@bodycam/protocol/smp/command";
import { GroupError } from "@bodycam/protocol/smp/errors";
import { NONCE_BYTES } from "@bodycam/protocol/trust/key-request";
import { firstNotGivenUp, verifyResetAuthorisation } from "@bodycam/protocol/trust/reset-authorisation";
import type { KeyValue } from "../hal/key-value.ts";
import type { Log } from "../hal/log.ts";
import type { RandomSource } from "../hal/random-source.ts";
import type { Signature } from "../hal/signature.ts";
import type { Identity, IdentityKeeper } from "./identity-keeper.ts";
import { trusting } from "./provisioner.ts";

/** Options of `FactoryResetter`. */
export interface FactoryResetterOptions {
	/** The camera's identity. */
	readonly keeper: Pick<IdentityKeeper, "identity" | "forget">;
	/** Signatures. */
	readonly signature: Signature;
	/** Where nonces come from. */
	readonly random: Pick<RandomSource, "bytes">;
	/** Serial number of the camera. */
	readonly serial: string;
	/** Where the camera keeps what it is to forget. */
	readonly keyValue: Pick<KeyValue, "delete">;
	/** Names of the entries it forgets besides its identity. */
	readonly entries: readonly string[];
	/** Numbers of the recordings on the card, in order; those that were erased are none. */
	readonly recordings: () => readonly number[];
	/** Whether a recording is being made. */
	readonly recording: () => boolean;
	/** Restarts a little later, so that the response gets out. */
	readonly restart: () => void;
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
	/** Where trouble is told. */
	readonly log: Pick<Log, "write">;
}

/** Longest text of an event about a refusal. */
const WHY_MAX = 90;

/** Resets the camera to factory state, on the agency's authorisation. */
export class FactoryResetter {
	private readonly options: FactoryResetterOptions;
	private nonce: Uint8Array | undefined;
	private resetting = false;

	/** @param options - see `FactoryResetterOptions` */
	constructor(options: FactoryResetterOptions) {
		this.options = options;
	}

	/** What the authorisation has to name. @throws {GroupError} when the camera is not provisioned */
	begin(): ResponseOf<typeof factoryResetBegin> {
		this.requireIdentity();
		const { random, serial, recordings } = this.options;
		this.nonce = random.bytes(NONCE_BYTES);
		const kept = recordings();
		return { serial, nonce: this.nonce, recordings: kept.length, last: kept[kept.length - 1] };
	}

	/**
	 * Forgets agency, key, policy, wearer and settings, and restarts.
	 * @throws {GroupError} saying why not; then nothing has changed
	 */
	async reset(authorisation: Uint8Array): Promise<void> {
		const { emit } = this.options;
		const identity = this.requireIdentity();
		try {
			this.verify(authorisation, identity);
		} catch (error) {
			emit({ type: "factory-reset-refused", why: (error as Error).message.slice(0, WHY_MAX) });
			throw error;
		}
		this.resetting = true;
		try {
			await this.forget(identity);
		} finally {
			this.resetting = false;
		}
	}

	private verify(authorisation: Uint8Array, identity: Identity): void {
		const { signature, serial, recordings, recording } = this.options;
		const { nonce } = this;
		if (nonce === undefined || this.resetting) throw new GroupError(ProvisioningError.notBegun);
		const key = identity.trust.deviceSigningKey;
		const check = { key, serial, nonce };
		const given = trusting(() => verifyResetAuthorisation(authorisation, check, signature));
		if (recording()) throw new GroupError(ProvisioningError.recording);
		const missing = firstNotGivenUp(given, recordings());
		if (missing !== undefined)
			throw new GroupError(
				ProvisioningError.recordingsKept,
				`recording ${missing} is on the card and the authorisation does not give it up`,
			);
		this.nonce = undefined;
	}

	/** The identity first: what is left behind when the power fails after that counts for nothing without it. */
	private async forget(identity: Identity): Promise<void> {
		const { keeper, keyValue, entries, recordings, restart, emit, log } = this.options;
		emit({ type: "factory-reset", agency: identity.trust.agency, recordings: recordings().length });
		try {
			await keeper.forget();
		} catch (error) {
			log.write("error", `the identity could not be removed: ${String(error)}`);
			emit({ type: "factory-reset-refused", why: "the identity could not be removed" });
			throw new GroupError(ProvisioningError.storageFailed);
		}
		for (const entry of entries) {
			try {
				await keyValue.delete(entry);
			} catch (error) {
				log.write("error", `${entry} could not be removed: ${String(error)}`);
			}
		}
		restart();
	}

	private requireIdentity(): Identity {
		const { identity } = this.options.keeper;
		if (identity === undefined) throw new GroupError(ProvisioningError.notProvisioned);
		return identity;
	}
}
