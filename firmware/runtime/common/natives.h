/*
 * The global `native`: what JavaScript may ask of C. Every function checks its offsets and lengths against
 * the media memory and throws a RangeError that names it.
 */
#ifndef BC_NATIVES_H
#define BC_NATIVES_H

#include "xsAll.h"
#include "engine.h"

/* Builds the global. */
void bcNativesInstall(txMachine *the);
/* The listener that firmware gave to native.listen; a reference once there is one. */
extern txSlot bcListener;

/* The argument as a whole number of 0 … 2^32 − 1 that is an offset or a length. @throws RangeError */
uint32_t bcIndex(txMachine *the, int argument, const char *name);
/* The argument as ToUint32 gives it; 0 when it is missing. */
uint32_t bcWord(txMachine *the, int argument);
/* The media memory at [at, at + length). @throws RangeError when that is not all within it. */
uint8_t *bcSpan(txMachine *the, uint32_t at, uint32_t length);

/* Sets the result. */
void bcResultUnsigned(txMachine *the, uint32_t value);
void bcResultInteger(txMachine *the, int32_t value);
void bcResultBoolean(txMachine *the, bool value);

/* Bytes cost instructions too, so that a loop around a native cannot outrun the watchdog. */
#define bcMeterMoved(LENGTH) mxMeterSome((LENGTH) >> 8)
#define bcMeterDigested(LENGTH) mxMeterSome((LENGTH) >> 4)

/* natives-memory.c */
void bcNativeCopy(txMachine *the);
void bcNativeZero(txMachine *the);
void bcNativeCompare(txMachine *the);
void bcNativeIndexOf(txMachine *the);
void bcNativeStore32(txMachine *the);
void bcNativeStore32be(txMachine *the);
void bcNativeLoad32(txMachine *the);
void bcNativeLoad32be(txMachine *the);
/* natives-digest.c */
void bcNativeCrc32(txMachine *the);
void bcNativeCrc16(txMachine *the);
void bcNativeSha256Begin(txMachine *the);
void bcNativeSha256Update(txMachine *the);
void bcNativeSha256End(txMachine *the);
void bcNativeBase64Encode(txMachine *the);
void bcNativeBase64Decode(txMachine *the);
/* natives-signature.c */
void bcNativeEd25519Public(txMachine *the);
void bcNativeEd25519Sign(txMachine *the);
void bcNativeEd25519Verify(txMachine *the);
/* natives-cipher.c */
void bcNativeX25519Public(txMachine *the);
void bcNativeX25519Shared(txMachine *the);
void bcNativeChaCha20Poly1305Seal(txMachine *the);
void bcNativeChaCha20Poly1305Open(txMachine *the);
void bcNativeHmacSha256(txMachine *the);
void bcNativeEqual(txMachine *the);
/* natives-text.c */
void bcNativeWriteText(txMachine *the);
void bcNativeReadText(txMachine *the);

#endif
