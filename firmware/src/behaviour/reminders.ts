import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { EffectivePolicy } from "@bodycam/protocol/policy/tighten";
import type { CaptureState } from "../capture/table.ts";
import type { Timer, Timers } from "../hal/timers.ts";
import type { Signals } from "../signals/signals.ts";

/** How long the wearer has to answer whether the recording is still needed, µs. */
export const ANSWER_TIME = 30_000_000;

/** Options of `Reminders`. */
export interface RemindersOptions {
	/** Clock and timers. */
	readonly timers: Timers;
	/** The policy in force; undefined: none, and nothing is reminded of. */
	readonly policy: () => EffectivePolicy | undefined;
	/** Shows and lets feel. */
	readonly signals: Pick<Signals, "play" | "feel" | "glow" | "ask">;
	/** Lets the tone of a reminder be heard. */
	readonly tone: () => void;
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
	/** The warning has lasted as long as the policy lets it. */
	readonly onWarningOver: () => void;
}

/** Calls back again and again. */
class Repeating {
	private readonly timer: Timer;
	private interval = 0;

	constructor(timers: Timers, onTime: () => void) {
		this.timer = timers.create(() => {
			this.timer.start(this.interval);
			onTime();
		});
	}

	/** Runs with an interval in ms; 0 stops it, and the one it runs with goes on. */
	run(ms: number): void {
		const interval = ms * 1000;
		if (interval === this.interval && (interval === 0 || this.timer.running)) return;
		this.interval = interval;
		if (interval === 0) this.timer.stop();
		else this.timer.start(interval);
	}
}

/** Reminds the wearer of what goes on, and asks whether the recording is still needed. Nothing ends by itself. */
export class Reminders {
	private readonly options: RemindersOptions;
	private readonly reminder: Repeating;
	private readonly question: Repeating;
	private readonly pause: Repeating;
	private readonly warning: Timer;
	private readonly answer: Timer;
	private recording = 0;

	/** @param options - see `RemindersOptions` */
	constructor(options: RemindersOptions) {
		const { timers } = options;
		this.options = options;
		this.reminder = new Repeating(timers, () => this.remind());
		this.question = new Repeating(timers, () => this.ask());
		this.pause = new Repeating(timers, () => {
			options.signals.play("stillPaused");
			options.emit({ type: "reminded", what: "paused" });
		});
		this.warning = timers.create(() => options.onWarningOver());
		this.answer = timers.create(() => this.answered("none"));
	}

	/** Whether the wearer is asked if the recording is still needed. */
	get asks(): boolean {
		return this.answer.running;
	}

	/** The state of capture changed. @param recording - number of the one under way, 0 without one */
	stateChanged(state: CaptureState, recording: number): void {
		const policy = this.options.policy();
		const runs = state === "recording";
		this.reminder.run(runs ? (policy?.stop.reminderMs ?? 0) : 0);
		this.pause.run(state === "paused" ? (policy?.coreAreaPause.reminderMs ?? 0) : 0);
		// The interval of the question goes on in a pause: it is one of the same recording.
		const asks = (runs || state === "paused") && policy !== undefined;
		if (recording !== this.recording) this.question.run(0);
		this.question.run(asks ? policy.stop.stillNeededMs : 0);
		if (!asks && this.asks) this.answered("none");
		this.recording = recording;
		if (state !== "warning") this.warning.stop();
		else if (!this.warning.running && (policy?.warning.maximumMs ?? 0) > 0)
			this.warning.start((policy?.warning.maximumMs ?? 0) * 1000);
	}

	/** The wearer answers, or has not. */
	answered(answer: "yes" | "none"): void {
		this.answer.stop();
		this.options.signals.ask(undefined);
		this.options.emit({ type: "still-needed-answered", recording: this.recording, answer });
		if (answer === "yes") this.options.signals.play("answered");
	}

	private ask(): void {
		// Where the policy asks more often than an answer may take, the question before has had none.
		if (this.asks) this.answered("none");
		this.options.emit({ type: "still-needed-asked", recording: this.recording });
		this.options.signals.ask("stillNeeded");
		this.answer.start(ANSWER_TIME);
	}

	private remind(): void {
		const { signals, policy, tone } = this.options;
		const cues = policy()?.stop.reminderCues ?? [];
		if (cues.includes("display")) signals.play("reminder");
		else {
			if (cues.includes("haptic")) signals.feel("reminder");
			if (cues.includes("light")) signals.glow("reminder");
		}
		if (cues.includes("tone")) tone();
	}
}
