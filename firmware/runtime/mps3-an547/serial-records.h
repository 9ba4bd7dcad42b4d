/*
 * The user's serial port beside its records: the record says when, the UART carries the bytes.
 */
#ifndef BC_SERIAL_RECORDS_H
#define BC_SERIAL_RECORDS_H

#include "engine.h"

/* Kinds of protocol/src/board/records.ts. */
#define BC_KIND_SERIAL_RECEIVED 0x0d02
#define BC_KIND_SERIAL_WRITE 0x0d04

/* Before the record is handled: takes the bytes it announces from the UART into media memory. */
void bcSerialBefore(const bcRecord *record, void (*idle)(void));
/* After records were handled: sends what those that were posted since the last call ask for. */
void bcSerialAfter(void (*idle)(void));

#endif
