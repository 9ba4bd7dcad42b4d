/** X25519 key agreement (RFC 7748 sections 5 and 6.1) over small byte strings, computed natively. */
export interface KeyAgreement {
	/** The public key, 32 bytes, of a private key: any 32 bytes. @throws RangeError for another length */
	publicKey(privateKey: Uint8Array): Uint8Array;
	/**
	 * The secret, 32 bytes, that a private key shares with a peer's public key. Undefined where the secret would be all
	 * zeros: the peer's key is a point of small order, and anybody could know the secret.
	 * @throws RangeError when one of the keys does not have 32 bytes
	 */
	sharedSecret(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined;
}
