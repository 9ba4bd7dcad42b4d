import type { Digest } from "../hal/digest.ts";
import { SHA256_CONTEXT_BYTES } from "../hal/media-memory.ts";
import type { Native } from "./native.ts";

/** SHA-256 by the natives, its state in media memory. */
export class NativeDigest implements Digest {
	private readonly native: Native;
	private readonly context: number;

	/** @param options - `native`, and `context`: 128 bytes of media memory at an offset divisible by 8 */
	constructor(options: { readonly native: Native; readonly context: number }) {
		this.native = options.native;
		this.context = options.context;
		this.reset();
	}

	reset(): void {
		this.native.sha256Begin(this.context);
	}

	update(at: number, length: number): void {
		this.native.sha256Update(this.context, at, length);
	}

	finish(to: number): void {
		this.native.sha256End(this.context, to);
	}

	close(): void {
		this.native.zero(this.context, SHA256_CONTEXT_BYTES);
	}
}
