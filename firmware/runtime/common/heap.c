/*
 * The engine's heap: one fixed region, as on a microcontroller. Chunks (strings, buffers, code) grow from
 * the bottom, slots (values) and the JavaScript stack from the top; both draw on the same cap. XS merges
 * neighbouring blocks, so nothing is lost between them. A request that does not fit is refused, which XS
 * turns into an abort: the device resets.
 */
#include "xsAll.h"
#include "engine.h"

static uint8_t *bcHeapBottom;
static uint8_t *bcHeapTop;
static uint8_t *bcHeapBase;
static uint8_t *bcHeapLimit;
static uint32_t bcHeapHighWater;

void bcHeapOpen(uint8_t *region, uint32_t size)
{
	bcHeapBase = bcHeapBottom = region;
	bcHeapLimit = bcHeapTop = region + (size & ~(uint32_t)15);
	bcHeapHighWater = 0;
}

uint32_t bcHeapSize(void)
{
	return (uint32_t)(bcHeapLimit - bcHeapBase);
}

uint32_t bcHeapPeak(void)
{
	return bcHeapHighWater;
}

static uint8_t *bcHeapTake(uint32_t size, bool fromTop)
{
	uint8_t *result;
	uint32_t taken;
	if (size > (uint32_t)(bcHeapTop - bcHeapBottom))
		return NULL;
	if (fromTop)
		result = bcHeapTop -= size;
	else {
		result = bcHeapBottom;
		bcHeapBottom += size;
	}
	taken = (uint32_t)((bcHeapBottom - bcHeapBase) + (bcHeapLimit - bcHeapTop));
	if (bcHeapHighWater < taken)
		bcHeapHighWater = taken;
	return result;
}

void *fxAllocateChunks(txMachine *the, txSize size)
{
	(void)the;
	if (size < 0 || size > 0x7ffffff0)
		return NULL;
	return bcHeapTake(((uint32_t)size + 15) & ~(uint32_t)15, false);
}

void fxFreeChunks(txMachine *the, void *chunks)
{
	(void)the;
	(void)chunks;
}

txSlot *fxAllocateSlots(txMachine *the, txSize count)
{
	uint64_t size = (uint64_t)(uint32_t)count * sizeof(txSlot);
	(void)the;
	if (size > 0x7ffffff0)
		return NULL;
	return (txSlot *)(void *)bcHeapTake((uint32_t)size, true);
}

void fxFreeSlots(txMachine *the, void *slots)
{
	(void)the;
	(void)slots;
}
