/*
 * AEAD_CHACHA20_POLY1305 of the wasm target: the host computes it, synchronously, from and to this instance's memory.
 */
#include "chacha20-poly1305.h"

extern void bc_host_chacha20_poly1305_seal(const uint8_t *key, const uint8_t *nonce, const uint8_t *data,
	uint32_t dataLength, const uint8_t *from, uint32_t length, uint8_t *to, uint8_t *tag);
extern int bc_host_chacha20_poly1305_open(const uint8_t *key, const uint8_t *nonce, const uint8_t *data,
	uint32_t dataLength, const uint8_t *from, uint32_t length, uint8_t *to, const uint8_t *tag);

void bcChaCha20Poly1305Seal(const bcChaCha20Poly1305 *with, const uint8_t *from, uint32_t length, uint8_t *to,
	uint8_t tag[BC_CHACHA20_POLY1305_TAG_BYTES])
{
	bc_host_chacha20_poly1305_seal(with->key, with->nonce, with->data, with->dataLength, from, length, to, tag);
}

bool bcChaCha20Poly1305Open(const bcChaCha20Poly1305 *with, const uint8_t *from, uint32_t length, uint8_t *to,
	const uint8_t tag[BC_CHACHA20_POLY1305_TAG_BYTES])
{
	return bc_host_chacha20_poly1305_open(with->key, with->nonce, with->data, with->dataLength, from, length, to,
		tag) != 0;
}
