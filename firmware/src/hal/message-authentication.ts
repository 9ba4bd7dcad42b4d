/** Longest key and longest message of `MessageAuthentication`, bytes. */
export const AUTHENTICATED_MESSAGE_MAX = 2048;

/** HMAC-SHA-256 (RFC 2104, FIPS 198-1) and comparison of secrets over small byte strings, computed natively. */
export interface MessageAuthentication {
	/** The code, 32 bytes, of a message. @throws RangeError for a key or message above `AUTHENTICATED_MESSAGE_MAX` */
	hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array;
	/**
	 * Whether two byte strings are the same. The time depends on their lengths only.
	 * @throws RangeError for one above `AUTHENTICATED_MESSAGE_MAX`
	 */
	equal(a: Uint8Array, b: Uint8Array): boolean;
}
