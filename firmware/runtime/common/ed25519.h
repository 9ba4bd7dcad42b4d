/*
 * Ed25519 (RFC 8032): what each target of the port has to bring. Pure functions of memory. The wasm target asks its
 * host; a microcontroller links a library.
 */
#ifndef BC_ED25519_H
#define BC_ED25519_H

#include <stdbool.h>
#include <stdint.h>

#define BC_ED25519_SEED_BYTES 32
#define BC_ED25519_PUBLIC_BYTES 32
#define BC_ED25519_SIGNATURE_BYTES 64

/* The public key of a private key (its seed). */
void bcEd25519Public(const uint8_t seed[BC_ED25519_SEED_BYTES], uint8_t to[BC_ED25519_PUBLIC_BYTES]);
/* The signature of a message. */
void bcEd25519Sign(const uint8_t seed[BC_ED25519_SEED_BYTES], const uint8_t *message, uint32_t length,
	uint8_t to[BC_ED25519_SIGNATURE_BYTES]);
/*
 * Whether a signature is valid. Every target refuses public keys and first halves of a signature that are points of
 * small order, as libsodium does.
 */
bool bcEd25519Verify(const uint8_t key[BC_ED25519_PUBLIC_BYTES], const uint8_t *message, uint32_t length,
	const uint8_t signature[BC_ED25519_SIGNATURE_BYTES]);

#endif
