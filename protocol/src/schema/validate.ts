import type { Fields, Infer, Schema } from "./schema.ts";

/** Data that does not fit its schema. */
export class SchemaError extends Error {
	override readonly name = "SchemaError";
	/** Where in the data, e.g. `events[3].recording`; empty for the whole. */
	readonly path: string;

	/** `path` in the data, and what was `expected` there. */
	constructor(path: string, expected: string) {
		super(`${path === "" ? "message" : path}: expected ${expected}`);
		this.path = path;
	}
}

/**
 * Checks decoded CBOR and returns it as the type its schema stands for, without the keys the schema does not name
 * (RFC 8610 leaves them to the receiver; Zephyr ignores them, and so can be extended).
 * @throws {SchemaError} naming the first place that does not fit
 */
export function parse<S extends Schema>(schema: S, value: unknown): Infer<S> {
	return check(schema, value, "") as Infer<S>;
}

function check(schema: Schema, value: unknown, path: string): unknown {
	switch (schema.kind) {
		case "any":
			return value;
		case "text":
			if (typeof value !== "string" || !fitsUtf8(value, schema.max))
				throw new SchemaError(path, `text of at most ${schema.max} bytes`);
			return value;
		case "bytes":
			if (!(value instanceof Uint8Array) || value.length < schema.min || value.length > schema.max)
				throw new SchemaError(path, `a byte string of ${schema.min} to ${schema.max} bytes`);
			return value;
		case "integer":
			if (!Number.isInteger(value) || Number(value) < schema.min || Number(value) > schema.max)
				throw new SchemaError(path, `a whole number from ${schema.min} to ${schema.max}`);
			return value;
		case "boolean":
			if (typeof value !== "boolean") throw new SchemaError(path, "true or false");
			return value;
		case "choice":
			if (typeof value !== "string" || !schema.values.includes(value))
				throw new SchemaError(path, `one of ${schema.values.join(", ")}`);
			return value;
		case "array":
			if (!Array.isArray(value) || value.length > schema.max)
				throw new SchemaError(path, `an array of at most ${schema.max} items`);
			return value.map((item, index) => check(schema.item, item, `${path}[${index}]`));
		case "map": {
			const result: Record<string, unknown> = {};
			checkFields(schema.fields, membersOf(value, path), path, result);
			return result;
		}
		case "table": {
			const entries = entriesOf(value, path);
			if (entries.length > schema.max) throw new SchemaError(path, `a map of at most ${schema.max} members`);
			// Without a prototype no key means anything special.
			const result: Record<string, unknown> = Object.create(null);
			for (const [key, member] of entries) {
				if (typeof key !== "string" || !fitsUtf8(key, schema.keyMax))
					throw new SchemaError(path, `keys of at most ${schema.keyMax} bytes`);
				result[key] = check(schema.value, member, join(path, key));
			}
			return result;
		}
		case "variants": {
			const members = membersOf(value, path);
			const variant = members(schema.tag);
			if (typeof variant !== "string" || !Object.hasOwn(schema.variants, variant))
				throw new SchemaError(join(path, schema.tag), `one of ${Object.keys(schema.variants).join(", ")}`);
			const result: Record<string, unknown> = { [schema.tag]: variant };
			checkFields(schema.common, members, path, result);
			checkFields(schema.variants[variant] ?? {}, members, path, result);
			return result;
		}
	}
}

function checkFields(fields: Fields, members: Members, path: string, result: Record<string, unknown>): void {
	for (const key in fields) {
		const field = fields[key];
		if (field === undefined) continue;
		const member = members(key);
		if (member !== undefined) result[key] = check(field, member, join(path, key));
		else if (field.optional !== true) throw new SchemaError(join(path, key), "a value");
	}
}

/** Reads a member of a map by its key; undefined when it is not there. */
type Members = (key: string) => unknown;

function entriesOf(value: unknown, path: string): [unknown, unknown][] {
	if (value instanceof Map) return [...value];
	membersOf(value, path);
	return Object.entries(value as object);
}

function membersOf(value: unknown, path: string): Members {
	if (value instanceof Map) return (key) => value.get(key);
	if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Uint8Array)
		throw new SchemaError(path, "a map");
	const members = value as Record<string, unknown>;
	return (key) => (Object.hasOwn(members, key) ? members[key] : undefined);
}

function join(path: string, key: string): string {
	return path === "" ? key : `${path}.${key}`;
}

/** Whether text takes at most `max` bytes in UTF-8; counts only where the length in code units leaves it open. */
function fitsUtf8(value: string, max: number): boolean {
	if (value.length * 3 <= max) return true;
	if (value.length > max) return false;
	let length = 0;
	for (let index = 0; index < value.length; index++) {
		const unit = value.charCodeAt(index);
		if (unit < 0x80) length += 1;
		else if (unit < 0x800) length += 2;
		else if (unit >= 0xd800 && unit < 0xdc00 && index + 1 < value.length) {
			length += 4;
			index += 1;
		} else length += 3;
	}
	return length <= max;
}
