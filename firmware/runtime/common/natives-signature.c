/*
 * native.ed25519…: signatures over the media memory. Results are put together aside, so that a target may overlap
 * what it is made from.
 */
#include "ed25519.h"
#include "natives.h"

/*
 * What one operation costs on the Cortex-M55 besides the bytes, in instructions of the engine; one of them is about 27 of
 * the processor's.
 */
#define BC_PUBLIC_METER 17000
#define BC_SIGN_METER 35000
#define BC_VERIFY_METER 46000

void bcNativeEd25519Public(txMachine *the)
{
	const uint8_t *seed = bcSpan(the, bcIndex(the, 0, "seedAt"), BC_ED25519_SEED_BYTES);
	uint8_t *to = bcSpan(the, bcIndex(the, 1, "to"), BC_ED25519_PUBLIC_BYTES);
	uint8_t result[BC_ED25519_PUBLIC_BYTES];
	bcEd25519Public(seed, result);
	memcpy(to, result, sizeof(result));
	mxMeterSome(BC_PUBLIC_METER);
}

void bcNativeEd25519Sign(txMachine *the)
{
	const uint8_t *seed = bcSpan(the, bcIndex(the, 0, "seedAt"), BC_ED25519_SEED_BYTES);
	uint32_t at = bcIndex(the, 1, "at");
	uint32_t length = bcIndex(the, 2, "length");
	const uint8_t *message = bcSpan(the, at, length);
	uint8_t *to = bcSpan(the, bcIndex(the, 3, "to"), BC_ED25519_SIGNATURE_BYTES);
	uint8_t result[BC_ED25519_SIGNATURE_BYTES];
	bcEd25519Sign(seed, message, length, result);
	memcpy(to, result, sizeof(result));
	mxMeterSome(BC_SIGN_METER);
	bcMeterDigested(length);
}

void bcNativeEd25519Verify(txMachine *the)
{
	const uint8_t *key = bcSpan(the, bcIndex(the, 0, "keyAt"), BC_ED25519_PUBLIC_BYTES);
	uint32_t at = bcIndex(the, 1, "at");
	uint32_t length = bcIndex(the, 2, "length");
	const uint8_t *message = bcSpan(the, at, length);
	const uint8_t *signature = bcSpan(the, bcIndex(the, 3, "signatureAt"), BC_ED25519_SIGNATURE_BYTES);
	bool valid = bcEd25519Verify(key, message, length, signature);
	mxMeterSome(BC_VERIFY_METER);
	bcMeterDigested(length);
	bcResultBoolean(the, valid);
}
