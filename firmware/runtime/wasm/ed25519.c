/*
 * Ed25519 of the wasm target: the host computes it, synchronously, from and to this instance's memory.
 */
#include "ed25519.h"

extern void bc_host_ed25519_public(const uint8_t *seed, uint8_t *to);
extern void bc_host_ed25519_sign(const uint8_t *seed, const uint8_t *message, uint32_t length, uint8_t *to);
extern int bc_host_ed25519_verify(const uint8_t *key, const uint8_t *message, uint32_t length,
	const uint8_t *signature);

void bcEd25519Public(const uint8_t seed[BC_ED25519_SEED_BYTES], uint8_t to[BC_ED25519_PUBLIC_BYTES])
{
	bc_host_ed25519_public(seed, to);
}

void bcEd25519Sign(const uint8_t seed[BC_ED25519_SEED_BYTES], const uint8_t *message, uint32_t length,
	uint8_t to[BC_ED25519_SIGNATURE_BYTES])
{
	bc_host_ed25519_sign(seed, message, length, to);
}

bool bcEd25519Verify(const uint8_t key[BC_ED25519_PUBLIC_BYTES], const uint8_t *message, uint32_t length,
	const uint8_t signature[BC_ED25519_SIGNATURE_BYTES])
{
	return bc_host_ed25519_verify(key, message, length, signature) != 0;
}
