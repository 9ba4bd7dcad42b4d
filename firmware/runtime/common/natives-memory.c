/*
 * native.copy, zero, compare, indexOf, store32, load32: bytes within the media memory.
 */
#include "constant-time.h"
#include "natives.h"

#define BC_STORE_WORDS 8

void bcNativeCopy(txMachine *the)
{
	uint32_t to = bcIndex(the, 0, "to");
	uint32_t from = bcIndex(the, 1, "from");
	uint32_t length = bcIndex(the, 2, "length");
	uint8_t *source = bcSpan(the, from, length);
	memmove(bcSpan(the, to, length), source, length);
	bcMeterMoved(length);
}

void bcNativeZero(txMachine *the)
{
	uint32_t at = bcIndex(the, 0, "at");
	uint32_t length = bcIndex(the, 1, "length");
	bcWipe(bcSpan(the, at, length), length);
	bcMeterMoved(length);
}

void bcNativeCompare(txMachine *the)
{
	uint32_t a = bcIndex(the, 0, "a");
	uint32_t b = bcIndex(the, 1, "b");
	uint32_t length = bcIndex(the, 2, "length");
	const uint8_t *first = bcSpan(the, a, length);
	int result = memcmp(first, bcSpan(the, b, length), length);
	bcMeterMoved(length);
	bcResultInteger(the, (result > 0) - (result < 0));
}

void bcNativeIndexOf(txMachine *the)
{
	uint32_t at = bcIndex(the, 0, "at");
	uint32_t length = bcIndex(the, 1, "length");
	uint32_t byte = bcIndex(the, 2, "byte");
	const uint8_t *span = bcSpan(the, at, length);
	const uint8_t *found;
	if (byte > 255)
		mxRangeError("byte is above 255");
	found = length ? memchr(span, (int)byte, length) : NULL;
	bcMeterMoved(length);
	if (found)
		bcResultUnsigned(the, (uint32_t)(found - bc_media));
	else
		bcResultInteger(the, -1);
}

/* The words after `at`; all of them are read before the first is written. */
static int bcStoreArguments(txMachine *the, uint32_t words[BC_STORE_WORDS], uint8_t **to)
{
	uint32_t at = bcIndex(the, 0, "at");
	int count = mxArgc - 1;
	int i;
	if (count > BC_STORE_WORDS)
		mxRangeError("more than 8 words");
	for (i = 0; i < count; i++)
		words[i] = bcWord(the, 1 + i);
	*to = bcSpan(the, at, (uint32_t)count * 4);
	return count;
}

void bcNativeStore32(txMachine *the)
{
	uint32_t words[BC_STORE_WORDS];
	uint8_t *to;
	int count = bcStoreArguments(the, words, &to);
	int i;
	for (i = 0; i < count; i++, to += 4) {
		to[0] = (uint8_t)words[i];
		to[1] = (uint8_t)(words[i] >> 8);
		to[2] = (uint8_t)(words[i] >> 16);
		to[3] = (uint8_t)(words[i] >> 24);
	}
}

void bcNativeStore32be(txMachine *the)
{
	uint32_t words[BC_STORE_WORDS];
	uint8_t *to;
	int count = bcStoreArguments(the, words, &to);
	int i;
	for (i = 0; i < count; i++, to += 4) {
		to[0] = (uint8_t)(words[i] >> 24);
		to[1] = (uint8_t)(words[i] >> 16);
		to[2] = (uint8_t)(words[i] >> 8);
		to[3] = (uint8_t)words[i];
	}
}

void bcNativeLoad32(txMachine *the)
{
	const uint8_t *from = bcSpan(the, bcIndex(the, 0, "at"), 4);
	bcResultUnsigned(the,
		(uint32_t)from[0] | ((uint32_t)from[1] << 8) | ((uint32_t)from[2] << 16) | ((uint32_t)from[3] << 24));
}

void bcNativeLoad32be(txMachine *the)
{
	const uint8_t *from = bcSpan(the, bcIndex(the, 0, "at"), 4);
	bcResultUnsigned(the,
		(uint32_t)from[3] | ((uint32_t)from[2] << 8) | ((uint32_t)from[1] << 16) | ((uint32_t)from[0] << 24));
}
