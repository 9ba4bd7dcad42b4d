import { SIGNED_POLICY_BYTES_MAX } from "@bodycam/protocol/policy/document";
import { PolicyRefusal } from "@bodycam/protocol/policy/signed";
import { sameBytes, type TrustCrypto } from "@bodycam/protocol/trust/signed-document";
import { DocumentAssembly, type DocumentChunk } from "../trust/document-assembly.ts";

/** Options of `PolicyReceiver`. */
export interface PolicyReceiverOptions {
	/** Makes digests. */
	readonly crypto: Pick<TrustCrypto, "sha256">;
	/** Takes a document that is whole. @throws {PolicyRefusal} why it is not taken */
	readonly install: (signed: Uint8Array) => Promise<void>;
	/** Is told of a document that never gets as far. */
	readonly onRefused: (refusal: PolicyRefusal) => void;
}

/** Puts a policy together from its chunks and installs it. Only one is received at a time. */
export class PolicyReceiver {
	private readonly options: PolicyReceiverOptions;
	private readonly assembly: DocumentAssembly;
	private digest = new Uint8Array(0);
	private wanted = 0;
	private outcome: Promise<void> | undefined;
	private installing = false;

	/** @param options - see `PolicyReceiverOptions` */
	constructor(options: PolicyReceiverOptions) {
		this.options = options;
		this.assembly = new DocumentAssembly((bytes) => options.crypto.sha256(bytes));
	}

	/**
	 * Takes a chunk; one at offset 0 begins anew. The last chunk again gets the same answer again, since the first
	 * answer may have been lost.
	 * @returns the offset wanted next; the length of the document when it is installed
	 * @throws {PolicyRefusal} when the document is too large, damaged or not taken
	 */
	async receive(chunk: DocumentChunk): Promise<number> {
		const { sha256, total, off, data } = chunk;
		if (total > SIGNED_POLICY_BYTES_MAX) {
			const message = `the policy has ${total} bytes, the camera keeps ${SIGNED_POLICY_BYTES_MAX}`;
			throw this.refuse(new PolicyRefusal("too-large", message));
		}
		if (off === 0 && !this.installing) this.assembly.clear();
		const taken = off === this.wantedOffset(sha256);
		const next = this.assembly.add(chunk);
		const document = this.assembly.document(sha256);
		this.digest = sha256.slice();
		this.wanted = next;
		if (document === undefined) {
			this.outcome = undefined;
			if (next > 0 || !taken || off + data.length < total) return next;
			const message = "the policy arrived damaged: its digest is another one";
			throw this.refuse(new PolicyRefusal("malformed", message));
		}
		if (off === 0 && !this.installing) this.outcome = undefined;
		this.outcome ??= this.install(document);
		await this.outcome;
		return total;
	}

	private wantedOffset(sha256: Uint8Array): number {
		return sameBytes(sha256, this.digest) ? this.wanted : 0;
	}

	private async install(document: Uint8Array): Promise<void> {
		this.installing = true;
		try {
			await this.options.install(document);
		} finally {
			this.installing = false;
		}
	}

	private refuse(refusal: PolicyRefusal): PolicyRefusal {
		this.options.onRefused(refusal);
		return refusal;
	}
}
