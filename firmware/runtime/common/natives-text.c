/*
 * native.writeText, readText: between JavaScript strings and UTF-8 in the media memory. XS keeps strings as
 * CESU-8 (each half of a surrogate pair three bytes, NUL two), so both directions convert.
 */
#include "natives.h"

#define BC_REPLACEMENT 0xfffdu

/* The next code point of an XS string; half a pair becomes U+FFFD. */
static const uint8_t *bcNextOfString(const uint8_t *p, uint32_t *character)
{
	uint32_t c = *p++;
	if (c < 0x80)
		*character = c;
	else if (c < 0xe0)
		*character = ((c & 0x1f) << 6) | (*p++ & 0x3f);
	else if (c < 0xf0) {
		c = ((c & 0x0f) << 12) | ((uint32_t)(p[0] & 0x3f) << 6) | (p[1] & 0x3f);
		p += 2;
		if (c >= 0xd800 && c < 0xdc00 && p[0] == 0xed && p[1] >= 0xb0) {
			uint32_t low = 0xd000u | ((uint32_t)(p[1] & 0x3f) << 6) | (p[2] & 0x3f);
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			p += 3;
		}
		else if (c >= 0xd800 && c < 0xe000)
			c = BC_REPLACEMENT;
		*character = c;
	}
	else {
		*character = ((c & 0x07) << 18) | ((uint32_t)(p[0] & 0x3f) << 12) | ((uint32_t)(p[1] & 0x3f) << 6) | (p[2] & 0x3f);
		p += 3;
	}
	return p;
}

static uint32_t bcLengthInUtf8(uint32_t c)
{
	return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

static uint8_t *bcPutUtf8(uint8_t *p, uint32_t c)
{
	if (c < 0x80)
		*p++ = (uint8_t)c;
	else if (c < 0x800) {
		*p++ = (uint8_t)(0xc0 | (c >> 6));
		*p++ = (uint8_t)(0x80 | (c & 0x3f));
	}
	else if (c < 0x10000) {
		*p++ = (uint8_t)(0xe0 | (c >> 12));
		*p++ = (uint8_t)(0x80 | ((c >> 6) & 0x3f));
		*p++ = (uint8_t)(0x80 | (c & 0x3f));
	}
	else {
		*p++ = (uint8_t)(0xf0 | (c >> 18));
		*p++ = (uint8_t)(0x80 | ((c >> 12) & 0x3f));
		*p++ = (uint8_t)(0x80 | ((c >> 6) & 0x3f));
		*p++ = (uint8_t)(0x80 | (c & 0x3f));
	}
	return p;
}

void bcNativeWriteText(txMachine *the)
{
	uint32_t at = bcIndex(the, 0, "at");
	uint32_t max = bcIndex(the, 1, "max");
	uint8_t *to = bcSpan(the, at, max);
	uint8_t *end = to + max;
	uint8_t *begin = to;
	const uint8_t *from;
	if (mxArgc < 3)
		mxTypeError("no string");
	from = (const uint8_t *)fxToString(the, mxArgv(2));
	while (*from) {
		uint32_t character;
		from = bcNextOfString(from, &character);
		if (bcLengthInUtf8(character) > (uint32_t)(end - to))
			break;
		to = bcPutUtf8(to, character);
	}
	bcMeterDigested((uint32_t)(to - begin));
	bcResultUnsigned(the, (uint32_t)(to - begin));
}

/* The next code point of UTF-8 from outside; each maximal malformed part is one U+FFFD (WHATWG Encoding). */
static const uint8_t *bcNextOfUtf8(const uint8_t *p, const uint8_t *end, uint32_t *character)
{
	uint32_t c = *p++;
	uint32_t lower = 0x80, upper = 0xbf;
	int more;
	if (c < 0x80) {
		*character = c;
		return p;
	}
	if (c >= 0xc2 && c < 0xe0) {
		more = 1;
		c &= 0x1f;
	}
	else if (c >= 0xe0 && c < 0xf0) {
		if (c == 0xe0)
			lower = 0xa0;
		else if (c == 0xed)
			upper = 0x9f;
		more = 2;
		c &= 0x0f;
	}
	else if (c >= 0xf0 && c < 0xf5) {
		if (c == 0xf0)
			lower = 0x90;
		else if (c == 0xf4)
			upper = 0x8f;
		more = 3;
		c &= 0x07;
	}
	else {
		*character = BC_REPLACEMENT;
		return p;
	}
	while (more--) {
		if (p == end || *p < lower || *p > upper) {
			*character = BC_REPLACEMENT;
			return p;
		}
		c = (c << 6) | (*p++ & 0x3f);
		lower = 0x80;
		upper = 0xbf;
	}
	*character = c;
	return p;
}

static uint32_t bcLengthInString(uint32_t c)
{
	return c == 0 ? 2 : c < 0x10000 ? bcLengthInUtf8(c) : 6;
}

static uint8_t *bcPutString(uint8_t *p, uint32_t c)
{
	if (c == 0) {
		*p++ = 0xc0;
		*p++ = 0x80;
		return p;
	}
	if (c < 0x10000)
		return bcPutUtf8(p, c);
	c -= 0x10000;
	p = bcPutUtf8(p, 0xd800 + (c >> 10));
	return bcPutUtf8(p, 0xdc00 + (c & 0x3ff));
}

void bcNativeReadText(txMachine *the)
{
	uint32_t at = bcIndex(the, 0, "at");
	uint32_t length = bcIndex(the, 1, "length");
	const uint8_t *begin = bcSpan(the, at, length);
	const uint8_t *end = begin + length;
	const uint8_t *from;
	uint64_t size = 0;
	uint32_t character;
	uint8_t *to;
	bcMeterDigested(length);
	for (from = begin; from < end;) {
		from = bcNextOfUtf8(from, end, &character);
		size += bcLengthInString(character);
	}
	if (size >= 0x7fffffff)
		mxRangeError("the text is too long for a string");
	to = (uint8_t *)fxNewChunk(the, (txSize)size + 1);
	mxResult->kind = XS_STRING_KIND;
	mxResult->value.string = (txString)to;
	for (from = begin; from < end;) {
		from = bcNextOfUtf8(from, end, &character);
		to = bcPutString(to, character);
	}
	*to = 0;
}
