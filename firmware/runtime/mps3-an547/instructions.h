/*
 * How many instructions the processor spent, by SysTick. It counts at 32 MHz; with the emulator's -icount shift=0 an
 * instruction takes one virtual nanosecond, so a tick is 31.25 instructions. While the program waits, nothing is counted.
 */
#ifndef BC_INSTRUCTIONS_H
#define BC_INSTRUCTIONS_H

/* Counts from here; the first thing after a reset. */
void bcInstructionsReset(void);
/* Starts the counter anew, in step with the instruction that follows: the same work always counts the same. */
void bcInstructionsBegin(void);
/* Instructions since bcInstructionsBegin, in grains of 31.25. */
double bcInstructionsCount(void);
/* Stops counting; SysTick now wakes the processor twice a second instead. */
void bcInstructionsEnd(void);
/* The handler of SysTick. */
void bcInstructionsWrapped(void);

#endif
