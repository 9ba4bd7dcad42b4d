import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import {
	ProvisioningError,
	type provisioningBegin,
	type provisioningComplete,
	TRUST_ERRORS,
} from "@bodycam/protocol/camera/provisioning";
import type { RequestOf, ResponseOf } from "@bodycam/protocol/smp/command";
import { GroupError } from "@bodycam/protocol/smp/errors";
import { type AgencyTrust, verifyAgencyChain } from "@bodycam/protocol/trust/chain";
import { signKeyRequest } from "@bodycam/protocol/trust/key-request";
import { sameBytes } from "@bodycam/protocol/trust/signed-document";
import { TrustError } from "@bodycam/protocol/trust/trust-error";
import type { Log } from "../hal/log.ts";
import type { RandomSource } from "../hal/random-source.ts";
import type { RealTimeClock } from "../hal/real-time-clock.ts";
import type { Signature } from "../hal/signature.ts";
import { DocumentAssembly, type DocumentChunk } from "./document-assembly.ts";
import type { IdentityKeeper } from "./identity-keeper.ts";
import { SEED_BYTES } from "./identity-record.ts";

/** Who may sign policies. */
export interface PolicyAuthority {
	/** Name of the agency. */
	readonly agency: string;
	/** Its policy-signing public key. */
	readonly key: Uint8Array;
}

/** Where the first policy goes. */
export interface FirstPolicy {
	/** Checks it completely. @throws Error saying what is wrong with it */
	check(signed: Uint8Array, authority: PolicyAuthority, now: number | undefined): void;
	/** Keeps it; it counts once the camera is provisioned. Rejects when it cannot be kept. */
	keep(signed: Uint8Array): Promise<void>;
}

/** Options of `Provisioner`. */
export interface ProvisionerOptions {
	/** The camera's identity. */
	readonly keeper: Pick<IdentityKeeper, "state" | "identity" | "keep">;
	/** Signatures. */
	readonly signature: Signature;
	/** Where the camera's key comes from. */
	readonly random: Pick<RandomSource, "bytes">;
	/** The wall clock. */
	readonly clock: Pick<RealTimeClock, "time" | "set">;
	/** Serial number of the camera. */
	readonly serial: string;
	/** Where the first policy goes. */
	readonly policy: FirstPolicy;
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
	/** Where trouble is told. */
	readonly log: Pick<Log, "write">;
	/** The camera has been provisioned. */
	readonly onProvisioned: () => void;
}

type CompleteRequest = RequestOf<typeof provisioningComplete>;

/** Longest text of an event about a refusal. */
const WHY_MAX = 90;

/** Provisions the camera, once: makes its key, checks what the agency hands over, and keeps it. */
export class Provisioner {
	private readonly options: ProvisionerOptions;
	private readonly policies: DocumentAssembly;
	/** The private key that was made and is not kept yet, and for whom. */
	private pending: { readonly seed: Uint8Array; readonly nonce: Uint8Array } | undefined;
	/** While an identity is being stored: another request waits for its outcome. */
	private storing: Promise<unknown> = Promise.resolve();

	/** @param options - see `ProvisionerOptions` */
	constructor(options: ProvisionerOptions) {
		this.options = options;
		this.policies = new DocumentAssembly((bytes) => options.signature.sha256(bytes));
	}

	/** Makes a key; for the same nonce once only. @throws {GroupError} when the camera is provisioned already */
	begin({ nonce }: RequestOf<typeof provisioningBegin>): ResponseOf<typeof provisioningBegin> {
		this.requireFactory();
		const { random, serial, signature } = this.options;
		if (this.pending === undefined || !sameBytes(nonce, this.pending.nonce)) {
			this.forget();
			this.pending = { seed: random.bytes(SEED_BYTES), nonce: nonce.slice() };
		}
		const { seed } = this.pending;
		const key = signature.publicKey(seed);
		const signer = { publicKey: key, sign: (message: Uint8Array) => signature.sign(seed, message) };
		return { serial, key, request: signKeyRequest({ serial, nonce }, signer, signature) };
	}

	/** Takes a piece of the policy; the offset wanted next. @throws {GroupError} when the camera is provisioned already */
	addPolicy(chunk: DocumentChunk): number {
		this.requireFactory();
		return this.policies.add(chunk);
	}

	/**
	 * Checks everything, then keeps the policy and the identity, in this order: the policy counts for nothing without
	 * the identity, which one write makes whole. The request that has succeeded may come again.
	 * @throws {GroupError} saying what was wrong; then nothing has changed
	 */
	complete(request: CompleteRequest): Promise<ResponseOf<typeof provisioningComplete>> {
		const result = this.storing.then(() => this.completeNow(request));
		this.storing = result.catch(() => undefined);
		return result;
	}

	private async completeNow(request: CompleteRequest): Promise<{ agency: string }> {
		const { keeper, emit, onProvisioned } = this.options;
		const done = this.repeated(request);
		if (done !== undefined) return done;
		try {
			const { seed, policy, trust } = this.verify(request);
			await this.store(request, seed, policy);
			this.forget();
			const { name } = request;
			emit({ type: "provisioned", agency: trust.agency, ...(name === undefined ? {} : { name }) });
			onProvisioned();
			return { agency: trust.agency };
		} catch (error) {
			const why = error instanceof Error ? error.message : String(error);
			if (keeper.state !== "provisioned") emit({ type: "provisioning-refused", why: why.slice(0, WHY_MAX) });
			throw error;
		}
	}

	/** A response may get lost and the request come again. */
	private repeated({ device }: CompleteRequest): { agency: string } | undefined {
		const { identity } = this.options.keeper;
		if (identity === undefined) return undefined;
		const same = sameBytes(identity.membership.device, device);
		return same ? { agency: identity.trust.agency } : undefined;
	}

	private verify(request: CompleteRequest): { seed: Uint8Array; policy: Uint8Array; trust: AgencyTrust } {
		this.requireFactory();
		if (this.pending === undefined) throw new GroupError(ProvisioningError.notBegun);
		const { seed } = this.pending;
		const { clock, serial, signature } = this.options;
		const now = request.clock ?? clock.time;
		const key = signature.publicKey(seed);
		const trust = trusting(() => verifyAgencyChain(request, { serial, key, now }, signature));
		const policy = this.policies.document(request.policy);
		if (policy === undefined) throw new GroupError(ProvisioningError.policyMissing);
		try {
			const authority = { agency: trust.agency, key: trust.policySigningKey };
			this.options.policy.check(policy, authority, now);
		} catch (error) {
			throw new GroupError(ProvisioningError.policyRefused, (error as Error).message);
		}
		return { seed, policy, trust };
	}

	private async store(request: CompleteRequest, seed: Uint8Array, policy: Uint8Array): Promise<void> {
		const { keeper, clock, log } = this.options;
		const { anchor, deviceSigning, policySigning, device, name } = request;
		const certificates = { anchor, deviceSigning, policySigning, device };
		try {
			await this.options.policy.keep(policy);
			await keeper.keep({ seed, ...certificates, ...(name === undefined ? {} : { name }) });
		} catch (error) {
			log.write("error", `provisioning could not be stored: ${String(error)}`);
			throw new GroupError(ProvisioningError.storageFailed);
		}
		if (request.clock !== undefined) clock.set(request.clock);
	}

	private requireFactory(): void {
		const { state } = this.options.keeper;
		if (state === "provisioned") throw new GroupError(ProvisioningError.provisioned);
		if (state === "unknown") throw new GroupError(ProvisioningError.storageFailed);
	}

	private forget(): void {
		this.pending = undefined;
		this.policies.clear();
	}
}

/** The result of a check, distrust as an error of the group. */
export function trusting<T>(check: () => T): T {
	try {
		return check();
	} catch (error) {
		if (error instanceof TrustError) throw new GroupError(TRUST_ERRORS[error.reason], error.message);
		throw error;
	}
}
