#include "instructions.h"

#include "processor.h"

#define BC_INSTRUCTIONS_PER_TICK 31.25

/* How often the 24-bit counter wrapped since it was started. */
static volatile uint32_t bcWraps;

static void bcSysTickStart(void)
{
	BC_SYST_RVR = BC_SYST_MAX;
	BC_SYST_CVR = 0;
	BC_SYST_CSR = BC_SYST_PROCESSOR_CLOCK | BC_SYST_INTERRUPT | BC_SYST_ENABLE;
}

void bcInstructionsReset(void)
{
	bcSysTickStart();
}

void bcInstructionsBegin(void)
{
	BC_SYST_CSR = 0;
	bcWraps = 0;
	bcSysTickStart();
}

double bcInstructionsCount(void)
{
	uint32_t wraps, left;
	do {
		wraps = bcWraps;
		left = BC_SYST_CVR;
	} while (wraps != bcWraps);
	return ((double)wraps * (BC_SYST_MAX + 1.0) + (left ? BC_SYST_MAX + 1u - left : 0)) * BC_INSTRUCTIONS_PER_TICK;
}

void bcInstructionsEnd(void)
{
	BC_SYST_CSR = 0;
	bcWraps = 0;
	bcSysTickStart();
}

void bcInstructionsWrapped(void)
{
	bcWraps++;
}
