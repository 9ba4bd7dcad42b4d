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
 * The statements of a script as esbuild prints it without template literals: one begins in the first column, and what
 * belongs to it is indented or closes a bracket.
 */
export function statementsOf(code: string): string[] {
	const statements: string[] = [];
	for (const line of code.split("\n")) {
		if (line === "") continue;
		const last = statements.length - 1;
		if (last >= 0 && /^[\s)\]}]/.test(line)) statements[last] += `\n${line}`;
		else statements.push(line);
	}
	return statements;
}

/**
 * A script that awaits at its top, for an engine that knows that in functions only: what it declares becomes global, as
 * it would without `await`, and its value is that of its last statement if that is an expression.
 * @param code - as esbuild prints it, without template literals
 */
export function awaitingScript(code: string): string {
	const statements = statementsOf(code);
	const last = statements.length - 1;
	const hoisted = statements.flatMap((statement) => exported(FUNCTION, statement));
	const body = statements.map((statement, index) => rewritten(statement, index === last));
	return `(async () => {${[...hoisted, ...body].join("\n")}\n})()`;
}

function rewritten(statement: string, isLast: boolean): string {
	const declared = VARIABLES.exec(statement)?.[1]?.replace(/;$/, "");
	// Assigned to what was never declared, a name becomes one of the global scope.
	if (declared !== undefined) return BARE.test(declared) ? undefinedOnes(declared) : `(${declared});`;
	if (FUNCTION.test(statement)) return statement;
	if (CLASS.test(statement)) return [statement, ...exported(CLASS, statement)].join("\n");
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
