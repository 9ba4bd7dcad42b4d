/*
 * What newlib asks of a system: memory for malloc, and no files.
 */
#include <errno.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "crash-record.h"
#include "engine.h"
#include "linker-symbols.h"

void _exit(int status) __attribute__((noreturn));

void *_sbrk(ptrdiff_t increment)
{
	static ptrdiff_t used;
	const ptrdiff_t size = (ptrdiff_t)BC_DISTANCE(bcMallocStart, bcMallocEnd);
	uint8_t *start = bcMallocStart + used;
	if (increment > size - used || increment < -used) {
		errno = ENOMEM;
		return (void *)-1;
	}
	used += increment;
	return start;
}

static int bcNoFile(void)
{
	errno = EBADF;
	return -1;
}

int _write(int file, const char *bytes, int length)
{
	(void)file;
	(void)bytes;
	(void)length;
	return bcNoFile();
}

int _read(int file, char *bytes, int length)
{
	(void)file;
	(void)bytes;
	(void)length;
	return bcNoFile();
}

int _close(int file)
{
	(void)file;
	return bcNoFile();
}

off_t _lseek(int file, off_t offset, int whence)
{
	(void)file;
	(void)offset;
	(void)whence;
	return bcNoFile();
}

int _fstat(int file, struct stat *status)
{
	(void)file;
	(void)status;
	return bcNoFile();
}

int _isatty(int file)
{
	(void)file;
	return 0;
}

int _getpid(void)
{
	return 1;
}

int _kill(int process, int signal)
{
	(void)process;
	(void)signal;
	errno = EINVAL;
	return -1;
}

/* abort() and assert() end here. */
void _exit(int status)
{
	(void)status;
	bcDie(BC_INTERNAL, NULL, "the C library gave up", "");
}
