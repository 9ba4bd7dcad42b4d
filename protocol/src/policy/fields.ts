import type { Schema } from "../schema/schema.ts";
import { policy } from "./document.ts";

/** Values of a document by the paths of its fields; arrays are one value. */
export type FlatPolicy = ReadonlyMap<string, unknown>;

/** The fields of a policy by their paths, with their schemas, in the order of the document. */
export function policyFields(): ReadonlyMap<string, Schema> {
	const fields = new Map<string, Schema>();
	collect(policy, "", fields);
	return fields;
}

/** The values of a document, by the paths of `policyFields`; fields that are absent are left out. */
export function flatten(document: object): FlatPolicy {
	const values = new Map<string, unknown>();
	for (const path of policyFields().keys()) {
		const value = valueAt(document, path);
		if (value !== undefined) values.set(path, value);
	}
	return values;
}

function collect(schema: Schema, path: string, fields: Map<string, Schema>): void {
	if (schema.kind !== "map") {
		fields.set(path, schema);
		return;
	}
	for (const [key, field] of Object.entries(schema.fields))
		collect(field, path === "" ? key : `${path}.${key}`, fields);
}

function valueAt(document: object, path: string): unknown {
	let at: unknown = document;
	for (const key of path.split(".")) {
		if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
		at = (at as Record<string, unknown>)[key];
	}
	return at;
}
