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

#include "machine-platform.h"

/* There is no parser in the image: no-parser.c. */
#undef mxUseDefaultParseScript
#define mxUseDefaultParseScript 0

#endif
