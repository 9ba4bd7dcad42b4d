/*
 * The C stack: its high-water mark, and where XS has to stop recursing.
 */
#include "c-stack.h"

#include "linker-symbols.h"
#include "xsAll.h"

#define BC_PAINT 0xc5c5c5c5u

/* What must be left for C below JavaScript: the deepest native, an interrupted instruction, the report of a death. */
#define BC_STACK_MARGIN (16 * 1024)

/* Words below the mark that the near look takes in. */
#define BC_NEAR_WORDS 64

/* The lowest word that was ever used, counted from the limit. */
static uint32_t bcStackMark;

char *fxCStackLimit(void)
{
	return (char *)bcStackLimit + BC_STACK_MARGIN;
}

void bcStackPaint(void)
{
	const uint32_t words = BC_DISTANCE(bcStackLimit, __builtin_frame_address(0)) / sizeof(uint32_t) - 16;
	uint32_t i;
	for (i = 0; i < words; i++)
		bcStackLimit[i] = BC_PAINT;
	bcStackMark = words;
}

/* Moves the mark to the lowest word from `from` up that is not paint. */
static uint32_t bcStackLook(uint32_t from)
{
	uint32_t word;
	for (word = from; word < bcStackMark && bcStackLimit[word] == BC_PAINT; word++)
		;
	bcStackMark = word;
	return BC_DISTANCE(bcStackLimit + bcStackMark, bcStackTop);
}

uint32_t bcStackPeakNear(void)
{
	return bcStackLook(bcStackMark - (bcStackMark < BC_NEAR_WORDS ? bcStackMark : BC_NEAR_WORDS));
}

uint32_t bcStackPeak(void)
{
	return bcStackLook(0);
}
