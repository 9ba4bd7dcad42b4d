/*
 * CRC-32 and CRC-16, table driven; the tables are made at the first use.
 */
#include "digest.h"

#include <stdbool.h>

/* Four tables: four bytes of CRC-32 a step. */
static uint32_t bcTable32[4][256];
static uint16_t bcTable16[256];
static bool bcTablesReady;

static void bcMakeTables(void)
{
	uint32_t i, bit;
	for (i = 0; i < 256; i++) {
		uint32_t c32 = i;
		uint16_t c16 = (uint16_t)(i << 8);
		for (bit = 0; bit < 8; bit++) {
			c32 = (c32 >> 1) ^ ((c32 & 1) ? 0xedb88320u : 0);
			c16 = (uint16_t)((c16 << 1) ^ ((c16 & 0x8000) ? 0x1021 : 0));
		}
		bcTable32[0][i] = c32;
		bcTable16[i] = c16;
	}
	for (i = 0; i < 256; i++)
		for (bit = 1; bit < 4; bit++)
			bcTable32[bit][i] = (bcTable32[bit - 1][i] >> 8) ^ bcTable32[0][bcTable32[bit - 1][i] & 0xff];
	bcTablesReady = true;
}

uint32_t bcCrc32(uint32_t seed, const uint8_t *bytes, size_t length)
{
	uint32_t crc = ~seed;
	if (!bcTablesReady)
		bcMakeTables();
	while (length >= 4) {
		crc ^= (uint32_t)bytes[0] | ((uint32_t)bytes[1] << 8) | ((uint32_t)bytes[2] << 16) | ((uint32_t)bytes[3] << 24);
		crc = bcTable32[3][crc & 0xff] ^ bcTable32[2][(crc >> 8) & 0xff] ^ bcTable32[1][(crc >> 16) & 0xff] ^
			bcTable32[0][crc >> 24];
		bytes += 4;
		length -= 4;
	}
	while (length--)
		crc = (crc >> 8) ^ bcTable32[0][(crc ^ *bytes++) & 0xff];
	return ~crc;
}

uint16_t bcCrc16(uint16_t seed, const uint8_t *bytes, size_t length)
{
	uint16_t crc = seed;
	if (!bcTablesReady)
		bcMakeTables();
	while (length--)
		crc = (uint16_t)((crc << 8) ^ bcTable16[((crc >> 8) ^ *bytes++) & 0xff]);
	return crc;
}
