/*
 * The self-test image: the same start-up, handlers, watchdog and link as the real one, with a program that does on demand
 * what must never happen. The letter in the place of the seed is one misfortune; exit code and crash record tell what
 * became of it.
 */
#include "board-link.h"
#include "crash-record.h"
#include "engine.h"
#include "instructions.h"
#include "link-state.h"
#include "linker-symbols.h"
#include "processor.h"
#include "semihosting.h"
#include "uart.h"
#include "watchdog.h"

#include <stdlib.h>
#include <string.h>

#define BC_WATCHDOG_SECONDS 1

static volatile uint32_t bcSink;

/* An address the compiler cannot know to be wrong. */
static volatile uintptr_t bcWild;

/* Uses up the stack; volatile so that it is neither a loop nor nothing. */
static uint32_t bcRecurse(uint32_t depth)
{
	volatile uint32_t words[64];
	words[depth % 64] = depth;
	if (depth == UINT32_MAX)
		return 0;
	return bcRecurse(depth + 1) + words[(depth + 1) % 64];
}

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

static void bcMisfortune(int which)
{
	switch (which) {
	case 'n': /* read through a null pointer */
		bcSink = BC_REGISTER(bcWild);
		break;
	case 'w': /* write to the code */
		BC_REGISTER((uintptr_t)bcCodeEnd - 4) = 0;
		break;
	case 'x': /* run data */
		((void (*)(void))((uintptr_t)bcHeapStart | 1))();
		break;
	case 'b': /* read where no device is */
		bcSink = BC_REGISTER(0x5fff0000);
		break;
	case 'u': /* an instruction that is none */
		__asm volatile("udf #0");
		break;
	case 'a': /* a pair of words at an odd address */
		__asm volatile("ldrd r0, r1, [%0]" : : "r"((uintptr_t)bcHeapStart + 1) : "r0", "r1");
		break;
	case 's': /* recurse without end */
		bcSink = bcRecurse(0);
		break;
	case 'i': /* an interrupt that nobody expects */
		BC_REGISTER(0xe000e200) = 1;
		break;
	case 'm': /* nothing, if memory is moved rightly */
		bcMemoryTest();
		break;
	case 'f': /* nothing: sleep for longer than the watchdog waits, but feed it */
		for (bcSink = 0; bcSink < 4 * BC_WATCHDOG_SECONDS; bcSink++) {
			bcWatchdogFeed();
			bcSleep();
		}
		break;
	case 'h': /* sleep and feed nobody */
		for (;;)
			bcSleep();
	case 'l': /* never come back */
		for (;;)
			bcSink++;
	case 'c': /* the C library gives up */
		abort();
	default:
		break;
	}
}

int main(void)
{
	bcParameters parameters;
	const char *wrong = bcParametersRead(&parameters);
	bcUartsOpen();
	bcWatchdogOpen(BC_WATCHDOG_SECONDS);
	bcInterruptsOn();
	BC_NVIC_ENABLE(0) = BC_NVIC_BIT(0);
	bcInstructionsEnd();
	if (wrong)
		bcDie(BC_INTERNAL, NULL, wrong, "");
	bcMisfortune((int)parameters.seedLow);
	bcStateWrite(BC_ALIVE);
	bcDoorbellRing(BC_BELL_READY);
	if (bcSemihostingAsked())
		bcSemihostingExit(BC_ALIVE);
	for (;;)
		bcSleep();
}
