import type { StateTable } from "./table.ts";

/** Draws a state table as a Mermaid state diagram (stateDiagram-v2), a line for each transition. */
export function drawStateTable<State extends string, Input extends string, Action extends string>(
	table: StateTable<State, Input, Action>,
): string {
	const lines = table.transitions.map(({ from, on, to, action }) => {
		return `\t${from} --> ${to}: ${on}${action === undefined ? "" : ` / ${action}`}`;
	});
	return ["stateDiagram-v2", `\t[*] --> ${table.initial}`, ...lines, ""].join("\n");
}
