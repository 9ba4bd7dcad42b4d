/** A way to another state, or back to the same one, and what is done on the way. */
export interface Step<State extends string, Action extends string> {
	/** State it leads to; may be the same. */
	readonly to: State;
	/** What is done on the way; undefined: nothing. */
	readonly action?: Action;
}

/**
 * What is decided for one pair of state and input: a step; `stays`: it has no meaning there and nothing happens;
 * `refused`: nothing happens either, and whoever asked for it is told.
 */
export type Decision<State extends string, Action extends string> = Step<State, Action> | "stays" | "refused";

/**
 * A state table in which every pair of state and input is decided: the type leaves no pair out. It is data that can
 * be read, run and drawn.
 */
export interface DecisionTable<State extends string, Input extends string, Action extends string> {
	/** State at the start. */
	readonly initial: State;
	/** What is decided, by state and input. */
	readonly decisions: Readonly<Record<State, Readonly<Record<Input, Decision<State, Action>>>>>;
}

/** A state of a table, and the way to the next one. */
export class DecisionMachine<State extends string, Input extends string, Action extends string> {
	private readonly table: DecisionTable<State, Input, Action>;
	private current: State;

	/** @param table - its decisions; it starts in its initial state */
	constructor(table: DecisionTable<State, Input, Action>) {
		this.table = table;
		this.current = table.initial;
	}

	/** State now. */
	get state(): State {
		return this.current;
	}

	/** What is decided for an input now. */
	decide(input: Input): Decision<State, Action> {
		return this.table.decisions[this.current][input];
	}

	/** The step that an input would take now; undefined when it would change nothing. */
	peek(input: Input): Step<State, Action> | undefined {
		const decision = this.decide(input);
		return typeof decision === "string" ? undefined : decision;
	}

	/** Takes an input. @returns the step taken; undefined when nothing has changed */
	handle(input: Input): Step<State, Action> | undefined {
		const step = this.peek(input);
		if (step !== undefined) this.current = step.to;
		return step;
	}
}

/** A step of a table with the state it starts in and its input. */
export interface Transition<State extends string, Input extends string, Action extends string>
	extends Step<State, Action> {
	/** State it starts in. */
	readonly from: State;
	/** What happens. */
	readonly on: Input;
}

/** The steps of a table, in its order. */
export function transitionsOf<State extends string, Input extends string, Action extends string>(
	table: DecisionTable<State, Input, Action>,
): Transition<State, Input, Action>[] {
	const transitions: Transition<State, Input, Action>[] = [];
	for (const from of Object.keys(table.decisions) as State[]) {
		for (const on of Object.keys(table.decisions[from]) as Input[]) {
			const decision = table.decisions[from][on];
			if (typeof decision !== "string") transitions.push({ from, on, ...decision });
		}
	}
	return transitions;
}

/** Draws a table as a Mermaid state diagram (stateDiagram-v2), a line for each step. */
export function drawDecisionTable<State extends string, Input extends string, Action extends string>(
	table: DecisionTable<State, Input, Action>,
): string {
	const name = (state: string) => state.replaceAll("-", "_");
	const lines = transitionsOf(table).map(({ from, on, to, action }) => {
		return `\t${name(from)} --> ${name(to)}: ${on}${action === undefined ? "" : ` / ${action}`}`;
	});
	return ["stateDiagram-v2", `\t[*] --> ${name(table.initial)}`, ...lines, ""].join("\n");
}
