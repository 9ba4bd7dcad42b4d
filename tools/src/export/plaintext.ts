/** Decrypted bytes, readable from anywhere. */
export interface Plaintext {
	/** How many there are. */
	readonly bytes: number;
	/** `length` bytes from a place; fewer where they end before. */
	read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
}
