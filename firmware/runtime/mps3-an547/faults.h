/*
 * Faults of the processor: whatever raises one, the crash record is written and the board is told.
 */
#ifndef BC_FAULTS_H
#define BC_FAULTS_H

/* The handler of all faults, of the watchdog's interrupt and of every interrupt that nobody expects. */
void bcFaultEntry(void);

#endif
