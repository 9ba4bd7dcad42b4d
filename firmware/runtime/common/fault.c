/*
 * What a machine dies of: XS calls fxAbort for everything JavaScript cannot catch. The message and the
 * stack are kept for the reset reason, then control leaves JavaScript for good.
 */
#include "engine.h"
#include "fault.h"

/* Innermost frames that a fault's stack shows: a runaway recursion has thousands. */
#define BC_FRAMES 16

char bcFaultMessage[512];
char bcFaultStack[4096];

static void bcCopyText(char *to, size_t size, const char *from)
{
	size_t length = strlen(from);
	if (length >= size) {
		length = size - 1;
		while (length && ((uint8_t)from[length] & 0xc0) == 0x80)
			length--;
	}
	memcpy(to, from, length);
	to[length] = 0;
}

/* Where the machine is right now, in the format of an error's stack, without allocating. */
static void bcCaptureFrames(txMachine *the)
{
	size_t used = 0;
	int frames = 0;
	txSlot *frame = the->frame;
	bcFaultStack[0] = 0;
	for (; frame && frames < BC_FRAMES; frame = frame->next) {
		txSlot *environment = mxFrameToEnvironment(frame);
		char name[128] = "";
		const char *file = NULL;
		int length;
		if (frame->flag & XS_C_FLAG)
			continue;
		fxBufferFrameName(the, name, sizeof(name), frame, "");
		if (environment->ID != XS_NO_ID)
			file = fxGetKeyName(the, environment->ID);
		length = snprintf(bcFaultStack + used, sizeof(bcFaultStack) - used, "%s at %s (%s:%d)", used ? "\n" : "",
			name, file ? file : "", (int)environment->value.environment.line);
		if (length < 0 || (size_t)length >= sizeof(bcFaultStack) - used) {
			bcFaultStack[used] = 0;
			return;
		}
		used += (size_t)length;
		frames++;
	}
}

/* The text of the pending exception; JavaScript may run, and may fail, on the way. */
static void bcCaptureException(txMachine *the)
{
	bcCopyText(bcFaultMessage, sizeof(bcFaultMessage), "exception without a description");
	bcFaultStack[0] = 0;
	mxTry(the) {
		mxPush(mxException);
		if (mxIsReference(the->stack) && the->stack->value.reference->next &&
			the->stack->value.reference->next->kind == XS_ERROR_KIND) {
			mxDub();
			mxGetID(mxID(_stack));
			bcCopyText(bcFaultStack, sizeof(bcFaultStack), fxToString(the, the->stack));
			mxPop();
		}
		bcCopyText(bcFaultMessage, sizeof(bcFaultMessage), fxToString(the, the->stack));
		mxPop();
	}
	mxCatch(the) {
	}
}

static const char *bcDescribe(int status)
{
	switch (status) {
	case XS_STACK_OVERFLOW_EXIT:
		return "stack overflow";
	case XS_NOT_ENOUGH_MEMORY_EXIT:
		return "out of memory: the heap cap is reached";
	case XS_NO_MORE_KEYS_EXIT:
		return "out of memory: too many different property names";
	case XS_TOO_MUCH_COMPUTATION_EXIT:
		return "watchdog: one record took too many instructions";
	default:
		return "internal error of the engine";
	}
}

int bcFaultStatus(int xsStatus)
{
	switch (xsStatus) {
	case XS_STACK_OVERFLOW_EXIT:
		return BC_STACK_OVERFLOW;
	case XS_NOT_ENOUGH_MEMORY_EXIT:
	case XS_NO_MORE_KEYS_EXIT:
		return BC_OUT_OF_MEMORY;
	case XS_TOO_MUCH_COMPUTATION_EXIT:
		return BC_WATCHDOG;
	case XS_UNHANDLED_EXCEPTION_EXIT:
	case XS_UNHANDLED_REJECTION_EXIT:
		return BC_EXCEPTION;
	default:
		return BC_INTERNAL;
	}
}

void fxAbort(txMachine *the, int status)
{
	if (!the->abortStatus) {
		the->abortStatus = status;
		if (status == XS_UNHANDLED_EXCEPTION_EXIT || status == XS_UNHANDLED_REJECTION_EXIT)
			bcCaptureException(the);
		else {
			bcCopyText(bcFaultMessage, sizeof(bcFaultMessage), bcDescribe(status));
			bcCaptureFrames(the);
		}
	}
	fxExitToHost(the);
}

void bcFaultException(txMachine *the)
{
	fxAbort(the, XS_UNHANDLED_EXCEPTION_EXIT);
}
