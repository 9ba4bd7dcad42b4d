import type { CaptureObstacle } from "@bodycam/protocol/camera/capture-terms";
import type { Fault } from "@bodycam/protocol/camera/terms";
import type { CaptureState } from "../capture/table.ts";
import type { Display } from "../hal/display.ts";
import type { Haptic } from "../hal/haptic.ts";
import type { Indicator, IndicatorPattern } from "../hal/indicator.ts";
import type { Timer, Timers } from "../hal/timers.ts";
import { CUE_MS, CUES, type Cue, type CueName } from "./cues.ts";
import {
	AMBER_BLINKING,
	DARK,
	FAULT_TEXTS,
	MUTED_TEXT,
	OBSTACLE_TEXTS,
	STATE_SIGNALS,
} from "./state-signals.ts";

/** Which outputs the policy wants. */
export interface SignalRule {
	/** The public light tells of a recording. */
	readonly light: boolean;
	/** The display tells of a recording. */
	readonly display: boolean;
	/** The wearer feels that a recording has begun. */
	readonly haptic: boolean;
	/** Cues are heard. */
	readonly tone: boolean;
	/** The public light tells of a warning. */
	readonly warningLight: boolean;
	/** The display tells of a warning. */
	readonly warningDisplay: boolean;
}

/** What the camera shows, apart from cues. */
export interface Shown {
	/** State of capture. */
	readonly state: CaptureState;
	/** Faults present. */
	readonly faults: readonly Fault[];
	/** Why it is off. */
	readonly obstacle: CaptureObstacle | undefined;
	/** A recording goes on without sound. */
	readonly muted: boolean;
}

/** Options of `Signals`. */
export interface SignalsOptions {
	/** Clock and timers. */
	readonly timers: Timers;
	/** Which outputs the policy wants now. */
	readonly rule: () => SignalRule;
	/** The light that faces the public. */
	readonly publicLight: Indicator;
	/** The light that faces the wearer. */
	readonly wearerLight: Indicator;
	/** The front display. */
	readonly display: Display;
	/** The vibration motor. */
	readonly haptic: Haptic;
	/** Lets a cue's tone be heard. */
	readonly tone: (cue: CueName) => void;
}

/** First line of the display while something is recorded. */
const RECORDING_LINE = "AUFNAHME";

/**
 * Shows the camera's state on lights and display, answers gestures with a cue that passes, and keeps a question
 * until it is answered.
 */
export class Signals {
	private readonly options: SignalsOptions;
	private readonly timer: Timer;
	private shown: Shown = { state: "off", faults: [], obstacle: undefined, muted: false };
	private cue: { readonly light: IndicatorPattern; readonly text: string } | undefined;
	private question: { readonly light: IndicatorPattern; readonly text: string } | undefined;
	private shownText: string | undefined;
	private shownPublic: IndicatorPattern | undefined;
	private shownWearer: IndicatorPattern | undefined;

	/** @param options - see `SignalsOptions` */
	constructor(options: SignalsOptions) {
		this.options = options;
		this.timer = options.timers.create(() => {
			this.cue = undefined;
			this.refresh();
		});
	}

	/** Shows a state. What is shown already is not sent again. */
	show(shown: Shown): void {
		this.shown = shown;
		this.refresh();
	}

	/** Answers the wearer. @param text - for the display, instead of the cue's own */
	play(name: CueName, text?: string): void {
		const cue: Cue = CUES[name];
		const rule = this.options.rule();
		if (name !== "started" || rule.haptic) this.options.haptic.play(cue.haptic);
		if (rule.tone || name === "fault") this.options.tone(name);
		this.cue = { light: cue.light, text: text ?? cue.display };
		this.timer.start(CUE_MS * 1000);
		this.refresh();
	}

	/** Lets the wearer feel a cue, and nothing else. */
	feel(name: CueName): void {
		this.options.haptic.play(CUES[name].haptic);
	}

	/** Lets the wearer's light show a cue, and nothing else. */
	glow(name: CueName): void {
		this.cue = { light: CUES[name].light, text: this.cue?.text ?? this.stateText() };
		this.timer.start(CUE_MS * 1000);
		this.refresh();
	}

	/** Asks the wearer, until it is asked for nothing. @param text - for the display, instead of the cue's own */
	ask(name: CueName | undefined, text?: string): void {
		this.question =
			name === undefined ? undefined : { light: CUES[name].light, text: text ?? CUES[name].display };
		if (name !== undefined) this.play(name, text);
		else this.refresh();
	}

	private refresh(): void {
		const { publicLight, wearerLight, display } = this.options;
		const over = this.cue ?? this.question;
		const light = this.publicLight();
		const wearer = over?.light ?? this.wearerLight();
		const text = over === undefined ? this.stateText() : this.overText(over.text);
		if (light !== this.shownPublic) publicLight.show(light);
		if (wearer !== this.shownWearer) wearerLight.show(wearer);
		if (text !== this.shownText) display.show(text);
		this.shownPublic = light;
		this.shownWearer = wearer;
		this.shownText = text;
	}

	private publicLight(): IndicatorPattern {
		const { state } = this.shown;
		const rule = this.options.rule();
		if (state === "recording" && !rule.light) return DARK;
		if (state === "warning" && !rule.warningLight) return DARK;
		return STATE_SIGNALS[state].public;
	}

	private wearerLight(): IndicatorPattern {
		const { state, faults, obstacle } = this.shown;
		const busy = state === "recording" || state === "paused" || state === "fault";
		const hindered = faults.length > 0 || (state === "off" && obstacle !== undefined);
		return hindered && !busy ? AMBER_BLINKING : STATE_SIGNALS[state].wearer;
	}

	private stateText(): string {
		const { state, faults, obstacle, muted } = this.shown;
		const rule = this.options.rule();
		if (state === "recording") {
			if (!rule.display) return "";
			return muted ? MUTED_TEXT : STATE_SIGNALS.recording.display;
		}
		if (state === "warning" && !rule.warningDisplay) return STATE_SIGNALS.ready.display;
		if (state === "off" && obstacle !== undefined) return OBSTACLE_TEXTS[obstacle];
		if (state === "fault") {
			const known = faults.map((fault) => FAULT_TEXTS[fault]).find((text) => text !== undefined);
			if (known !== undefined) return known;
		}
		return STATE_SIGNALS[state].display;
	}

	/** While something is recorded the display never hides it. */
	private overText(text: string): string {
		if (this.shown.state !== "recording") return text;
		if (!this.options.rule().display) return "";
		if (text.startsWith(RECORDING_LINE)) return text;
		return [RECORDING_LINE, ...text.split("\n").slice(0, 2)].join("\n");
	}
}
