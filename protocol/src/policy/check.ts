import type { Fields, Schema } from "../schema/schema.ts";
import { map } from "../schema/schema.ts";
import { parse, SchemaError } from "../schema/validate.ts";
import { findContradictions } from "./contradictions.ts";
import { POLICY_FORMAT, type Policy, policy } from "./document.ts";
import type { PolicyProblem } from "./problem.ts";

/** What a check found: the policy when it is good, else what is wrong with it, each section's first problem. */
export type PolicyCheck =
	| { readonly policy: Policy; readonly problems: readonly [] }
	| { readonly policy: undefined; readonly problems: readonly PolicyProblem[] };

/**
 * Checks a decoded document completely: its form, members missing, of a wrong type or out of range, members nobody
 * knows (a rule that is not understood would not be followed), and contradictions.
 * @param value - decoded CBOR or JSON, whatever it is
 */
export function checkPolicy(value: unknown): PolicyCheck {
	const format = newerFormat(value);
	if (format !== undefined) return { policy: undefined, problems: [format] };
	// Each boot of a camera checks one that is good: what is wrong with it is looked for only when something is.
	const document = parsed(value);
	const malformed = document === undefined ? malformedFields(value) : [];
	const problems = [...malformed, ...unknownFields(policy, value, "")];
	if (document === undefined || problems.length > 0) return { policy: undefined, problems };
	const contradictions = findContradictions(document);
	if (contradictions.length > 0) return { policy: undefined, problems: contradictions };
	return { policy: document, problems: [] };
}

/** A form that these sources do not know makes every other complaint meaningless. */
function newerFormat(value: unknown): PolicyProblem | undefined {
	const format = memberOf(value, "format");
	if (!Number.isInteger(format) || Number(format) <= POLICY_FORMAT) return undefined;
	return { field: "format", says: `is ${format}, newer than the ${POLICY_FORMAT} that is known here` };
}

/** The document, if all that the schema demands is there. */
function parsed(value: unknown): Policy | undefined {
	try {
		return parse(policy, value);
	} catch (error) {
		if (error instanceof SchemaError) return undefined;
		throw error;
	}
}

/** One section after the other, so that the first mistake does not hide those in other sections. */
function malformedFields(value: unknown): PolicyProblem[] {
	const problems: PolicyProblem[] = [];
	for (const [key, field] of Object.entries(policy.fields as Fields)) {
		try {
			parse(map({ [key]: field }), value);
		} catch (error) {
			if (!(error instanceof SchemaError)) throw error;
			problems.push({ field: error.path, says: sayWhy(error, value) });
			if (error.path === "") break;
		}
	}
	return problems;
}

function sayWhy({ path, message }: SchemaError, value: unknown): string {
	const expected = message.slice(message.indexOf(": expected ") + ": expected ".length);
	return valueAt(value, path) === undefined ? "is missing" : `has to be ${expected}`;
}

function valueAt(value: unknown, path: string): unknown {
	if (path === "") return value;
	return path
		.split(/[.[\]]+/)
		.filter((key) => key !== "")
		.reduce<unknown>((at, key) => memberOf(at, key), value);
}

function memberOf(value: unknown, key: string): unknown {
	if (value instanceof Map) return value.get(key);
	if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
	return (value as Record<string, unknown>)[key];
}

function unknownFields(schema: Schema, value: unknown, path: string): PolicyProblem[] {
	if (schema.kind === "array" && Array.isArray(value))
		return value.flatMap((item, index) => unknownFields(schema.item, item, `${path}[${index}]`));
	if (schema.kind !== "map" || typeof value !== "object" || value === null || Array.isArray(value)) return [];
	const keys = value instanceof Map ? [...value.keys()].map(String) : Object.keys(value);
	return keys.flatMap((key) => {
		const at = path === "" ? key : `${path}.${key}`;
		const field = Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined;
		if (field === undefined) return [{ field: at.slice(0, 80), says: "is a field that is not known here" }];
		return unknownFields(field, memberOf(value, key), at);
	});
}
