/*
 * AEAD_CHACHA20_POLY1305 (RFC 8439 section 2.8) with the tag beside the ciphertext: what each target of the port has to
 * bring. Pure functions of memory. `to` is `from` or apart from it and from everything else.
 */
#ifndef BC_CHACHA20_POLY1305_H
#define BC_CHACHA20_POLY1305_H

#include <stdbool.h>
#include <stdint.h>

#define BC_CHACHA20_POLY1305_KEY_BYTES 32
#define BC_CHACHA20_POLY1305_NONCE_BYTES 12
#define BC_CHACHA20_POLY1305_TAG_BYTES 16

/* What both directions are given. */
typedef struct {
	const uint8_t *key;
	const uint8_t *nonce;
	const uint8_t *data;
	uint32_t dataLength;
} bcChaCha20Poly1305;

/* Encrypts `length` bytes and writes their tag. */
void bcChaCha20Poly1305Seal(const bcChaCha20Poly1305 *with, const uint8_t *from, uint32_t length, uint8_t *to,
	uint8_t tag[BC_CHACHA20_POLY1305_TAG_BYTES]);
/* Decrypts `length` bytes if the tag is theirs; otherwise false, and `to` stays as it is. */
bool bcChaCha20Poly1305Open(const bcChaCha20Poly1305 *with, const uint8_t *from, uint32_t length, uint8_t *to,
	const uint8_t tag[BC_CHACHA20_POLY1305_TAG_BYTES]);

#endif
