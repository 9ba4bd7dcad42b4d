#include "crash-record.h"

#include <string.h>

#include "build-id.h"
#include "c-stack.h"
#include "digest.h"
#include "link-state.h"
#include "processor.h"
#include "semihosting.h"
#include "uart.h"
#include "watchdog.h"

typedef struct {
	uint32_t magic;
	uint32_t version;
	uint32_t status;
	uint32_t crc;
	bcRegisters registers;
	char buildId[BC_CRASH_BUILD_ID_BYTES];
	uint8_t reserved[BC_CRASH_MESSAGE - BC_CRASH_BUILD_ID - BC_CRASH_BUILD_ID_BYTES];
	char message[BC_CRASH_MESSAGE_BYTES];
	char stack[BC_CRASH_STACK_BYTES];
} bcCrashRecord;

_Static_assert(sizeof(bcCrashRecord) == BC_CRASH_BYTES, "size of the crash record");
_Static_assert(__builtin_offsetof(bcCrashRecord, registers) == BC_CRASH_REGISTERS, "place of the registers");
_Static_assert(__builtin_offsetof(bcCrashRecord, buildId) == BC_CRASH_BUILD_ID, "place of the build id");
_Static_assert(__builtin_offsetof(bcCrashRecord, message) == BC_CRASH_MESSAGE, "place of the message");
_Static_assert(__builtin_offsetof(bcCrashRecord, stack) == BC_CRASH_STACK, "place of the stack");

static void bcCopyText(char *to, size_t size, const char *from)
{
	size_t length = strnlen(from, size - 1);
	memcpy(to, from, length);
	memset(to + length, 0, size - length);
}

static void bcCrashWrite(uint32_t status, const bcRegisters *registers, const char *message, const char *stack)
{
	bcCrashRecord *record = (bcCrashRecord *)(uintptr_t)(BC_LINK_BASE + BC_LINK_CRASH);
	/* Without its magic a record cut short by a second fault is none. */
	record->magic = 0;
	bcDataBarrier();
	memset(record, 0, sizeof(*record));
	record->version = BC_CRASH_VERSION;
	record->status = status;
	if (registers)
		record->registers = *registers;
	bcCopyText(record->buildId, sizeof(record->buildId), bcBuildId);
	bcCopyText(record->message, sizeof(record->message), message);
	bcCopyText(record->stack, sizeof(record->stack), stack);
	record->crc = bcCrc32(0, (const uint8_t *)record + BC_CRASH_REGISTERS, sizeof(*record) - BC_CRASH_REGISTERS);
	bcDataBarrier();
	record->magic = BC_CRASH_MAGIC;
}

void bcDie(uint32_t status, const bcRegisters *registers, const char *message, const char *stack)
{
	bcInterruptsOff();
	bcWatchdogClose();
	bcCrashWrite(status, registers, message, stack);
	bcStackPeak();
	bcStateWrite(status);
	bcDoorbellRing(BC_BELL_DEAD);
	if (bcSemihostingAsked())
		bcSemihostingExit((int)status);
	for (;;)
		bcSleep();
}
