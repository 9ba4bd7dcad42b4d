/*
 * The global `native`: its arguments, its records, its construction.
 */
#include "natives.h"

txSlot bcListener;

uint32_t bcIndex(txMachine *the, int argument, const char *name)
{
	if (argument < mxArgc) {
		txSlot *slot = mxArgv(argument);
		if (slot->kind == XS_INTEGER_KIND) {
			if (slot->value.integer >= 0)
				return (uint32_t)slot->value.integer;
		}
		else if (slot->kind == XS_NUMBER_KIND) {
			double value = slot->value.number;
			if (value >= 0 && value <= 4294967295.0 && value == (double)(uint32_t)value)
				return (uint32_t)value;
		}
	}
	mxRangeError("%s is not a whole number from 0 up", name);
	return 0;
}

uint32_t bcWord(txMachine *the, int argument)
{
	txSlot *slot;
	if (argument >= mxArgc)
		return 0;
	slot = mxArgv(argument);
	if (slot->kind == XS_INTEGER_KIND)
		return (uint32_t)slot->value.integer;
	if (slot->kind == XS_UNDEFINED_KIND)
		return 0;
	return fxToUnsigned(the, slot);
}

uint8_t *bcSpan(txMachine *the, uint32_t at, uint32_t length)
{
	if (at > bc_media_size || length > bc_media_size - at)
		mxRangeError("%u bytes at %u are outside the media memory of %u bytes", (unsigned)length, (unsigned)at,
			(unsigned)bc_media_size);
	return bc_media + at;
}

void bcResultUnsigned(txMachine *the, uint32_t value)
{
	if (value <= 0x7fffffff)
		bcResultInteger(the, (int32_t)value);
	else {
		mxResult->kind = XS_NUMBER_KIND;
		mxResult->value.number = value;
	}
}

void bcResultInteger(txMachine *the, int32_t value)
{
	mxResult->kind = XS_INTEGER_KIND;
	mxResult->value.integer = value;
}

void bcResultBoolean(txMachine *the, bool value)
{
	mxResult->kind = XS_BOOLEAN_KIND;
	mxResult->value.boolean = value;
}

static void bcNativeNow(txMachine *the)
{
	mxResult->kind = XS_NUMBER_KIND;
	mxResult->value.number = bcNow;
}

static void bcNativeListen(txMachine *the)
{
	if (mxArgc < 1 || !fxIsCallable(the, mxArgv(0)))
		mxTypeError("the listener is not a function");
	bcListener.kind = mxArgv(0)->kind;
	bcListener.value = mxArgv(0)->value;
}

static void bcNativePost(txMachine *the)
{
	uint32_t arguments[6];
	uint32_t kind = bcIndex(the, 0, "kind");
	uint32_t unit = mxArgc > 1 ? bcIndex(the, 1, "unit") : 0;
	int i;
	if (kind > 0xffff || unit > 0xffff)
		mxRangeError("kind and unit are 16-bit numbers");
	for (i = 0; i < 6; i++)
		arguments[i] = bcWord(the, 2 + i);
	bcResultBoolean(the, bcOutboundPost((uint16_t)kind, (uint16_t)unit, arguments));
}

static void bcNativeHeap(txMachine *the)
{
	bcResultUnsigned(the, bcMachineLiveBytes());
}

/* An ArrayBuffer over the media memory: the collector never moves it, for it lies in no block of chunks. */
static void bcPushMedia(txMachine *the)
{
	txSlot *buffer;
	txChunk *header = (txChunk *)(void *)(bc_media - sizeof(txChunk));
	header->size = 0;
	header->temporary = NULL;
	mxPush(mxArrayBufferConstructor);
	mxNew();
	mxPushInteger(0);
	mxRunCount(1);
	buffer = the->stack->value.reference->next;
	buffer->value.arrayBuffer.address = (txByte *)bc_media;
	buffer->next->value.bufferInfo.length = (txInteger)bc_media_size;
}

typedef struct {
	const char *name;
	txCallback callback;
	int length;
} bcNative;

/* XS looks properties up one after the other: the ones of the hot path come first. */
static const bcNative bcNatives[] = {
	{"post", bcNativePost, 8},
	{"copy", bcNativeCopy, 3},
	{"zero", bcNativeZero, 2},
	{"now", bcNativeNow, 0},
	{"store32", bcNativeStore32, 2},
	{"store32be", bcNativeStore32be, 2},
	{"load32", bcNativeLoad32, 1},
	{"load32be", bcNativeLoad32be, 1},
	{"crc32", bcNativeCrc32, 3},
	{"crc16", bcNativeCrc16, 3},
	{"sha256Begin", bcNativeSha256Begin, 1},
	{"sha256Update", bcNativeSha256Update, 3},
	{"sha256End", bcNativeSha256End, 2},
	{"compare", bcNativeCompare, 3},
	{"indexOf", bcNativeIndexOf, 3},
	{"base64Encode", bcNativeBase64Encode, 3},
	{"base64Decode", bcNativeBase64Decode, 3},
	{"writeText", bcNativeWriteText, 3},
	{"readText", bcNativeReadText, 2},
	{"ed25519Public", bcNativeEd25519Public, 2},
	{"ed25519Sign", bcNativeEd25519Sign, 4},
	{"ed25519Verify", bcNativeEd25519Verify, 4},
	{"chacha20Poly1305Seal", bcNativeChaCha20Poly1305Seal, 8},
	{"chacha20Poly1305Open", bcNativeChaCha20Poly1305Open, 8},
	{"hmacSha256", bcNativeHmacSha256, 5},
	{"x25519Public", bcNativeX25519Public, 2},
	{"x25519Shared", bcNativeX25519Shared, 3},
	{"equal", bcNativeEqual, 3},
	{"listen", bcNativeListen, 1},
	{"heap", bcNativeHeap, 0},
};

void bcNativesInstall(txMachine *the)
{
	const txFlag constant = XS_DONT_DELETE_FLAG | XS_DONT_SET_FLAG;
	txSlot *instance;
	txSlot *property;
	size_t i;
	bcListener.kind = XS_UNDEFINED_KIND;
	fxRemember(the, &bcListener);
	mxPush(mxObjectPrototype);
	instance = fxNewObjectInstance(the);
	property = fxLastProperty(the, instance);
	for (i = 0; i < sizeof(bcNatives) / sizeof(*bcNatives); i++)
		property = fxNextHostFunctionProperty(the, property, bcNatives[i].callback, bcNatives[i].length,
			fxID(the, (txString)bcNatives[i].name), constant);
	bcPushMedia(the);
	property = fxNextSlotProperty(the, property, the->stack, fxID(the, "memory"), constant);
	mxPop();
	instance->flag |= XS_DONT_PATCH_FLAG;
	mxPush(mxGlobal);
	fxDefineID(the, fxID(the, "native"), constant | XS_DONT_ENUM_FLAG, constant | XS_DONT_ENUM_FLAG);
	mxPop();
}
