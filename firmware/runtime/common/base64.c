/*
 * Base64 (RFC 4648, section 4), padded; decoding is strict: no white space, no missing padding, no stray bits.
 */
#include "digest.h"

static const char bcAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t bcBase64Encode(uint8_t *to, const uint8_t *from, size_t length)
{
	uint8_t *begin = to;
	while (length >= 3) {
		uint32_t word = ((uint32_t)from[0] << 16) | ((uint32_t)from[1] << 8) | from[2];
		*to++ = (uint8_t)bcAlphabet[word >> 18];
		*to++ = (uint8_t)bcAlphabet[(word >> 12) & 63];
		*to++ = (uint8_t)bcAlphabet[(word >> 6) & 63];
		*to++ = (uint8_t)bcAlphabet[word & 63];
		from += 3;
		length -= 3;
	}
	if (length) {
		uint32_t word = ((uint32_t)from[0] << 16) | (length > 1 ? (uint32_t)from[1] << 8 : 0);
		*to++ = (uint8_t)bcAlphabet[word >> 18];
		*to++ = (uint8_t)bcAlphabet[(word >> 12) & 63];
		*to++ = length > 1 ? (uint8_t)bcAlphabet[(word >> 6) & 63] : '=';
		*to++ = '=';
	}
	return (size_t)(to - begin);
}

static int32_t bcDigit(uint8_t character)
{
	if (character >= 'A' && character <= 'Z')
		return character - 'A';
	if (character >= 'a' && character <= 'z')
		return character - 'a' + 26;
	if (character >= '0' && character <= '9')
		return character - '0' + 52;
	if (character == '+')
		return 62;
	if (character == '/')
		return 63;
	return -1;
}

int32_t bcBase64Decode(uint8_t *to, const uint8_t *from, size_t length)
{
	uint8_t *begin = to;
	if (length & 3)
		return -1;
	for (; length; length -= 4, from += 4) {
		int32_t a = bcDigit(from[0]);
		int32_t b = bcDigit(from[1]);
		int32_t c = bcDigit(from[2]);
		int32_t d = bcDigit(from[3]);
		if (length == 4 && from[3] == '=') {
			if (from[2] == '=') {
				if (a < 0 || b < 0 || (b & 15))
					return -1;
				*to++ = (uint8_t)((a << 2) | (b >> 4));
			}
			else {
				if (a < 0 || b < 0 || c < 0 || (c & 3))
					return -1;
				*to++ = (uint8_t)((a << 2) | (b >> 4));
				*to++ = (uint8_t)((b << 4) | (c >> 2));
			}
			break;
		}
		if (a < 0 || b < 0 || c < 0 || d < 0)
			return -1;
		*to++ = (uint8_t)((a << 2) | (b >> 4));
		*to++ = (uint8_t)((b << 4) | (c >> 2));
		*to++ = (uint8_t)((c << 6) | d);
	}
	return (int32_t)(to - begin);
}
