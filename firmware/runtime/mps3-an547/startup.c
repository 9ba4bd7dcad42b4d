/*
 * From reset to main: stacks, floating point, memory protection, initial values of the data.
 */
#include "c-stack.h"
#include "faults.h"
#include "instructions.h"
#include "linker-symbols.h"
#include "memory-protection.h"
#include "processor.h"
#include "uart.h"

extern int main(void);
extern void __libc_init_array(void);

/* newlib's constructors end with a call of this one; there is nothing to do in it. */
void _init(void)
{
}

static void bcDataOpen(void)
{
	const uint32_t data = BC_DISTANCE(bcDataStart, bcDataEnd) / sizeof(uint32_t);
	const uint32_t bss = BC_DISTANCE(bcBssStart, bcBssEnd) / sizeof(uint32_t);
	uint32_t i;
	for (i = 0; i < data; i++)
		bcDataStart[i] = bcDataLoad[i];
	for (i = 0; i < bss; i++)
		bcBssStart[i] = 0;
}

__attribute__((noreturn, used)) static void bcStart(void)
{
	bcInstructionsReset();
	BC_CPACR |= BC_CPACR_FPU;
	BC_CCR |= BC_CCR_LOB;
	BC_SHCSR |= BC_SHCSR_FAULTS;
	bcDataBarrier();
	bcInstructionBarrier();
	bcDataOpen();
	bcStackPaint();
	bcMemoryProtect();
	__libc_init_array();
	main();
	__builtin_unreachable();
}

/*
 * The program runs on the process stack and every handler on the main one, so that a program that used up its stack
 * still has one on which to say so. Both have a limit below which the processor faults instead of writing.
 */
__attribute__((naked, noreturn)) void bcReset(void)
{
	__asm volatile("ldr r0, =bcHandlerStackLimit\n\t"
				   "msr msplim, r0\n\t"
				   "ldr r0, =bcStackLimit\n\t"
				   "msr psplim, r0\n\t"
				   "ldr r0, =bcStackTop\n\t"
				   "msr psp, r0\n\t"
				   "movs r0, #2\n\t"
				   "msr control, r0\n\t"
				   "isb\n\t"
				   "b %0"
				   :
				   : "i"(bcStart));
}

typedef void (*bcVector)(void);

#define BC_EXCEPTIONS 16
#define BC_INTERRUPTS 48

_Static_assert(BC_UART0_RECEIVE == 33 && BC_UART0_SEND == 34 && BC_UART1_RECEIVE == 35, "order of the vectors");

/* Handlers by the number of their exception; an interrupt that nobody expects is a fault. */
__attribute__((section(".vectors"), used)) static const struct {
	const uint32_t *stack;
	bcVector exceptions[BC_EXCEPTIONS - 1];
	bcVector interrupts[BC_INTERRUPTS];
} bcVectors = {
	bcHandlerStackTop,
	{
		bcReset,
		bcFaultEntry, /* NMI: the hardware watchdog */
		bcFaultEntry, /* HardFault */
		bcFaultEntry, /* MemManage */
		bcFaultEntry, /* BusFault */
		bcFaultEntry, /* UsageFault */
		bcFaultEntry, /* SecureFault */
		bcFaultEntry, bcFaultEntry, bcFaultEntry, /* reserved: 8 … 10 */
		bcFaultEntry, /* SVCall */
		bcFaultEntry, /* DebugMonitor */
		bcFaultEntry, /* reserved: 13 */
		bcFaultEntry, /* PendSV */
		bcInstructionsWrapped, /* SysTick */
	},
	{
		[0 ... BC_UART0_RECEIVE - 1] = bcFaultEntry,
		[BC_UART0_RECEIVE] = bcSerialReceived,
		[BC_UART0_SEND] = bcSerialSent,
		[BC_UART1_RECEIVE] = bcDoorbellReceived,
		[BC_UART1_RECEIVE + 1 ... BC_INTERRUPTS - 1] = bcFaultEntry,
	},
};
