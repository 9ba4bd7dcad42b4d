/*
 * Checksums, digests and base64 over plain memory.
 */
#ifndef BC_DIGEST_H
#define BC_DIGEST_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32 of IEEE 802.3 (reflected 0xEDB88320), chained as zlib's crc32(): seed 0 begins. */
uint32_t bcCrc32(uint32_t seed, const uint8_t *bytes, size_t length);
/* CRC-16/XMODEM: polynomial 0x1021, not reflected, seed 0 begins. */
uint16_t bcCrc16(uint16_t seed, const uint8_t *bytes, size_t length);

/*
 * SHA-256 (FIPS 180-4) in progress; fits the 128 bytes of media memory a caller provides. What lies before `magic`
 * belongs to the target. Each target brings the functions on it and HMAC; the other ones are the same everywhere.
 */
typedef struct {
	uint32_t state[8];
	uint64_t length;
	uint8_t block[64];
	uint32_t magic;
	uint32_t reserved[5];
} bcSha256;

#define BC_SHA256_CONTEXT_BYTES 128
#define BC_SHA256_BYTES 32
#define BC_SHA256_MAGIC 0x32414853u

void bcSha256Begin(bcSha256 *context);
void bcSha256Update(bcSha256 *context, const uint8_t *bytes, size_t length);
/* Writes 32 bytes and zeroes the context. */
void bcSha256End(bcSha256 *context, uint8_t *result);

/* HMAC-SHA-256 (RFC 2104): 32 bytes; the key may have any length. */
void bcHmacSha256(const uint8_t *key, size_t keyLength, const uint8_t *bytes, size_t length, uint8_t *result);

/* Base64 (RFC 4648, section 4, padded). Returns the bytes written. */
size_t bcBase64Encode(uint8_t *to, const uint8_t *from, size_t length);
/* Returns the bytes written, or −1 when the input is not canonical padded base64. */
int32_t bcBase64Decode(uint8_t *to, const uint8_t *from, size_t length);

#endif
