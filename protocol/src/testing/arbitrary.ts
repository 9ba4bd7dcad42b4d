import fc from "fast-check";
import type { Fields, Infer, Schema } from "../schema/schema.ts";

/** Values of a schema, for properties; long ones are cut to what is quick to test. */
export function arbitrary<S extends Schema>(schema: S): fc.Arbitrary<Infer<S>> {
	return build(schema) as fc.Arbitrary<Infer<S>>;
}

function build(schema: Schema): fc.Arbitrary<unknown> {
	switch (schema.kind) {
		case "any":
			return fc.oneof(fc.boolean(), fc.nat());
		case "text":
			// At most 4 bytes a code point; a leading byte order mark does not survive TextDecoder.
			return fc
				.string({ unit: "binary", maxLength: Math.min(Math.floor(schema.max / 4), 80) })
				.filter((text) => !text.startsWith("\ufeff"));
		case "bytes":
			return fc.uint8Array({
				minLength: schema.min,
				maxLength: Math.min(schema.max, Math.max(schema.min, 80)),
			});
		case "integer":
			return fc.maxSafeInteger().map((value) => bounded(value, schema.min, schema.max));
		case "boolean":
			return fc.boolean();
		case "choice":
			return fc.constantFrom(...schema.values);
		case "array":
			return fc.array(build(schema.item), { maxLength: Math.min(schema.max, 4) });
		case "map":
			return fields(schema.fields);
		case "table":
			return fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), build(schema.value), {
				maxKeys: Math.min(schema.max, 4),
			});
		case "variants":
			return fc.oneof(
				...Object.entries(schema.variants).map(([variant, members]) =>
					fields({ ...schema.common, ...members }).map((value) => ({
						[schema.tag]: variant,
						...(value as object),
					})),
				),
			);
	}
}

function bounded(value: number, min: number, max: number): number {
	if (value >= min && value <= max) return value;
	const span = max - min + 1;
	return Number.isSafeInteger(span) ? min + (Math.abs(value) % span) : Math.abs(value) % (max + 1);
}

function fields(members: Fields): fc.Arbitrary<unknown> {
	const keys = Object.keys(members);
	return fc.record(Object.fromEntries(keys.map((key) => [key, build(members[key] as Schema)])), {
		requiredKeys: keys.filter((key) => members[key]?.optional !== true),
		noNullPrototype: true,
	});
}
