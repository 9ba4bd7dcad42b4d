#ifndef BC_SEMIHOSTING_H
#define BC_SEMIHOSTING_H

/* Ends the emulator with an exit code (Arm semihosting, SYS_EXIT_EXTENDED). On a part without a debugger it is a fault. */
void bcSemihostingExit(int code);

#endif
