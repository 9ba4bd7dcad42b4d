/*
 * From JavaScript source to an artefact (see artefact.h). Needs no machine.
 */
#include "xsScript.h"

#include "artefact.h"
#include "engine.h"

extern const txS1 gxCodeSizes[];

typedef struct {
	const char *source;
	uint32_t offset;
	uint32_t length;
} bcSource;

static int bcGetCharacter(void *it)
{
	bcSource *source = it;
	return source->offset < source->length ? (uint8_t)source->source[source->offset++] : C_EOF;
}

static void bcReportError(void *console, txString path, txInteger line, txString format, c_va_list arguments)
{
	int length;
	(void)console;
	if (bcFaultMessage[0])
		return;
	length = snprintf(bcFaultMessage, sizeof(bcFaultMessage), "%s:%d: ", path ? path : "", (int)line);
	if (length > 0 && (size_t)length < sizeof(bcFaultMessage))
		vsnprintf(bcFaultMessage + length, sizeof(bcFaultMessage) - (size_t)length, format, arguments);
}

static txScript *bcParse(const char *text, uint32_t length, const char *path)
{
	bcSource source = {text, 0, length};
	txParser parser;
	txParserJump jump;
	txScript *script = NULL;
	bcFaultMessage[0] = 0;
	bcFaultStack[0] = 0;
	/* Any console that is not NULL makes the parser stop at the first error; bcReportError never uses it. */
	fxInitializeParser(&parser, &source, 128 * 1024, 1993);
	parser.firstJump = &jump;
	parser.reportError = bcReportError;
	if (c_setjmp(jump.jmp_buf) == 0) {
		parser.path = fxNewParserSymbol(&parser, (txString)path);
		fxParserTree(&parser, &source, bcGetCharacter, mxProgramFlag | mxDebugFlag, NULL);
		fxParserHoist(&parser);
		fxParserBind(&parser);
		script = fxParserCode(&parser);
	}
	if (parser.errorCount) {
		fxDeleteScript(script);
		script = NULL;
	}
	fxTerminateParser(&parser);
	if (!script && !bcFaultMessage[0])
		snprintf(bcFaultMessage, sizeof(bcFaultMessage), "%s: out of memory while compiling", path);
	return script;
}

/* Replaces the instructions that copy literals and functions into the heap by those that refer to them in place. */
static void bcReferInPlace(txByte *code, uint32_t size)
{
	txByte *p = code;
	txByte *end = code + size;
	while (p < end) {
		txU1 instruction = (txU1)*p;
		txS1 length = gxCodeSizes[instruction];
		switch (instruction) {
		case XS_CODE_CODE_1:
			*p = (txByte)XS_CODE_CODE_ARCHIVE_1;
			break;
		case XS_CODE_CODE_2:
			*p = (txByte)XS_CODE_CODE_ARCHIVE_2;
			break;
		case XS_CODE_CODE_4:
			*p = (txByte)XS_CODE_CODE_ARCHIVE_4;
			break;
		case XS_CODE_STRING_1:
			*p = (txByte)XS_CODE_STRING_ARCHIVE_1;
			break;
		case XS_CODE_STRING_2:
			*p = (txByte)XS_CODE_STRING_ARCHIVE_2;
			break;
		case XS_CODE_STRING_4:
			*p = (txByte)XS_CODE_STRING_ARCHIVE_4;
			break;
		default:
			break;
		}
		if (length > 0)
			p += length;
		else if (length == 0)
			p += 1 + sizeof(txID);
		else if (length == -1)
			p += 2 + (txU1)p[1];
		else if (length == -2) {
			txU2 count;
			memcpy(&count, p + 1, 2);
			p += 3 + count;
		}
		else {
			txS4 count;
			memcpy(&count, p + 1, 4);
			p += 5 + count;
		}
	}
}

uint8_t *bcCompile(const char *source, uint32_t length, const char *path, uint32_t *size)
{
	txScript *script = bcParse(source, length, path);
	uint8_t *bytes = NULL;
	if (!script)
		return NULL;
	*size = BC_ARTEFACT_HEADER + (uint32_t)script->symbolsSize + (uint32_t)script->codeSize;
	bytes = malloc(*size);
	if (bytes) {
		uint8_t *names = bytes + BC_ARTEFACT_HEADER;
		uint8_t *code = names + script->symbolsSize;
		memcpy(names, script->symbolsBuffer, (size_t)script->symbolsSize);
		memcpy(code, script->codeBuffer, (size_t)script->codeSize);
		bcReferInPlace((txByte *)code, (uint32_t)script->codeSize);
		bcArtefactSeal(bytes, (uint32_t)script->symbolsSize, (uint32_t)script->codeSize);
	}
	else
		snprintf(bcFaultMessage, sizeof(bcFaultMessage), "%s: out of memory while compiling", path);
	fxDeleteScript(script);
	return bytes;
}
