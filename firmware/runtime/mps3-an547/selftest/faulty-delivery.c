/*
 * The faulty image: the real one, but for a record that makes one misfortune happen in the middle of handling it, and a
 * watchdog that waits for less, since an emulator needs many seconds for four of them. The linker puts this in the place
 * of the delivery and of the watchdog's start (--wrap).
 */
#include "engine.h"
#include "misfortunes.h"
#include "watchdog.h"

/* Kind of the record, which no peripheral sends; its first argument is the letter of the misfortune. */
#define BC_MISFORTUNE 0xfffeu

#define BC_WATCHDOG_SECONDS 1

void __real_bcWatchdogOpen(uint32_t seconds);
void __wrap_bcWatchdogOpen(uint32_t seconds);

void __wrap_bcWatchdogOpen(uint32_t seconds)
{
	(void)seconds;
	__real_bcWatchdogOpen(BC_WATCHDOG_SECONDS);
}

int __real_bcMachineDeliver(void);
int __wrap_bcMachineDeliver(void);

int __wrap_bcMachineDeliver(void)
{
	const bcRecord *record = bcInboundNext();
	if (record && record->kind == BC_MISFORTUNE)
		bcMisfortune((int)record->arguments[0]);
	return __real_bcMachineDeliver();
}
