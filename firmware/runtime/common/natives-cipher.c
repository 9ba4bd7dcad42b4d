/*
 * native.chacha20Poly1305…, hmacSha256, x25519…, equal: secrets over the media memory. Results are put together aside,
 * so that a target may overlap what it is made from; the text of a message is the exception, for it has no room aside.
 */
#include "chacha20-poly1305.h"
#include "constant-time.h"
#include "digest.h"
#include "natives.h"
#include "x25519.h"

/*
 * What one operation costs on the Cortex-M55 besides the bytes, in instructions of the engine; one of them is about 27 of
 * the processor's.
 */
#define BC_X25519_PUBLIC_METER 16000
#define BC_X25519_SHARED_METER 42000
#define BC_SEAL_METER 150
#define BC_HMAC_METER 500

void bcNativeX25519Public(txMachine *the)
{
	const uint8_t *scalar = bcSpan(the, bcIndex(the, 0, "scalarAt"), BC_X25519_BYTES);
	uint8_t *to = bcSpan(the, bcIndex(the, 1, "to"), BC_X25519_BYTES);
	uint8_t result[BC_X25519_BYTES];
	bcX25519Public(scalar, result);
	memcpy(to, result, sizeof(result));
	mxMeterSome(BC_X25519_PUBLIC_METER);
}

void bcNativeX25519Shared(txMachine *the)
{
	const uint8_t *scalar = bcSpan(the, bcIndex(the, 0, "scalarAt"), BC_X25519_BYTES);
	const uint8_t *point = bcSpan(the, bcIndex(the, 1, "pointAt"), BC_X25519_BYTES);
	uint8_t *to = bcSpan(the, bcIndex(the, 2, "to"), BC_X25519_BYTES);
	uint8_t result[BC_X25519_BYTES];
	bool shared = bcX25519Shared(scalar, point, result);
	if (shared)
		memcpy(to, result, sizeof(result));
	bcWipe(result, sizeof(result));
	mxMeterSome(BC_X25519_SHARED_METER);
	bcResultBoolean(the, shared);
}

/* The arguments that sealing and opening share, checked. */
typedef struct {
	bcChaCha20Poly1305 with;
	const uint8_t *from;
	uint32_t length;
	uint8_t *to;
	uint8_t *tag;
} bcMessage;

static void bcApart(txMachine *the, const bcMessage *message, const uint8_t *other, uint32_t length, const char *what)
{
	if (message->to < other + length && other < message->to + message->length)
		mxRangeError("the target overlaps the %s", what);
}

static void bcMessageArguments(txMachine *the, bcMessage *message)
{
	uint32_t at;
	message->with.key = bcSpan(the, bcIndex(the, 0, "keyAt"), BC_CHACHA20_POLY1305_KEY_BYTES);
	message->with.nonce = bcSpan(the, bcIndex(the, 1, "nonceAt"), BC_CHACHA20_POLY1305_NONCE_BYTES);
	at = bcIndex(the, 2, "dataAt");
	message->with.dataLength = bcIndex(the, 3, "dataLength");
	message->with.data = bcSpan(the, at, message->with.dataLength);
	at = bcIndex(the, 4, "at");
	message->length = bcIndex(the, 5, "length");
	message->from = bcSpan(the, at, message->length);
	message->to = bcSpan(the, bcIndex(the, 6, "to"), message->length);
	message->tag = bcSpan(the, bcIndex(the, 7, "tagAt"), BC_CHACHA20_POLY1305_TAG_BYTES);
	bcApart(the, message, message->with.key, BC_CHACHA20_POLY1305_KEY_BYTES, "key");
	bcApart(the, message, message->with.nonce, BC_CHACHA20_POLY1305_NONCE_BYTES, "nonce");
	bcApart(the, message, message->with.data, message->with.dataLength, "additional data");
	bcApart(the, message, message->tag, BC_CHACHA20_POLY1305_TAG_BYTES, "tag");
	if (message->to != message->from)
		bcApart(the, message, message->from, message->length, "source without being it");
}

static void bcMeterMessage(txMachine *the, const bcMessage *message)
{
	mxMeterSome(BC_SEAL_METER);
	bcMeterDigested(message->with.dataLength);
	bcMeterDigested(message->length);
}

void bcNativeChaCha20Poly1305Seal(txMachine *the)
{
	bcMessage message;
	uint8_t tag[BC_CHACHA20_POLY1305_TAG_BYTES];
	bcMessageArguments(the, &message);
	bcChaCha20Poly1305Seal(&message.with, message.from, message.length, message.to, tag);
	memcpy(message.tag, tag, sizeof(tag));
	bcMeterMessage(the, &message);
}

void bcNativeChaCha20Poly1305Open(txMachine *the)
{
	bcMessage message;
	bool genuine;
	bcMessageArguments(the, &message);
	genuine = bcChaCha20Poly1305Open(&message.with, message.from, message.length, message.to, message.tag);
	bcMeterMessage(the, &message);
	bcResultBoolean(the, genuine);
}

void bcNativeHmacSha256(txMachine *the)
{
	uint32_t keyAt = bcIndex(the, 0, "keyAt");
	uint32_t keyLength = bcIndex(the, 1, "keyLength");
	const uint8_t *key = bcSpan(the, keyAt, keyLength);
	uint32_t at = bcIndex(the, 2, "at");
	uint32_t length = bcIndex(the, 3, "length");
	const uint8_t *bytes = bcSpan(the, at, length);
	uint8_t *to = bcSpan(the, bcIndex(the, 4, "to"), BC_SHA256_BYTES);
	uint8_t result[BC_SHA256_BYTES];
	bcHmacSha256(key, keyLength, bytes, length, result);
	memcpy(to, result, sizeof(result));
	bcWipe(result, sizeof(result));
	mxMeterSome(BC_HMAC_METER);
	bcMeterDigested(keyLength);
	bcMeterDigested(length);
}

void bcNativeEqual(txMachine *the)
{
	uint32_t a = bcIndex(the, 0, "a");
	uint32_t b = bcIndex(the, 1, "b");
	uint32_t length = bcIndex(the, 2, "length");
	const uint8_t *first = bcSpan(the, a, length);
	bool equal = bcEqual(first, bcSpan(the, b, length), length);
	bcMeterDigested(length);
	bcResultBoolean(the, equal);
}
