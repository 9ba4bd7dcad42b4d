#include "semihosting.h"

#include <stdint.h>

#define BC_SYS_EXIT_EXTENDED 0x20
#define BC_APPLICATION_EXIT 0x20026

void bcSemihostingExit(int code)
{
	const uint32_t block[2] = {BC_APPLICATION_EXIT, (uint32_t)code};
	register uint32_t operation __asm("r0") = BC_SYS_EXIT_EXTENDED;
	register const uint32_t *argument __asm("r1") = block;
	__asm volatile("bkpt 0xab" : "+r"(operation) : "r"(argument) : "memory");
}
