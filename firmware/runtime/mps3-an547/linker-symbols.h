/*
 * Addresses that mps3-an547.ld sets; only the address of each means something.
 */
#ifndef BC_LINKER_SYMBOLS_H
#define BC_LINKER_SYMBOLS_H

#include <stdint.h>

extern uint32_t bcDataStart[], bcDataEnd[], bcBssStart[], bcBssEnd[];
extern const uint32_t bcDataLoad[];
extern uint8_t bcMallocStart[], bcMallocEnd[];
extern uint8_t bcHeapStart[], bcHeapEnd[];
extern uint32_t bcHandlerStackLimit[], bcHandlerStackTop[];
extern uint32_t bcStackLimit[], bcStackTop[];
extern const uint8_t bcCodeEnd[];

/* The two lie in different objects as far as C is concerned: their distance is one of addresses. */
#define BC_DISTANCE(FROM, TO) ((uint32_t)((uintptr_t)(TO) - (uintptr_t)(FROM)))

#endif
