/*
 * The faulty image: the real one, but for a record that makes one misfortune happen in the middle of handling it. The
 * linker puts this in the place of the delivery (--wrap).
 */
#include "engine.h"
#include "misfortunes.h"

/* Kind of the record, which no peripheral sends; its first argument is the letter of the misfortune. */
#define BC_MISFORTUNE 0xfffeu

int __real_bcMachineDeliver(void);
int __wrap_bcMachineDeliver(void);

int __wrap_bcMachineDeliver(void)
{
	const bcRecord *record = bcInboundNext();
	if (record && record->kind == BC_MISFORTUNE)
		bcMisfortune((int)record->arguments[0]);
	return __real_bcMachineDeliver();
}
