/*
 * X25519 (RFC 7748 section 5): what each target of the port has to bring. Pure functions of memory.
 */
#ifndef BC_X25519_H
#define BC_X25519_H

#include <stdbool.h>
#include <stdint.h>

#define BC_X25519_BYTES 32

/* The public key of a private key, any 32 bytes: its product with the base point. */
void bcX25519Public(const uint8_t scalar[BC_X25519_BYTES], uint8_t to[BC_X25519_BYTES]);
/*
 * The secret that a private key shares with a public one. False where the secret would be all zeros, because the
 * public key is a point of small order (section 6.1); `to` is then as it was or zeros.
 */
bool bcX25519Shared(const uint8_t scalar[BC_X25519_BYTES], const uint8_t point[BC_X25519_BYTES],
	uint8_t to[BC_X25519_BYTES]);

#endif
