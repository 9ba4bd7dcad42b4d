/*
 * How deep the C stack was ever used: it is painted at boot, and what lost its paint was used.
 */
#ifndef BC_C_STACK_H
#define BC_C_STACK_H

#include <stdint.h>

/* Paints what lies below the caller's frame. */
void bcStackPaint(void);
/* Most bytes ever used, by a look at what lies just below the mark known so far. */
uint32_t bcStackPeakNear(void);
/* The same by a look at the whole stack: finds also what jumped over a large unused array. */
uint32_t bcStackPeak(void);

#endif
