#include "faults.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "crash-record.h"
#include "engine.h"
#include "linker-symbols.h"
#include "processor.h"
#include "watchdog.h"

#define BC_EXCEPTION_NMI 2u
#define BC_EXCEPTION_USAGE_FAULT 6u

/* Bit 2 of EXC_RETURN: the frame lies on the process stack. */
#define BC_EXC_RETURN_PSP 4u
/* CFSR: the stack went below its limit (UsageFault). */
#define BC_CFSR_STKOF (1u << 20)
/* CFSR: a frame could not be written. */
#define BC_CFSR_NOT_STACKED ((1u << 4) | (1u << 12) | BC_CFSR_STKOF)
/* xPSR of the frame: a word was left out to align the stack. */
#define BC_XPSR_ALIGNED (1u << 9)
#define BC_FRAME_WORDS 8
#define BC_FRAME_WORDS_FPU 26
/* Bit 4 of EXC_RETURN: the frame holds no floating-point registers. */
#define BC_EXC_RETURN_NO_FPU 0x10u

static const char *bcFaultName(uint32_t exception)
{
	static const char *const names[] = {
		"", "", "watchdog", "hard fault", "memory fault", "bus fault", "usage fault", "secure fault"};
	return exception < sizeof(names) / sizeof(*names) ? names[exception] : "unexpected interrupt";
}

static uint32_t bcFaultStatusOf(uint32_t exception, uint32_t cfsr)
{
	if (exception == BC_EXCEPTION_NMI)
		return BC_WATCHDOG;
	if (exception == BC_EXCEPTION_USAGE_FAULT && (cfsr & BC_CFSR_STKOF))
		return BC_STACK_OVERFLOW;
	return BC_CRASH_EXCEPTION + exception;
}

static void bcDescribe(char *to, size_t size, const bcRegisters *registers, uint32_t exception)
{
	const uint32_t pc = registers->pc;
	if (exception == BC_EXCEPTION_NMI)
		snprintf(to, size, "watchdog: the processor was busy for %u s outside of JavaScript's meter, at 0x%08x",
			(unsigned)bcWatchdogSeconds(), (unsigned)pc);
	else if (registers->cfsr & BC_CFSR_STKOF)
		snprintf(to, size, "C stack overflow");
	else
		snprintf(to, size, "%s %u at 0x%08x, CFSR 0x%08x, HFSR 0x%08x, address 0x%08x",
			bcFaultName(exception), (unsigned)exception, (unsigned)pc, (unsigned)registers->cfsr,
			(unsigned)registers->hfsr, (unsigned)((registers->cfsr & 0x80) ? registers->mmfar : registers->bfar));
}

/* The registers that the processor stacked; none where it could not. */
static void bcUnstack(bcRegisters *registers, const uint32_t *frame, uint32_t excReturn)
{
	const bool program = (excReturn & BC_EXC_RETURN_PSP) != 0;
	const uintptr_t low = (uintptr_t)(program ? bcStackLimit : bcHandlerStackLimit);
	const uintptr_t top = (uintptr_t)(program ? bcStackTop : bcHandlerStackTop);
	const uint32_t words = (excReturn & BC_EXC_RETURN_NO_FPU) ? BC_FRAME_WORDS : BC_FRAME_WORDS_FPU;
	registers->sp = (uint32_t)(uintptr_t)frame;
	if ((registers->cfsr & BC_CFSR_NOT_STACKED) || (uintptr_t)frame < low ||
		(uintptr_t)(frame + BC_FRAME_WORDS) > top)
		return;
	memcpy(registers->r, frame, 4 * sizeof(uint32_t));
	registers->r[12] = frame[4];
	registers->lr = frame[5];
	registers->pc = frame[6];
	registers->xpsr = frame[7];
	registers->sp += (words + ((frame[7] & BC_XPSR_ALIGNED) ? 1 : 0)) * sizeof(uint32_t);
}

/* `saved` is r4 … r11. */
__attribute__((noreturn, used)) static void bcFault(const uint32_t *saved, const uint32_t *frame, uint32_t excReturn)
{
	static bcRegisters registers;
	static char message[BC_CRASH_MESSAGE_BYTES];
	uint32_t exception = BC_ICSR & 0x1ff;
	/* The program's vector registers are not wanted, and there may be no stack to save them on: copying uses them. */
	BC_FPCCR &= ~BC_FPCCR_LAZY_ACTIVE;
	bcDataBarrier();
	bcInstructionBarrier();
	memset(&registers, 0, sizeof(registers));
	registers.cfsr = BC_CFSR;
	registers.hfsr = BC_HFSR;
	registers.mmfar = BC_MMFAR;
	registers.bfar = BC_BFAR;
	memcpy(registers.r + 4, saved, 8 * sizeof(uint32_t));
	bcUnstack(&registers, frame, excReturn);
	bcDescribe(message, sizeof(message), &registers, exception);
	bcDie(bcFaultStatusOf(exception, registers.cfsr), &registers, message, "");
}

__attribute__((naked)) void bcFaultEntry(void)
{
	__asm volatile("tst lr, #4\n\t"
				   "ite eq\n\t"
				   "mrseq r1, msp\n\t"
				   "mrsne r1, psp\n\t"
				   /* an interrupt handler's fault may have left no room on its stack */
				   "ldr r0, =bcFaultStackTop\n\t"
				   "msr msp, r0\n\t"
				   "push {r4-r11}\n\t"
				   "mov r0, sp\n\t"
				   "mov r2, lr\n\t"
				   "b %0"
				   :
				   : "i"(bcFault));
}
