/*
 * What must never happen, on demand: for tests of what becomes of it. No part of the image that is released.
 */
#ifndef BC_MISFORTUNES_H
#define BC_MISFORTUNES_H

/* One misfortune by its letter; nothing for a letter that is none. */
void bcMisfortune(int which);

#endif
