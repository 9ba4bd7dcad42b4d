/*
 * The crash record in the memory that a reset leaves alone, and the end of the program.
 */
#ifndef BC_CRASH_RECORD_H
#define BC_CRASH_RECORD_H

#include <stdint.h>

#include "board-link.h"

/* The processor's registers in the order of the crash record. */
typedef struct {
	uint32_t r[13];
	uint32_t sp;
	uint32_t lr;
	uint32_t pc;
	uint32_t xpsr;
	uint32_t cfsr;
	uint32_t hfsr;
	uint32_t mmfar;
	uint32_t bfar;
} bcRegisters;

/*
 * Writes state and crash record, rings `d` and waits for the reset. `status` is a BC_ status, or BC_CRASH_EXCEPTION and
 * the exception; `registers` may be NULL. Uses no interrupt: it also runs in a handler.
 */
__attribute__((noreturn)) void bcDie(uint32_t status, const bcRegisters *registers, const char *message,
	const char *stack);

#endif
