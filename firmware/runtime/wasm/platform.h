/*
 * XS platform header of the wasm target (see ../common/machine-platform.h).
 */
#ifndef BC_WASM_PLATFORM_H
#define BC_WASM_PLATFORM_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

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
#include <arpa/inet.h>

#undef mxWasm
#define mxWasm 1

#define XS_FUNCTION_NORETURN __attribute__((noreturn))
#define c_timeval struct timeval
#define mxUseGCCAtomics 1

#include "machine-platform.h"

#endif
