/*
 * What secrets need on every target: comparison in a time that does not depend on the bytes, and zeros that no
 * compiler leaves out.
 */
#ifndef BC_CONSTANT_TIME_H
#define BC_CONSTANT_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the bytes are the same. The time depends on their number only. */
bool bcEqual(const uint8_t *a, const uint8_t *b, size_t length);
/* Overwrites with zeros, also where nothing reads them afterwards. */
void bcWipe(void *bytes, size_t length);

#endif
