#ifndef BC_MEMORY_PROTECTION_H
#define BC_MEMORY_PROTECTION_H

/* Switches the memory protection unit on. */
void bcMemoryProtect(void);

#endif
