import type { ParameterReader } from "../hci/parameters.ts";

/** How a command is answered: completed with its result, or begun with a status; `afterwards` runs after the answer. */
export type CommandAnswer = { readonly afterwards?: (() => void) | undefined } & (
	| { readonly complete: readonly number[] }
	| { readonly status: number }
);

/** What a command does. @throws TruncatedParametersError where its parameters are too short */
export type CommandHandler = (parameters: ParameterReader) => CommandAnswer;
