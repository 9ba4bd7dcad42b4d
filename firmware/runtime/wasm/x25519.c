/*
 * X25519 of the wasm target: the host computes it, synchronously, from and to this instance's memory.
 */
#include "x25519.h"

extern void bc_host_x25519_public(const uint8_t *scalar, uint8_t *to);
extern int bc_host_x25519_shared(const uint8_t *scalar, const uint8_t *point, uint8_t *to);

void bcX25519Public(const uint8_t scalar[BC_X25519_BYTES], uint8_t to[BC_X25519_BYTES])
{
	bc_host_x25519_public(scalar, to);
}

bool bcX25519Shared(const uint8_t scalar[BC_X25519_BYTES], const uint8_t point[BC_X25519_BYTES],
	uint8_t to[BC_X25519_BYTES])
{
	return bc_host_x25519_shared(scalar, point, to) != 0;
}
