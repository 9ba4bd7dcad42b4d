/*
 * AEAD_CHACHA20_POLY1305 by libsodium.
 */
#include "chacha20-poly1305.h"

#include <sodium/crypto_aead_chacha20poly1305.h>
#include <sodium/crypto_stream_chacha20.h>
#include <stddef.h>

_Static_assert(BC_CHACHA20_POLY1305_KEY_BYTES == crypto_aead_chacha20poly1305_ietf_KEYBYTES, "a key has one length");
_Static_assert(BC_CHACHA20_POLY1305_NONCE_BYTES == crypto_aead_chacha20poly1305_ietf_NPUBBYTES, "a nonce has one length");
_Static_assert(BC_CHACHA20_POLY1305_TAG_BYTES == crypto_aead_chacha20poly1305_ietf_ABYTES, "a tag has one length");

void bcChaCha20Poly1305Seal(const bcChaCha20Poly1305 *with, const uint8_t *from, uint32_t length, uint8_t *to,
	uint8_t tag[BC_CHACHA20_POLY1305_TAG_BYTES])
{
	(void)crypto_aead_chacha20poly1305_ietf_encrypt_detached(to, tag, NULL, from, length, with->data,
		with->dataLength, NULL, with->nonce, with->key);
}

bool bcChaCha20Poly1305Open(const bcChaCha20Poly1305 *with, const uint8_t *from, uint32_t length, uint8_t *to,
	const uint8_t tag[BC_CHACHA20_POLY1305_TAG_BYTES])
{
	/* Without a target it only compares the tag; with one it would overwrite that with zeros when the tag is wrong. */
	if (crypto_aead_chacha20poly1305_ietf_decrypt_detached(NULL, NULL, from, length, tag, with->data,
			with->dataLength, with->nonce, with->key) != 0)
		return false;
	/* Block 0 of the key stream made the one-time key; the message begins with block 1. */
	(void)crypto_stream_chacha20_ietf_xor_ic(to, from, length, with->nonce, 1, with->key);
	return true;
}
