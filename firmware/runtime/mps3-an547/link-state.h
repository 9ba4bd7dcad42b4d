/*
 * What the image tells the board about itself (BC_LINK_STATE), and what the board asks for (BC_LINK_PARAMETERS).
 */
#ifndef BC_LINK_STATE_H
#define BC_LINK_STATE_H

#include <stdbool.h>
#include <stdint.h>

/* What the host wrote before power-on, with the defaults in. */
typedef struct {
	uint32_t mediaBytes;
	uint32_t firmwareBytes;
	uint32_t heapBytes;
	uint32_t meterLimit;
	uint32_t seedLow;
	uint32_t seedHigh;
	double epoch;
	uint32_t stackSlots;
	uint32_t keys;
} bcParameters;

/* Whether the end of the program shall end the emulator. */
bool bcSemihostingAsked(void);
/* Reads the parameters. Returns NULL, or what is wrong with them. */
const char *bcParametersRead(bcParameters *parameters);

/* Processor instructions spent so far; the program adds to them. */
extern double bcRecordInstructions;
extern double bcBootInstructions;
extern double bcLongestRecord;

/* Writes the state with this status. */
void bcStateWrite(uint32_t status);

#endif
