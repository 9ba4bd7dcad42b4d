import type { Fields, IntegerSchema, Schema, VariantsSchema } from "../schema/schema.ts";
import type { Command } from "../smp/command.ts";

/** One CDDL file (RFC 8610): commands with their messages, and rules besides. */
export interface CddlDocument {
	/** Name of the file, without its ending. */
	readonly name: string;
	/** What it is about, for the first line. */
	readonly title: string;
	readonly commands: readonly Command[];
	/** Named schemas that no command refers to. */
	readonly rules?: readonly Schema[];
}

const INDENT = "  ";

/** The text of a CDDL file. Named schemas become rules, after the messages that need them. */
export function writeCddl(document: CddlDocument): string {
	const writer = new CddlWriter();
	const messages = document.commands.flatMap((command) => writer.command(command));
	for (const rule of document.rules ?? []) writer.refer(rule);
	return [
		`; ${document.title}`,
		"; Written from the declarations in protocol/src: change those, not this file.",
		"; Receivers ignore keys that are not named here.",
		"",
		[...messages, ...writer.rules()].join("\n\n"),
		"",
	].join("\n");
}

/** Writes types and collects the rules they refer to. */
class CddlWriter {
	readonly #rules = new Map<string, string>();

	command(command: Command): string[] {
		const { name, group, id, access, role, doc, request, response } = command;
		const asked = access === "either" ? "read or write" : access;
		return [
			`; ${doc}\n; SMP group ${group}, command ${id}, ${asked}; least role: ${role}\n${name}-request = ${this.#inline(request, "")}`,
			`${name}-response = ${this.#inline(response, "")}`,
		];
	}

	/** The rules referred to so far, in the order of first use. */
	rules(): string[] {
		return [...this.#rules.values()];
	}

	/** A type, by its rule's name when it has one. */
	refer(schema: Schema, indent = ""): string {
		if (schema.name === undefined) return this.#inline(schema, indent);
		if (!this.#rules.has(schema.name)) {
			this.#rules.set(schema.name, "");
			const comment = schema.doc === undefined ? "" : `; ${schema.doc}\n`;
			this.#rules.set(schema.name, `${comment}${schema.name} = ${this.#inline(schema, "")}`);
		}
		return schema.name;
	}

	#inline(schema: Schema, indent: string): string {
		switch (schema.kind) {
			case "any":
				return "any";
			case "text":
				return `tstr .size (0..${schema.max})`;
			case "bytes":
				return `bstr .size ${schema.min === schema.max ? schema.max : `(${schema.min}..${schema.max})`}`;
			case "integer":
				return integer(schema);
			case "boolean":
				return "bool";
			case "choice":
				return schema.values.map((value) => JSON.stringify(value)).join(" / ");
			case "array":
				return `[0*${schema.max} ${this.refer(schema.item, indent)}]`;
			case "table":
				return `{ 0*${schema.max} tstr .size (0..${schema.keyMax}) => ${this.refer(schema.value, indent)} }`;
			case "map":
				return this.#map(schema.fields, indent);
			case "variants":
				return this.#variants(schema);
		}
	}

	#map(fields: Fields, indent: string, first: readonly string[] = []): string {
		const inner = indent + INDENT;
		const lines = [...first.map((line) => inner + line)];
		for (const [key, field] of Object.entries(fields)) {
			if (field.doc !== undefined && field.name === undefined) lines.push(`${inner}; ${field.doc}`);
			lines.push(`${inner}${field.optional === true ? "? " : ""}${key}: ${this.refer(field, inner)},`);
		}
		return lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n${indent}}`;
	}

	#variants(schema: VariantsSchema): string {
		if (schema.name === undefined) throw new TypeError("variants need a name for their rules");
		const common = `${schema.name}-common`;
		const members = this.#map(schema.common, "").replace(/^\{/, "(").replace(/\}$/, ")");
		this.#rules.set(common, `${common} = ${members}`);
		const names = Object.entries(schema.variants).map(([variant, fields]) => {
			const name = `${schema.name}-${variant}`;
			const tagged = [`${schema.tag}: ${JSON.stringify(variant)},`, `${common},`];
			this.#rules.set(name, `${name} = ${this.#map(fields, "", tagged)}`);
			return name;
		});
		return names.join(" /\n\t").replaceAll("\t", INDENT);
	}
}

function integer({ min, max }: IntegerSchema): string {
	return min === 0 && max === Number.MAX_SAFE_INTEGER ? "uint" : `${min}..${max}`;
}
