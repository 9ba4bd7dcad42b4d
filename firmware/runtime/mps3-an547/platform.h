/*
 * XS platform header of the Cortex-M55 target (see ../common/machine-platform.h). The C library is newlib.
 */
#ifndef BC_MPS3_PLATFORM_H
#define BC_MPS3_PLATFORM_H

#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#define XS_FUNCTION_NORETURN __attribute__((noreturn))
#define c_timeval struct timeval
#define C_PATH_MAX 256
#define timegm mktime

/*
 * The heap's memory is the engine's from the start, so most of it is given out at once: one collection costs about two
 * million instructions, and the more room there is the fewer there are.
 */
#define BC_HEAP_CHUNKS_PART 6
#define BC_HEAP_SLOTS_PART 3

#include "machine-platform.h"

/* There is no parser in the image: no-parser.c. */
#undef mxUseDefaultParseScript
#define mxUseDefaultParseScript 0

#endif
