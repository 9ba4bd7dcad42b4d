/** Entries of an object or array that are shown. */
const SHOWN = 12;

/** Levels of objects within objects that are shown. */
const DEPTH = 2;

/** A value in words, as a prompt shows it: short, whatever it is. */
export function inspect(value: unknown, depth: number = DEPTH): string {
	switch (typeof value) {
		case "string":
			return JSON.stringify(value);
		case "function":
			return `[function ${value.name || "(anonymous)"}]`;
		case "bigint":
			return `${value}n`;
		case "object":
			return value === null ? "null" : inspectObject(value, depth);
		default:
			return String(value);
	}
}

function inspectObject(value: object, depth: number): string {
	if (value instanceof Error) return `${value.name}: ${value.message}`;
	if (value instanceof Uint8Array) return inspectBytes(value);
	if (value instanceof Date) return value.toISOString();
	if (Array.isArray(value))
		return listing(
			"[",
			value.map((item) => () => inspect(item, depth - 1)),
			"]",
			depth,
		);
	if (value instanceof Map)
		return `Map ${listing(
			"{",
			[...value].map(
				([key, item]) =>
					() =>
						`${inspect(key, 0)} → ${inspect(item, depth - 1)}`,
			),
			"}",
			depth,
		)}`;
	const name = value.constructor?.name;
	const prefix = name === undefined || name === "Object" ? "" : `${name} `;
	const entries = Object.keys(value).map((key) => () => `${key}: ${inspect(field(value, key), depth - 1)}`);
	return prefix + listing("{", entries, "}", depth);
}

/** A field, or what its getter threw. */
function field(value: object, key: string): unknown {
	try {
		return (value as Readonly<Record<string, unknown>>)[key];
	} catch (error) {
		return error;
	}
}

function inspectBytes(value: Uint8Array): string {
	const shown = Array.from(value.subarray(0, 32), (byte) => byte.toString(16).padStart(2, "0")).join("");
	return `Uint8Array(${value.length}) ${shown}${value.length > 32 ? "…" : ""}`;
}

function listing(open: string, entries: readonly (() => string)[], close: string, depth: number): string {
	if (entries.length === 0) return open + close;
	if (depth <= 0) return `${open}…${close}`;
	const shown = entries.slice(0, SHOWN).map((entry) => entry());
	if (entries.length > SHOWN) shown.push(`… ${entries.length - SHOWN} more`);
	return `${open} ${shown.join(", ")} ${close}`;
}
