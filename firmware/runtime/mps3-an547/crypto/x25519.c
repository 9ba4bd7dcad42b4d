/*
 * X25519 by libsodium, which refuses the points of small order itself.
 */
#include "x25519.h"

#include <sodium/crypto_scalarmult_curve25519.h>

_Static_assert(BC_X25519_BYTES == crypto_scalarmult_curve25519_BYTES, "keys and secrets have one length");
_Static_assert(BC_X25519_BYTES == crypto_scalarmult_curve25519_SCALARBYTES, "keys and secrets have one length");

void bcX25519Public(const uint8_t scalar[BC_X25519_BYTES], uint8_t to[BC_X25519_BYTES])
{
	(void)crypto_scalarmult_curve25519_base(to, scalar);
}

bool bcX25519Shared(const uint8_t scalar[BC_X25519_BYTES], const uint8_t point[BC_X25519_BYTES],
	uint8_t to[BC_X25519_BYTES])
{
	return crypto_scalarmult_curve25519(to, scalar, point) == 0;
}
