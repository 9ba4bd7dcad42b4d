import { openPolicy, type PolicyAuthority } from "@bodycam/protocol/policy/signed";
import type { TrustCrypto } from "@bodycam/protocol/trust/signed-document";
import type { FirstPolicy } from "../trust/provisioner.ts";
import type { PolicyStore } from "./policy-store.ts";

/** Takes the policy that comes with provisioning; the keeper loads it once the camera belongs to its agency. */
export class FirstPolicyKeeper implements FirstPolicy {
	private readonly store: Pick<PolicyStore, "write">;
	private readonly crypto: TrustCrypto;
	private readonly prompts: ReadonlySet<string>;
	private version = 0;

	/** @param options - where it is kept, digest and signatures, and the languages in which the camera can speak */
	constructor(options: {
		readonly store: Pick<PolicyStore, "write">;
		readonly crypto: TrustCrypto;
		readonly prompts: ReadonlySet<string>;
	}) {
		this.store = options.store;
		this.crypto = options.crypto;
		this.prompts = options.prompts;
	}

	/** Checks it completely. @throws {PolicyRefusal} saying what is wrong with it */
	check(signed: Uint8Array, authority: PolicyAuthority, now: number | undefined): void {
		const { crypto, prompts } = this;
		this.version = openPolicy(signed, { authority, now, prompts }, crypto).version;
	}

	/** Keeps the policy that was checked last. Rejects when it cannot be kept. */
	keep(signed: Uint8Array): Promise<void> {
		return this.store.write(signed, this.version);
	}
}
