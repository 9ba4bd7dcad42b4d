import {
	LEAST_UPPER_BOUND,
	originalPositionFor,
	type SourceMapInput,
	TraceMap,
} from "@jridgewell/trace-mapping";
import { UsageError } from "../errors.ts";

/** Beginnings of statements that are no expressions. */
const STATEMENT =
	/^(?:(?:if|for|while|do|switch|try|throw|return|break|continue|debugger|import|export|with)\b|\{|;|[\w$]+:)/;

/** A declaration of variables, and one that gives none of them a value. */
const VARIABLES = /^(?:const|let|var) (.*)$/s;
const BARE = /^[\w$]+(?:, [\w$]+)*$/;

/** A declaration of a function, and of a class. */
const FUNCTION = /^(?:async )?function\*? ([\w$]+)/;
const CLASS = /^class ([\w$]+)/;

/**
 * A script with empty lines in front of those that esbuild printed too early, because it leaves out types, comments and
 * empty lines: so each statement begins on the line of the source where it began.
 * @param code - as esbuild prints it, without template literals
 */
export function onItsLines(code: string, sourceMap: SourceMapInput): string {
	const map = new TraceMap(sourceMap);
	const lines: string[] = [];
	code.split("\n").forEach((text, index) => {
		const { line } = originalPositionFor(map, { line: index + 1, column: 0, bias: LEAST_UPPER_BOUND });
		while (line !== null && lines.length < line - 1) lines.push("");
		lines.push(text);
	});
	return lines.join("\n");
}

/** A statement of a script. */
interface Statement {
	text: string;
	/** Empty lines in front of it. */
	readonly emptyLines: number;
}

/**
 * The statements of a script as esbuild prints it without template literals: one begins in the first column, and what
 * belongs to it is indented or closes a bracket.
 */
function statementsOf(code: string): Statement[] {
	const statements: Statement[] = [];
	let emptyLines = 0;
	for (const line of code.split("\n")) {
		if (line === "") {
			emptyLines += 1;
			continue;
		}
		const last = statements.at(-1);
		if (last !== undefined && /^[\s)\]}]/.test(line)) last.text += "\n".repeat(emptyLines + 1) + line;
		else statements.push({ text: line, emptyLines });
		emptyLines = 0;
	}
	return statements;
}

/**
 * A script that awaits at its top, for an engine that knows that in functions only: what it declares becomes global, as
 * it would without `await`, and its value is that of its last statement if that is an expression. Statements stay on
 * their lines.
 * @param code - as esbuild prints it, without template literals
 */
export function awaitingScript(code: string): string {
	const statements = statementsOf(code);
	const last = statements.length - 1;
	const hoisted = statements.flatMap(({ text }) => exported(FUNCTION, text));
	const body = statements.map(
		({ text, emptyLines }, index) => "\n".repeat(emptyLines) + rewritten(text, index === last),
	);
	return `(async () => {${hoisted.map((one) => `${one} `).join("")}${body.join("\n")}\n})()`;
}

function rewritten(statement: string, isLast: boolean): string {
	const declared = VARIABLES.exec(statement)?.[1]?.replace(/;$/, "");
	// Assigned to what was never declared, a name becomes one of the global scope.
	if (declared !== undefined) return BARE.test(declared) ? undefinedOnes(declared) : `(${declared});`;
	if (FUNCTION.test(statement)) return statement;
	if (CLASS.test(statement)) return [statement, ...exported(CLASS, statement)].join(" ");
	return isLast && !STATEMENT.test(statement) ? `return (${statement.replace(/;$/, "")});` : statement;
}

function undefinedOnes(names: string): string {
	return names
		.split(", ")
		.map((name) => `${name} = void 0;`)
		.join(" ");
}

function exported(declaration: RegExp, statement: string): string[] {
	const name = declaration.exec(statement)?.[1];
	return name === undefined ? [] : [`globalThis.${name} = ${name};`];
}

/** @throws {UsageError} when a script is longer than a camera takes @param max - bytes it takes */
export function demandLength(script: string, max: number): string {
	if (Buffer.byteLength(script) <= max) return script;
	throw new UsageError(`that is longer than the ${max} bytes a camera takes at once`);
}
