/*
 * native.crc32, crc16, sha256…, base64…: checksums and digests over the media memory.
 */
#include "digest.h"
#include "natives.h"

void bcNativeCrc32(txMachine *the)
{
	uint32_t at = bcIndex(the, 0, "at");
	uint32_t length = bcIndex(the, 1, "length");
	uint32_t seed = bcWord(the, 2);
	uint32_t result = bcCrc32(seed, bcSpan(the, at, length), length);
	bcMeterDigested(length);
	bcResultUnsigned(the, result);
}

void bcNativeCrc16(txMachine *the)
{
	uint32_t at = bcIndex(the, 0, "at");
	uint32_t length = bcIndex(the, 1, "length");
	uint32_t seed = bcWord(the, 2);
	uint16_t result = bcCrc16((uint16_t)seed, bcSpan(the, at, length), length);
	bcMeterDigested(length);
	bcResultUnsigned(the, result);
}

/* The context at an offset; `begun` demands one that sha256Begin made and sha256End did not end. */
static bcSha256 *bcContext(txMachine *the, bool begun)
{
	uint32_t at = bcIndex(the, 0, "context");
	bcSha256 *context = (bcSha256 *)(void *)bcSpan(the, at, BC_SHA256_CONTEXT_BYTES);
	if (at & 7)
		mxRangeError("the context at %u is not 8-aligned", (unsigned)at);
	if (begun && context->magic != BC_SHA256_MAGIC)
		mxRangeError("no digest was begun at %u", (unsigned)at);
	return context;
}

void bcNativeSha256Begin(txMachine *the)
{
	bcSha256Begin(bcContext(the, false));
}

void bcNativeSha256Update(txMachine *the)
{
	bcSha256 *context = bcContext(the, true);
	uint32_t at = bcIndex(the, 1, "at");
	uint32_t length = bcIndex(the, 2, "length");
	bcSha256Update(context, bcSpan(the, at, length), length);
	bcMeterDigested(length);
}

void bcNativeSha256End(txMachine *the)
{
	bcSha256 *context = bcContext(the, true);
	uint8_t *to = bcSpan(the, bcIndex(the, 1, "to"), BC_SHA256_BYTES);
	uint8_t result[BC_SHA256_BYTES];
	bcSha256End(context, result);
	memcpy(to, result, sizeof(result));
}

void bcNativeBase64Encode(txMachine *the)
{
	uint32_t to = bcIndex(the, 0, "to");
	uint32_t from = bcIndex(the, 1, "from");
	uint32_t length = bcIndex(the, 2, "length");
	const uint8_t *source = bcSpan(the, from, length);
	uint64_t size = ((uint64_t)length + 2) / 3 * 4;
	uint8_t *target;
	if (size > UINT32_MAX)
		mxRangeError("the text is longer than the media memory");
	target = bcSpan(the, to, (uint32_t)size);
	if (target < source + length && source < target + size)
		mxRangeError("source and target overlap");
	bcMeterDigested(length);
	bcResultUnsigned(the, (uint32_t)bcBase64Encode(target, source, length));
}

void bcNativeBase64Decode(txMachine *the)
{
	uint32_t to = bcIndex(the, 0, "to");
	uint32_t from = bcIndex(the, 1, "from");
	uint32_t length = bcIndex(the, 2, "length");
	const uint8_t *source = bcSpan(the, from, length);
	uint32_t size = length / 4 * 3;
	uint8_t *target;
	if (size && length % 4 == 0 && source[length - 1] == '=')
		size -= source[length - 2] == '=' ? 2 : 1;
	target = bcSpan(the, to, size);
	if (target > source && target < source + length)
		mxRangeError("the target lies inside the source");
	bcMeterDigested(length);
	bcResultInteger(the, bcBase64Decode(target, source, length));
}
