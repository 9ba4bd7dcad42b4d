/*
 * The hardware watchdog of the SSE-300's slow clock (Arm CMSDK APB watchdog, DDI0479 chapter 4.5): if nobody feeds it,
 * it raises the non-maskable interrupt. It catches C that never returns; JavaScript that never ends is caught by the
 * engine's meter before.
 */
#ifndef BC_WATCHDOG_H
#define BC_WATCHDOG_H

#include <stdint.h>

/* Starts it: from now on somebody has to feed it at least every so many seconds. */
void bcWatchdogOpen(uint32_t seconds);
/* How many. */
uint32_t bcWatchdogSeconds(void);
/* The program is alive. */
void bcWatchdogFeed(void);
/* Stops it, when all that is left to do is to wait for the reset. */
void bcWatchdogClose(void);

#endif
