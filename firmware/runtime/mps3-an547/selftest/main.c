/*
 * The self-test image: the same start-up, handlers, watchdog and link as the real one, with a program that does on demand
 * what must never happen. The letter in the place of the seed is one misfortune, or a test; exit code and crash record
 * tell what became of it.
 */
#include "board-link.h"
#include "crash-record.h"
#include "engine.h"
#include "instructions.h"
#include "link-state.h"
#include "misfortunes.h"
#include "processor.h"
#include "semihosting.h"
#include "uart.h"
#include "watchdog.h"

#include <string.h>

#define BC_WATCHDOG_SECONDS 1

#define BC_MEMORY_BYTES 96

static bool bcSame(const volatile uint8_t *a, const volatile uint8_t *b)
{
	uint32_t i;
	for (i = 0; i < BC_MEMORY_BYTES; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

/* memcpy, memmove and memset against a byte at a time, at every alignment and length, overlapping either way. */
static bool bcMemoryRight(uint32_t to, uint32_t from, uint32_t length)
{
	static uint8_t got[BC_MEMORY_BYTES];
	static volatile uint8_t source[BC_MEMORY_BYTES], want[BC_MEMORY_BYTES];
	uint32_t i;
	for (i = 0; i < BC_MEMORY_BYTES; i++)
		want[i] = source[i] = got[i] = (uint8_t)(i * 7 + 1);
	for (i = 0; i < length; i++)
		want[to + i] = source[from + i];
	if (memmove(got + to, got + from, length) != got + to || !bcSame(got, want))
		return false;
	if (memcpy(got + to, (const uint8_t *)source + from, length) != got + to || !bcSame(got, want))
		return false;
	for (i = 0; i < length; i++)
		want[from + i] = 0xa5;
	return memset(got + from, 0xa5, length) == got + from && bcSame(got, want);
}

static void bcMemoryTest(void)
{
	uint32_t to, from, length;
	for (to = 0; to < 20; to++)
		for (from = 0; from < 40; from++)
			for (length = 0; length <= 52; length++)
				if (!bcMemoryRight(to, from, length) || !bcMemoryRight(from, to, length))
					bcDie(BC_INTERNAL, NULL, "memory is moved wrongly", "");
}

/* Sleeps for longer than the watchdog waits, but feeds it. */
static void bcSleepLong(void)
{
	int i;
	for (i = 0; i < 4 * BC_WATCHDOG_SECONDS; i++) {
		bcWatchdogFeed();
		bcSleep();
	}
}

int main(void)
{
	bcParameters parameters;
	const char *wrong = bcParametersRead(&parameters);
	bcUartsOpen();
	bcWatchdogOpen(BC_WATCHDOG_SECONDS);
	bcInterruptsOn();
	bcInstructionsEnd();
	if (wrong)
		bcDie(BC_INTERNAL, NULL, wrong, "");
	if (parameters.seedLow == 'm')
		bcMemoryTest();
	else if (parameters.seedLow == 'f')
		bcSleepLong();
	else
		bcMisfortune((int)parameters.seedLow);
	bcStateWrite(BC_ALIVE);
	bcDoorbellRing(BC_BELL_READY);
	if (bcSemihostingAsked())
		bcSemihostingExit(BC_ALIVE);
	for (;;)
		bcSleep();
}
