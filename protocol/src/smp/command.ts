import type { Infer, MapSchema } from "../schema/schema.ts";
import type { Role } from "./role.ts";

/** How a command is asked: by a read request, a write request, or either (echo). */
export type Access = "read" | "write" | "either";

/** One SMP command, declared once: where it lives, who may ask it, what goes to and fro. */
export interface Command<Q extends MapSchema = MapSchema, R extends MapSchema = MapSchema> {
	/** Name for logs and CDDL rules, kebab-case, e.g. `recordings-read`. */
	readonly name: string;
	readonly group: number;
	readonly id: number;
	readonly access: Access;
	/** The least role that may ask it. */
	readonly role: Role;
	/** What it does, in one sentence. */
	readonly doc: string;
	readonly request: Q;
	readonly response: R;
}

/** Type of a command's request. */
export type RequestOf<C> = C extends Command<infer Q, infer _R> ? Infer<Q> : never;

/** Type of a command's response. */
export type ResponseOf<C> = C extends Command<infer _Q, infer R> ? Infer<R> : never;

/** Declares a command; the call only fixes its types. */
export function command<Q extends MapSchema, R extends MapSchema>(declaration: Command<Q, R>): Command<Q, R> {
	return declaration;
}
