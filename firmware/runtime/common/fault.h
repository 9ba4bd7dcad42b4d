/*
 * How a machine dies (see fault.c).
 */
#ifndef BC_FAULT_H
#define BC_FAULT_H

#include "xsAll.h"

/* Remembers the pending exception, then leaves the machine for good. */
void bcFaultException(txMachine *the);
/* The BC_ status that an XS exit status stands for. */
int bcFaultStatus(int xsStatus);

#endif
