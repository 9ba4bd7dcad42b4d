#include "link-state.h"

#include <string.h>

#include "board-link.h"
#include "build-id.h"
#include "c-stack.h"
#include "engine.h"
#include "linker-symbols.h"

#define BC_DEFAULT_HEAP_BYTES (3 * 1024 * 1024)
#define BC_DEFAULT_METER_LIMIT 50000000u
#define BC_DEFAULT_STACK_SLOTS 4096
#define BC_DEFAULT_KEYS 16384

extern uint64_t bcSlotAllocations;
extern uint64_t bcChunkAllocations;
extern uint64_t bcChunkBytes;
extern uint64_t bcCollections;

double bcRecordInstructions;
double bcBootInstructions;
double bcLongestRecord;

static uint32_t bcParameter(uint32_t at)
{
	uint32_t value;
	memcpy(&value, (const void *)(uintptr_t)(BC_LINK_BASE + BC_LINK_PARAMETERS + at), sizeof(value));
	return value;
}

static uint32_t bcParameterOr(uint32_t at, uint32_t otherwise)
{
	uint32_t value = bcParameter(at);
	return value ? value : otherwise;
}

bool bcSemihostingAsked(void)
{
	return bcParameter(BC_PARAMETER_MAGIC) == BC_LINK_MAGIC && bcParameter(BC_PARAMETER_SEMIHOSTING) == 1;
}

const char *bcParametersRead(bcParameters *parameters)
{
	if (bcParameter(BC_PARAMETER_MAGIC) != BC_LINK_MAGIC)
		return "the board wrote no parameters";
	if (bcParameter(BC_PARAMETER_VERSION) != BC_LINK_VERSION)
		return "the board speaks another version of the link";
	parameters->mediaBytes = bcParameter(BC_PARAMETER_MEDIA_BYTES);
	parameters->firmwareBytes = bcParameter(BC_PARAMETER_FIRMWARE_BYTES);
	parameters->heapBytes = bcParameterOr(BC_PARAMETER_HEAP_BYTES, BC_DEFAULT_HEAP_BYTES);
	parameters->meterLimit = bcParameterOr(BC_PARAMETER_METER_LIMIT, BC_DEFAULT_METER_LIMIT);
	parameters->seedLow = bcParameter(BC_PARAMETER_SEED_LOW);
	parameters->seedHigh = bcParameter(BC_PARAMETER_SEED_HIGH);
	memcpy(&parameters->epoch, (const void *)(uintptr_t)(BC_LINK_BASE + BC_LINK_PARAMETERS + BC_PARAMETER_EPOCH),
		sizeof(parameters->epoch));
	parameters->stackSlots = bcParameterOr(BC_PARAMETER_STACK_SLOTS, BC_DEFAULT_STACK_SLOTS);
	parameters->keys = bcParameterOr(BC_PARAMETER_KEYS, BC_DEFAULT_KEYS);
	if (parameters->mediaBytes > BC_LINK_SIZE - BC_LINK_MEDIA)
		return "the media memory does not fit into the external memory";
	if (parameters->firmwareBytes > BC_LINK_FIRMWARE_MAX)
		return "the firmware does not fit into its place";
	if (parameters->heapBytes > BC_DISTANCE(bcHeapStart, bcHeapEnd))
		return "the heap does not fit into the SRAM";
	return NULL;
}

static void bcPut32(uint32_t at, uint32_t value)
{
	*(volatile uint32_t *)(uintptr_t)(BC_LINK_BASE + BC_LINK_STATE + at) = value;
}

static void bcPutDouble(uint32_t at, double value)
{
	*(volatile double *)(uintptr_t)(BC_LINK_BASE + BC_LINK_STATE + at) = value;
}

void bcStateWrite(uint32_t status)
{
	size_t length = strnlen(bcBuildId, BC_STATE_BUILD_ID_MAX);
	bcPut32(BC_STATE_MAGIC, BC_LINK_MAGIC);
	bcPut32(BC_STATE_VERSION, BC_LINK_VERSION);
	bcPut32(BC_STATE_STATUS, status);
	bcPutDouble(BC_STATE_COUNTERS, bcMachineInstructions());
	bcPutDouble(BC_STATE_COUNTERS + 8, bcMachineLiveBytes());
	bcPutDouble(BC_STATE_COUNTERS + 16, bcHeapPeak());
	bcPutDouble(BC_STATE_COUNTERS + 24, (double)bcSlotAllocations);
	bcPutDouble(BC_STATE_COUNTERS + 32, (double)bcChunkAllocations);
	bcPutDouble(BC_STATE_COUNTERS + 40, (double)bcChunkBytes);
	bcPutDouble(BC_STATE_COUNTERS + 48, (double)bcCollections);
	bcPutDouble(BC_STATE_RECORD_INSTRUCTIONS, bcRecordInstructions);
	bcPutDouble(BC_STATE_BOOT_INSTRUCTIONS, bcBootInstructions);
	bcPutDouble(BC_STATE_LONGEST_RECORD, bcLongestRecord);
	bcPut32(BC_STATE_STACK_PEAK, bcStackPeakNear());
	bcPut32(BC_STATE_BUILD_ID_BYTES, (uint32_t)length);
	memcpy((void *)(uintptr_t)(BC_LINK_BASE + BC_LINK_STATE + BC_STATE_BUILD_ID), bcBuildId, length);
}
