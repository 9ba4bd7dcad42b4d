/** Randomness fit for cryptography. All randomness of the firmware comes from here. */
export interface RandomSource {
	/** True when it comes from a seed: whatever is made with it is test material. */
	readonly seeded: boolean;
	/** `length` random bytes, owned by the caller. @throws RangeError above 65536 bytes */
	bytes(length: number): Uint8Array;
	/**
	 * Writes `length` random bytes to media memory at `at`: for keys, which are not to lie in the engine's heap.
	 * @throws RangeError above 65536 bytes
	 */
	fill(at: number, length: number): void;
	/** A number in 0 ≤ x < 1 with 53 random bits. */
	number(): number;
}
