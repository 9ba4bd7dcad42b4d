/*
 * What the host of the wasm engine calls. One instance is one board: it opens once and, when its machine
 * died, is thrown away.
 */
#include "engine.h"

#include <emscripten.h>
#include <stdlib.h>
#include <unistd.h>

/* The stack grows down to address 0 (--stack-first); XS stops this far above it. */
#define BC_STACK_MARGIN (32 * 1024)

extern uint64_t bcSlotAllocations;
extern uint64_t bcChunkAllocations;
extern uint64_t bcChunkBytes;
extern uint64_t bcCollections;

char *fxCStackLimit(void)
{
	return (char *)BC_STACK_MARGIN;
}

/*
 * Memory that was never written, 64-aligned. Not from malloc: its book-keeping would lie in it, and clearing
 * the media memory would make the host provide every page of it.
 */
static uint8_t *bcTakeFresh(uint32_t size)
{
	uint8_t *bytes;
	if (size > INT32_MAX - 64)
		return NULL;
	bytes = sbrk((intptr_t)(size + 64));
	if (bytes == (void *)-1)
		return NULL;
	return (uint8_t *)(((uintptr_t)bytes + 63) & ~(uintptr_t)63);
}

/* Opens the board: heap, media memory, queues, machine. Returns a BC_ status. */
EMSCRIPTEN_KEEPALIVE int bc_open(uint32_t heapBytes, uint32_t mediaBytes, uint32_t stackSlots, uint32_t keys,
	uint32_t meterLimit, uint32_t seedLow, uint32_t seedHigh)
{
	bcOptions options = {stackSlots, keys, 64 * 1024, meterLimit};
	uint8_t *media = bcTakeFresh(mediaBytes + BC_MEDIA_HEADER);
	uint8_t *heap = bcTakeFresh(heapBytes);
	if (!heap || !media)
		return BC_OUT_OF_MEMORY;
	bcHeapOpen(heap, heapBytes);
	bc_media = media + BC_MEDIA_HEADER;
	bc_media_size = mediaBytes;
	bcQueuesOpen();
	bcRandomSeed(seedLow, seedHigh);
	return bcMachineOpen(&options);
}

/* Memory for an artefact or a source; the host fills it. 0 when there is none. */
EMSCRIPTEN_KEEPALIVE uint8_t *bc_allocate(uint32_t size)
{
	return malloc(size);
}

EMSCRIPTEN_KEEPALIVE int bc_load(uint8_t *bytes, uint32_t size)
{
	return bcMachineLoad(bytes, size);
}

EMSCRIPTEN_KEEPALIVE int bc_deliver(void)
{
	return bcMachineDeliver();
}

EMSCRIPTEN_KEEPALIVE int bc_collect(void)
{
	return bcMachineCollect();
}

static uint32_t bcCompiledSize;

/* Compiles; returns the artefact or 0, with the message as the fault's. */
EMSCRIPTEN_KEEPALIVE uint8_t *bc_compile(const char *source, uint32_t length, const char *path)
{
	return bcCompile(source, length, path, &bcCompiledSize);
}

EMSCRIPTEN_KEEPALIVE uint32_t bc_compiled_size(void)
{
	return bcCompiledSize;
}

EMSCRIPTEN_KEEPALIVE uint8_t *bc_media_address(void)
{
	return bc_media;
}

EMSCRIPTEN_KEEPALIVE bcQueue *bc_inbound(void)
{
	return &bcInbound;
}

EMSCRIPTEN_KEEPALIVE bcQueue *bc_outbound(void)
{
	return &bcOutbound;
}

EMSCRIPTEN_KEEPALIVE void bc_set_epoch(double us)
{
	bcEpoch = us;
}

/* 0 instructions, 1 live bytes, 2 peak bytes, 3 slots allocated, 4 chunks allocated, 5 bytes of chunks allocated, 6 collections. */
EMSCRIPTEN_KEEPALIVE double bc_counter(int which)
{
	switch (which) {
	case 0:
		return bcMachineInstructions();
	case 1:
		return bcMachineLiveBytes();
	case 2:
		return bcHeapPeak();
	case 3:
		return (double)bcSlotAllocations;
	case 4:
		return (double)bcChunkAllocations;
	case 5:
		return (double)bcChunkBytes;
	case 6:
		return (double)bcCollections;
	default:
		return 0;
	}
}

EMSCRIPTEN_KEEPALIVE int bc_status(void)
{
	return bcMachineStatus();
}

EMSCRIPTEN_KEEPALIVE const char *bc_fault_message(void)
{
	return bcFaultMessage;
}

EMSCRIPTEN_KEEPALIVE const char *bc_fault_stack(void)
{
	return bcFaultStack;
}
