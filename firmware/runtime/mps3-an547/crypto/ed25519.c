/*
 * Ed25519 by libsodium. Its secret key is the seed and the public key one after the other.
 */
#include "ed25519.h"

#include "constant-time.h"

#include <sodium/crypto_sign_ed25519.h>

_Static_assert(BC_ED25519_SEED_BYTES == crypto_sign_ed25519_SEEDBYTES, "a seed has one length");
_Static_assert(BC_ED25519_PUBLIC_BYTES == crypto_sign_ed25519_PUBLICKEYBYTES, "a public key has one length");
_Static_assert(BC_ED25519_SIGNATURE_BYTES == crypto_sign_ed25519_BYTES, "a signature has one length");

void bcEd25519Public(const uint8_t seed[BC_ED25519_SEED_BYTES], uint8_t to[BC_ED25519_PUBLIC_BYTES])
{
	uint8_t secret[crypto_sign_ed25519_SECRETKEYBYTES];
	(void)crypto_sign_ed25519_seed_keypair(to, secret, seed);
	bcWipe(secret, sizeof(secret));
}

void bcEd25519Sign(const uint8_t seed[BC_ED25519_SEED_BYTES], const uint8_t *message, uint32_t length,
	uint8_t to[BC_ED25519_SIGNATURE_BYTES])
{
	uint8_t secret[crypto_sign_ed25519_SECRETKEYBYTES];
	uint8_t public[crypto_sign_ed25519_PUBLICKEYBYTES];
	(void)crypto_sign_ed25519_seed_keypair(public, secret, seed);
	(void)crypto_sign_ed25519_detached(to, NULL, message, length, secret);
	bcWipe(secret, sizeof(secret));
}

bool bcEd25519Verify(const uint8_t key[BC_ED25519_PUBLIC_BYTES], const uint8_t *message, uint32_t length,
	const uint8_t signature[BC_ED25519_SIGNATURE_BYTES])
{
	return crypto_sign_ed25519_verify_detached(signature, message, length, key) == 0;
}
