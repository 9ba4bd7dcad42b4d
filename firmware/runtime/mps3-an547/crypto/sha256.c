/*
 * SHA-256 and HMAC-SHA-256 by libsodium, whose state fits where this port keeps its own.
 */
#include "digest.h"

#include "constant-time.h"

#include <sodium/crypto_auth_hmacsha256.h>
#include <sodium/crypto_hash_sha256.h>
#include <string.h>

_Static_assert(sizeof(bcSha256) == BC_SHA256_CONTEXT_BYTES, "a SHA-256 context is 128 bytes");
_Static_assert(sizeof(crypto_hash_sha256_state) <= offsetof(bcSha256, magic), "the state lies before the magic");
_Static_assert(BC_SHA256_BYTES == crypto_hash_sha256_BYTES, "a digest has one length");

static crypto_hash_sha256_state *bcState(bcSha256 *context)
{
	return (crypto_hash_sha256_state *)(void *)context;
}

void bcSha256Begin(bcSha256 *context)
{
	memset(context, 0, sizeof(*context));
	(void)crypto_hash_sha256_init(bcState(context));
	context->magic = BC_SHA256_MAGIC;
}

void bcSha256Update(bcSha256 *context, const uint8_t *bytes, size_t length)
{
	(void)crypto_hash_sha256_update(bcState(context), bytes, length);
}

void bcSha256End(bcSha256 *context, uint8_t *result)
{
	(void)crypto_hash_sha256_final(bcState(context), result);
	bcWipe(context, sizeof(*context));
}

void bcHmacSha256(const uint8_t *key, size_t keyLength, const uint8_t *bytes, size_t length, uint8_t *result)
{
	crypto_auth_hmacsha256_state state;
	(void)crypto_auth_hmacsha256_init(&state, key, keyLength);
	(void)crypto_auth_hmacsha256_update(&state, bytes, length);
	(void)crypto_auth_hmacsha256_final(&state, result);
	bcWipe(&state, sizeof(state));
}
