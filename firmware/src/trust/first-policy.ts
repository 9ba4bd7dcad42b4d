import { POLICY_CONTENT_TYPE } from "@bodycam/protocol/policy/document";
import { openDocument } from "@bodycam/protocol/trust/signed-document";
import type { KeyValue } from "../hal/key-value.ts";
import type { Signature } from "../hal/signature.ts";
import type { FirstPolicy, PolicyAuthority } from "./provisioner.ts";

/** Name of the key-value entry that holds the signed policy. */
export const POLICY_KEY = "policy";

/** Keeps the policy that is handed over with provisioning, as it was signed. */
export class StoredPolicy implements FirstPolicy {
	private readonly keyValue: Pick<KeyValue, "write">;
	private readonly signature: Signature;

	/** @param options - where it is kept, and signatures */
	constructor(options: { readonly keyValue: Pick<KeyValue, "write">; readonly signature: Signature }) {
		this.keyValue = options.keyValue;
		this.signature = options.signature;
	}

	check(signed: Uint8Array, { key }: PolicyAuthority): void {
		const expected = { what: "the policy", contentType: POLICY_CONTENT_TYPE, publicKey: key };
		openDocument(signed, expected, this.signature);
	}

	keep(signed: Uint8Array): Promise<void> {
		return this.keyValue.write(POLICY_KEY, signed);
	}
}
