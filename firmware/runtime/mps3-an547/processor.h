/*
 * The registers of the Armv8.1-M core and of the SSE-300 subsystem that this port uses (Armv8-M Architecture Reference
 * Manual DDI0553, sections D1.2; Corstone SSE-300 TRM 101773).
 */
#ifndef BC_PROCESSOR_H
#define BC_PROCESSOR_H

#include <stdint.h>

#define BC_REGISTER(ADDRESS) (*(volatile uint32_t *)(uintptr_t)(ADDRESS))

/* --- system control --- */
#define BC_ICSR BC_REGISTER(0xe000ed04)
#define BC_AIRCR BC_REGISTER(0xe000ed0c)
#define BC_CCR BC_REGISTER(0xe000ed14)
#define BC_SHCSR BC_REGISTER(0xe000ed24)
#define BC_CFSR BC_REGISTER(0xe000ed28)
#define BC_HFSR BC_REGISTER(0xe000ed2c)
#define BC_MMFAR BC_REGISTER(0xe000ed34)
#define BC_BFAR BC_REGISTER(0xe000ed38)
#define BC_CPACR BC_REGISTER(0xe000ed88)
#define BC_FPCCR BC_REGISTER(0xe000ef34)

/* The key without which the register takes nothing, and the request to reset the whole system. */
#define BC_AIRCR_RESET (0x05fa0000u | (1u << 2))

/* Low-overhead-branch extension on: the loops the compiler makes of it do not fault. */
#define BC_CCR_LOB (1u << 19)
/* Each kind of fault has its own handler. */
#define BC_SHCSR_FAULTS ((1u << 16) | (1u << 17) | (1u << 18) | (1u << 19))
/* Full access to the floating-point unit (coprocessors 10 and 11). */
#define BC_CPACR_FPU (0xfu << 20)

/* The floating-point registers of the interrupted program are still to be saved. */
#define BC_FPCCR_LAZY_ACTIVE 1u

/* --- interrupts --- */
#define BC_NVIC_ENABLE(IRQ) BC_REGISTER(0xe000e100 + 4 * ((IRQ) / 32))
#define BC_NVIC_DISABLE(IRQ) BC_REGISTER(0xe000e180 + 4 * ((IRQ) / 32))
#define BC_NVIC_BIT(IRQ) (1u << ((IRQ) % 32))

/* --- SysTick --- */
#define BC_SYST_CSR BC_REGISTER(0xe000e010)
#define BC_SYST_RVR BC_REGISTER(0xe000e014)
#define BC_SYST_CVR BC_REGISTER(0xe000e018)
#define BC_SYST_ENABLE 1u
#define BC_SYST_INTERRUPT 2u
#define BC_SYST_PROCESSOR_CLOCK 4u
#define BC_SYST_MAX 0xffffffu

/* --- memory protection --- */
#define BC_MPU_CTRL BC_REGISTER(0xe000ed94)
#define BC_MPU_RNR BC_REGISTER(0xe000ed98)
#define BC_MPU_RBAR BC_REGISTER(0xe000ed9c)
#define BC_MPU_RLAR BC_REGISTER(0xe000eda0)
#define BC_MPU_MAIR0 BC_REGISTER(0xe000edc0)

static inline void bcDataBarrier(void)
{
	__asm volatile("dsb" ::: "memory");
}

static inline void bcInstructionBarrier(void)
{
	__asm volatile("isb" ::: "memory");
}

static inline void bcInterruptsOff(void)
{
	__asm volatile("cpsid i" ::: "memory");
}

static inline void bcInterruptsOn(void)
{
	__asm volatile("cpsie i" ::: "memory");
}

/* Sleeps until an interrupt is pending, also when interrupts are off. */
static inline void bcSleep(void)
{
	__asm volatile("dsb\n\twfi" ::: "memory");
}

#endif
