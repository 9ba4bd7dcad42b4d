#include "misfortunes.h"

#include <stdlib.h>

#include "linker-symbols.h"
#include "processor.h"

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

void bcMisfortune(int which)
{
	switch (which) {
	case 'n': /* read through a null pointer */
		bcSink = BC_REGISTER(bcWild);
		break;
	case 'p': /* the same while interrupts are off, when no fault but the hard one is taken */
		bcInterruptsOff();
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
		BC_NVIC_ENABLE(0) = BC_NVIC_BIT(0);
		BC_REGISTER(0xe000e200) = 1;
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
