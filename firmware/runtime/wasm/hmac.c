/*
 * HMAC-SHA-256 of the wasm target: the host computes it, synchronously, from and to this instance's memory.
 */
#include "digest.h"

extern void bc_host_hmac_sha256(const uint8_t *key, uint32_t keyLength, const uint8_t *bytes, uint32_t length,
	uint8_t *to);

void bcHmacSha256(const uint8_t *key, size_t keyLength, const uint8_t *bytes, size_t length, uint8_t *result)
{
	bc_host_hmac_sha256(key, keyLength, bytes, length, result);
}
