/** One row of a state table: in state `from`, `on` an input, go to `to` and do `action`. */
export interface Transition<State extends string, Input extends string, Action extends string> {
	/** State it starts in. */
	readonly from: State;
	/** What happens. */
	readonly on: Input;
	/** State it leads to; may be the same. */
	readonly to: State;
	/** What is done on the way; undefined: nothing. */
	readonly action?: Action;
}

/** A state table: an initial state and its transitions, as data that can be read, run and drawn. */
export interface StateTable<State extends string, Input extends string, Action extends string> {
	/** State at the start. */
	readonly initial: State;
	/** The rows; at most one for each pair of state and input. An input without a row changes nothing. */
	readonly transitions: readonly Transition<State, Input, Action>[];
}

/** A state of a table, and the way to the next one. */
export class StateMachine<State extends string, Input extends string, Action extends string> {
	private readonly table: StateTable<State, Input, Action>;
	private current: State;

	/** @param table - its transitions; it starts in its initial state */
	constructor(table: StateTable<State, Input, Action>) {
		this.table = table;
		this.current = table.initial;
	}

	/** State now. */
	get state(): State {
		return this.current;
	}

	/** The row that an input would take now; undefined when it has no meaning in this state. */
	peek(input: Input): Transition<State, Input, Action> | undefined {
		return this.table.transitions.find((row) => row.from === this.current && row.on === input);
	}

	/** Takes an input. @returns the row taken; undefined when the input has no meaning in this state */
	handle(input: Input): Transition<State, Input, Action> | undefined {
		const row = this.peek(input);
		if (row !== undefined) this.current = row.to;
		return row;
	}
}
