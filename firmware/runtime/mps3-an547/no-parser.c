/*
 * JavaScript comes to this target compiled: eval, Function and their like throw.
 */
#include "xsAll.h"

txScript *fxParseScript(txMachine *the, void *stream, txGetter getter, txUnsigned flags)
{
	(void)stream;
	(void)getter;
	(void)flags;
	mxSyntaxError("this engine has no parser");
	return NULL;
}
