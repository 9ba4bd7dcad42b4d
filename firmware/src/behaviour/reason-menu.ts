import type { EffectivePolicy } from "@bodycam/protocol/policy/tighten";
import type { Timer, Timers } from "../hal/timers.ts";
import type { Signals } from "../signals/signals.ts";
import type { OpenDemand } from "./demands.ts";

/** The menu goes away by itself after this time, µs; the demand stays. */
const MENU_TIME = 60_000_000;

/** Reason codes of a policy that may answer a demand. */
export function reasonsFor(policy: EffectivePolicy | undefined, demand: Pick<OpenDemand, "danger">) {
	const codes = policy?.reasonCodes ?? [];
	return demand.danger ? codes.filter(({ imminentDanger }) => imminentDanger) : codes;
}

/** Options of `ReasonMenu`. */
export interface ReasonMenuOptions {
	/** Clock and timers. */
	readonly timers: Timers;
	/** The policy in force. */
	readonly policy: () => EffectivePolicy | undefined;
	/** Shows the reasons. */
	readonly signals: Pick<Signals, "ask">;
}

/** Lets the wearer choose a reason with the function button, from those of the policy. */
export class ReasonMenu {
	private readonly options: ReasonMenuOptions;
	private readonly timer: Timer;
	private demand: OpenDemand | undefined;
	private index = 0;

	/** @param options - see `ReasonMenuOptions` */
	constructor(options: ReasonMenuOptions) {
		this.options = options;
		this.timer = options.timers.create(() => this.close());
	}

	/** The demand it asks for; undefined: it is not shown. */
	get asks(): OpenDemand | undefined {
		return this.demand;
	}

	/** Shows the reasons for a demand, unless the policy has none. */
	open(demand: OpenDemand): void {
		if (reasonsFor(this.options.policy(), demand).length === 0) return;
		this.demand = demand;
		this.index = 0;
		this.show();
	}

	/** Shows the next reason. */
	next(): void {
		if (this.demand === undefined) return;
		this.index++;
		this.show();
	}

	/** The code of the reason that is shown. */
	shown(): string | undefined {
		if (this.demand === undefined) return undefined;
		const reasons = reasonsFor(this.options.policy(), this.demand);
		return reasons[this.index % reasons.length]?.code;
	}

	/** Goes away. */
	close(): void {
		if (this.demand === undefined) return;
		this.demand = undefined;
		this.timer.stop();
		this.options.signals.ask(undefined);
	}

	private show(): void {
		if (this.demand === undefined) return;
		const reasons = reasonsFor(this.options.policy(), this.demand);
		const at = this.index % reasons.length;
		this.timer.start(MENU_TIME);
		this.options.signals.ask(
			"reasonAsked",
			`BEGRÜNDUNG ${at + 1}/${reasons.length}\n${reasons[at]?.label ?? ""}`,
		);
	}
}
