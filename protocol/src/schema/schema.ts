/**
 * Small declarations of CBOR data. A schema is plain data with three readers: TypeScript (`Infer`), the validator
 * (`validate.ts`) and the CDDL writer (`../cddl/write.ts`), so that types, checks and published schema cannot part.
 * Everything is bounded: what comes from the other side of a link has a largest length, value and count.
 */

/** What every schema may carry: a comment and a rule name for the CDDL. */
export interface Described {
	/** What it is and in which unit; becomes the comment in the CDDL. */
	readonly doc?: string;
	/** Name of a CDDL rule of its own, kebab-case; without it the type is written inline. */
	readonly name?: string;
}

/** UTF-8 text of at most `max` bytes. */
export interface TextSchema extends Described {
	readonly kind: "text";
	readonly max: number;
}

/** Byte string of `min` to `max` bytes. */
export interface BytesSchema extends Described {
	readonly kind: "bytes";
	readonly min: number;
	readonly max: number;
}

/** Whole number from `min` to `max`. */
export interface IntegerSchema extends Described {
	readonly kind: "integer";
	readonly min: number;
	readonly max: number;
}

/** True or false. */
export interface BooleanSchema extends Described {
	readonly kind: "boolean";
}

/** One text of a fixed set. */
export interface ChoiceSchema<V extends string = string> extends Described {
	readonly kind: "choice";
	readonly values: readonly V[];
}

/** Array of at most `max` items. */
export interface ArraySchema<S extends Schema = Schema> extends Described {
	readonly kind: "array";
	readonly item: S;
	readonly max: number;
}

/** The members of a map by key. */
export interface Fields {
	readonly [key: string]: Schema;
}

/** Map with text keys; keys it does not name are ignored. */
export interface MapSchema<F extends Fields = Fields> extends Described {
	readonly kind: "map";
	readonly fields: F;
}

/** Map whose member `tag` says which further members it has; `common` are in every one. */
export interface VariantsSchema<
	T extends string = string,
	C extends Fields = Fields,
	V extends { readonly [variant: string]: Fields } = { readonly [variant: string]: Fields },
> extends Described {
	readonly kind: "variants";
	readonly tag: T;
	readonly common: C;
	readonly variants: V;
}

/** Map whose text keys the sender chooses, at most `max` of them, each of at most `keyMax` bytes. For answers only. */
export interface TableSchema<S extends Schema = Schema> extends Described {
	readonly kind: "table";
	readonly value: S;
	readonly max: number;
	readonly keyMax: number;
}

/** Anything at all; for members whose reader decides what it can use. */
export interface AnySchema extends Described {
	readonly kind: "any";
}

/** Any schema. */
export type Schema = (
	| AnySchema
	| TextSchema
	| BytesSchema
	| IntegerSchema
	| BooleanSchema
	| ChoiceSchema
	| ArraySchema
	| MapSchema
	| TableSchema
	| VariantsSchema
) & { readonly optional?: boolean };

type OptionalKeys<F> = { [K in keyof F]: F[K] extends { readonly optional: true } ? K : never }[keyof F];

type InferFields<F extends Fields> = { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: Infer<F[K]> } & {
	readonly [K in OptionalKeys<F>]?: Infer<F[K]> | undefined;
};

/** One flat object type instead of an intersection, so that editors and errors show the members. */
type Flat<T> = { [K in keyof T]: T[K] } & {};

/** The TypeScript type of what a schema describes. */
export type Infer<S> = S extends { readonly kind: "text" }
	? string
	: S extends { readonly kind: "bytes" }
		? Uint8Array
		: S extends { readonly kind: "integer" }
			? number
			: S extends { readonly kind: "boolean" }
				? boolean
				: S extends { readonly kind: "choice"; readonly values: readonly (infer V)[] }
					? V
					: S extends { readonly kind: "array"; readonly item: infer I }
						? readonly Infer<I>[]
						: S extends { readonly kind: "map"; readonly fields: infer F extends Fields }
							? Flat<InferFields<F>>
							: S extends { readonly kind: "any" }
								? unknown
								: S extends { readonly kind: "table"; readonly value: infer I }
									? { readonly [key: string]: Infer<I> }
									: S extends VariantsSchema<infer T, infer C, infer V>
										? {
												[K in keyof V & string]: Flat<
													{ readonly [P in T]: K } & InferFields<C> & InferFields<V[K]>
												>;
											}[keyof V & string]
										: never;

/** UTF-8 text of at most `max` bytes. */
export function text(max: number, options?: Described): TextSchema {
	return { kind: "text", max, ...options };
}

/** Byte string of at most `max` bytes; exactly `max` when `min` says so. */
export function bytes(max: number, options?: Described & { readonly min?: number }): BytesSchema {
	return { kind: "bytes", min: 0, max, ...options };
}

/** Whole number not below zero, at most `max` (without one: 2^53 − 1). */
export function uint(options?: Described & { readonly min?: number; readonly max?: number }): IntegerSchema {
	return { kind: "integer", min: 0, max: Number.MAX_SAFE_INTEGER, ...options };
}

/** Whole number from `min` to `max`. */
export function integer(min: number, max: number, options?: Described): IntegerSchema {
	return { kind: "integer", min, max, ...options };
}

/** True or false. */
export function boolean(options?: Described): BooleanSchema {
	return { kind: "boolean", ...options };
}

/** One text of a fixed set. */
export function choice<const V extends readonly [string, ...string[]]>(
	values: V,
	options?: Described,
): ChoiceSchema<V[number]> {
	return { kind: "choice", values, ...options };
}

/** Array of at most `max` items. */
export function array<S extends Schema>(item: S, max: number, options?: Described): ArraySchema<S> {
	return { kind: "array", item, max, ...options };
}

/** Map with text keys. */
export function map<F extends Fields>(fields: F, options?: Described): MapSchema<F> {
	return { kind: "map", fields, ...options };
}

/** Map whose member `tag` says which further members it has. */
export function variants<
	T extends string,
	C extends Fields,
	V extends { readonly [variant: string]: Fields },
>(tag: T, common: C, cases: V, options?: Described): VariantsSchema<T, C, V> {
	return { kind: "variants", tag, common, variants: cases, ...options };
}

/** Map with at most `max` text keys of at most `keyMax` bytes that the sender chooses. */
export function table<S extends Schema>(
	value: S,
	max: number,
	options?: Described & { readonly keyMax?: number },
): TableSchema<S> {
	return { kind: "table", value, max, keyMax: 64, ...options };
}

/** Anything at all. */
export function any(options?: Described): AnySchema {
	return { kind: "any", ...options };
}

/** The same, as a member that may be absent. */
export function optional<S extends Schema>(schema: S): S & { readonly optional: true } {
	return { ...schema, optional: true };
}
