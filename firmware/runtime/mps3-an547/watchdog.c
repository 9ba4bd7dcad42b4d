#include "watchdog.h"

#include "processor.h"

#define BC_WDOG_LOAD BC_REGISTER(0x5802e000)
#define BC_WDOG_CONTROL BC_REGISTER(0x5802e008)
#define BC_WDOG_CLEAR BC_REGISTER(0x5802e00c)
#define BC_WDOG_LOCK BC_REGISTER(0x5802ec00)

#define BC_WDOG_INTERRUPT 1u
#define BC_WDOG_UNLOCK 0x1acce551u

/* The slow clock, Hz. */
#define BC_SLOW_CLOCK 32768u

static void bcWrite(volatile uint32_t *to, uint32_t value)
{
	BC_WDOG_LOCK = BC_WDOG_UNLOCK;
	*to = value;
	BC_WDOG_LOCK = 0;
}

uint32_t bcWatchdogSeconds(void)
{
	return BC_WDOG_LOAD / BC_SLOW_CLOCK;
}

void bcWatchdogOpen(uint32_t seconds)
{
	bcWrite(&BC_WDOG_LOAD, seconds * BC_SLOW_CLOCK);
	bcWrite(&BC_WDOG_CONTROL, BC_WDOG_INTERRUPT);
}

void bcWatchdogFeed(void)
{
	bcWrite(&BC_WDOG_CLEAR, 1);
}

void bcWatchdogClose(void)
{
	bcWrite(&BC_WDOG_CONTROL, 0);
}
