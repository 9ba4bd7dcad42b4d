/*
 * The C stack: its high-water mark, and where XS has to stop recursing.
 */
#include "c-stack.h"

#include "linker-symbols.h"
#include "xsAll.h"

#define BC_PAINT 0xc5c5c5c5u

/* What must be left for C below JavaScript: the deepest native, an interrupted instruction, the report of a death. */
#define BC_STACK_MARGIN (32 * 1024)

/* Words below the mark that the near look takes in. */
#define BC_NEAR_WORDS 1024

static uint32_t *bcStackMark;

char *fxCStackLimit(void)
{
	return (char *)bcStackLimit + BC_STACK_MARGIN;
}

void bcStackPaint(void)
{
	uint32_t *end = (uint32_t *)__builtin_frame_address(0) - 16;
	uint32_t *word;
	for (word = bcStackLimit; word < end; word++)
		*word = BC_PAINT;
	bcStackMark = end;
}

/* Moves the mark to the lowest word from `from` up that is not paint. */
static uint32_t bcStackLook(uint32_t *from)
{
	uint32_t *word;
	for (word = from; word < bcStackMark && *word == BC_PAINT; word++)
		;
	bcStackMark = word;
	return (uint32_t)((bcStackTop - bcStackMark) * sizeof(uint32_t));
}

uint32_t bcStackPeakNear(void)
{
	uint32_t left = (uint32_t)(bcStackMark - bcStackLimit);
	return bcStackLook(bcStackMark - (left < BC_NEAR_WORDS ? left : BC_NEAR_WORDS));
}

uint32_t bcStackPeak(void)
{
	return bcStackLook(bcStackLimit);
}
