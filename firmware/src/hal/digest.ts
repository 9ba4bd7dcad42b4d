/** A message digest over bytes in media memory: SHA-256 (FIPS 180-4), computed natively. */
export interface Digest {
	/** Begins anew. */
	reset(): void;
	/** Adds bytes of media memory. */
	update(at: number, length: number): void;
	/** Writes the 32-byte digest to media memory at `to` and forgets the state. */
	finish(to: number): void;
	/** Idempotent; forgets the state. */
	close(): void;
}
