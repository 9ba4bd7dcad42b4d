/*
 * The hardware watchdog of the SSE-300's slow clock (Arm CMSDK APB watchdog, DDI0479 chapter 4.5): if nobody feeds it,
 * it raises the non-maskable interrupt. It catches C that never returns; JavaScript that never ends is caught by the
 * engine's meter before.
 */
#ifndef BC_WATCHDOG_H
#define BC_WATCHDOG_H

/* Starts it with its first meal. */
void bcWatchdogOpen(void);
/* The program is alive: another BC_WATCHDOG_SECONDS. */
void bcWatchdogFeed(void);
/* Stops it, when all that is left to do is to wait for the reset. */
void bcWatchdogClose(void);

#define BC_WATCHDOG_SECONDS 4

#endif
