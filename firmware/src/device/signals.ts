import type { Fault } from "@bodycam/protocol/camera/terms";
import type { AnnouncementRule } from "@bodycam/protocol/policy/document";
import type { Forbidden } from "../capture/forbidden.ts";
import type { CaptureState } from "../capture/table.ts";
import type { Display } from "../hal/display.ts";
import type { Haptic, HapticPattern } from "../hal/haptic.ts";
import type { Indicator, IndicatorPattern } from "../hal/indicator.ts";

const DARK: IndicatorPattern = { color: 0x000000, on: 0, off: 0 };
const RED: IndicatorPattern = { color: 0xff0000, on: 0, off: 0 };
const RED_BLINKING: IndicatorPattern = { color: 0xff0000, on: 500, off: 500 };
const RED_HURRIED: IndicatorPattern = { color: 0xff0000, on: 120, off: 120 };
const GREEN: IndicatorPattern = { color: 0x00c000, on: 0, off: 0 };
const GREEN_BLINKING: IndicatorPattern = { color: 0x00c000, on: 100, off: 1900 };
const AMBER: IndicatorPattern = { color: 0xff8000, on: 0, off: 0 };
const AMBER_BLINKING: IndicatorPattern = { color: 0xff8000, on: 300, off: 700 };

/** What lights and display show in a state. */
interface Signal {
	/** The light that faces the public. */
	readonly public: IndicatorPattern;
	/** The light that faces the wearer. */
	readonly wearer: IndicatorPattern;
	/** The front display. */
	readonly display: string;
}

const RECORDING_TEXT = "AUFNAHME\nBild und Ton\nRECORDING";
/** The public reads this too: that a wearer withdrew the consent is nobody else's business. */
const NO_WEARER_TEXT = "NICHT BEREIT\nKeine Aufnahme möglich\nNo recording possible";
const NO_POLICY_TEXT = "NICHT BEREIT\nKeine gültige Richtlinie\nNo valid policy";
const WORN_TEXT = "KAMERA\nOrdnungsdienst";

/** What lights and display show, by the state of capture. */
const SIGNALS: Readonly<Record<CaptureState, Signal>> = {
	off: { public: DARK, wearer: DARK, display: "" },
	ready: { public: DARK, wearer: GREEN, display: WORN_TEXT },
	armed: { public: DARK, wearer: GREEN_BLINKING, display: WORN_TEXT },
	recording: { public: RED_BLINKING, wearer: RED, display: RECORDING_TEXT },
	finishing: { public: DARK, wearer: AMBER, display: WORN_TEXT },
	fault: { public: DARK, wearer: RED_HURRIED, display: "" },
};

/** What the display says, instead of the state's text, when a fault keeps the camera from recording. */
const FAULT_TEXTS: Partial<Readonly<Record<Fault, string>>> = {
	"card-missing": "STÖRUNG\nKeine Speicherkarte\nNo memory card",
	"card-full": "STÖRUNG\nSpeicherkarte voll\nMemory card full",
	"card-error": "STÖRUNG\nSpeicherkarte defekt\nMemory card error",
	"card-read-only": "STÖRUNG\nSpeicherkarte schreibgeschützt\nMemory card read-only",
	"camera-fault": "STÖRUNG\nKamera\nCamera fault",
};

/** What the wearer feels. */
export const FEEL = {
	started: { on: 400, off: 0, pulses: 1 },
	stopped: { on: 150, off: 150, pulses: 2 },
	reminder: { on: 80, off: 0, pulses: 1 },
	fault: { on: 250, off: 120, pulses: 4 },
	refused: { on: 60, off: 60, pulses: 5 },
	forbidden: { on: 500, off: 200, pulses: 3 },
} as const satisfies Record<string, HapticPattern>;

/** Options of `Signals`. */
export interface SignalsOptions {
	/** Which outputs the policy wants while recording, now. */
	readonly rule: () => Pick<AnnouncementRule, "light" | "display" | "haptic">;
	/** The light that faces the public. */
	readonly publicLight: Indicator;
	/** The light that faces the wearer. */
	readonly wearerLight: Indicator;
	/** The front display. */
	readonly display: Display;
	/** The vibration motor. */
	readonly haptic: Haptic;
}

/** Shows the camera's state on lights and display, and lets the wearer feel what happened. */
export class Signals {
	private readonly options: SignalsOptions;
	private shownText: string | undefined;
	private shownPublic: IndicatorPattern | undefined;
	private shownWearer: IndicatorPattern | undefined;

	/** @param options - see `SignalsOptions` */
	constructor(options: SignalsOptions) {
		this.options = options;
	}

	/** Shows a state, and why recording is not allowed at all, if it is not. What is shown already is not sent again. */
	show(state: CaptureState, faults: readonly Fault[], forbidden: Forbidden | undefined): void {
		const { publicLight, wearerLight, display } = this.options;
		const rule = this.options.rule();
		const signal = SIGNALS[state];
		const recording = state === "recording";
		const warned = faults.length > 0 && !recording && state !== "fault";
		const light = recording && !rule.light ? DARK : signal.public;
		const wearer = warned || (state === "off" && forbidden !== undefined) ? AMBER_BLINKING : signal.wearer;
		const shown = forbidden === undefined || state !== "off" ? signal.display : forbiddenText(forbidden);
		const text = recording && !rule.display ? "" : (faultText(state, faults) ?? shown);
		if (light !== this.shownPublic) publicLight.show(light);
		if (wearer !== this.shownWearer) wearerLight.show(wearer);
		if (text !== this.shownText) display.show(text);
		this.shownPublic = light;
		this.shownWearer = wearer;
		this.shownText = text;
	}

	/** Lets the wearer feel something. */
	feel(what: keyof typeof FEEL): void {
		if (what === "started" && !this.options.rule().haptic) return;
		this.options.haptic.play(FEEL[what]);
	}
}

function forbiddenText(forbidden: Forbidden): string {
	return forbidden === "no-policy" ? NO_POLICY_TEXT : NO_WEARER_TEXT;
}

function faultText(state: CaptureState, faults: readonly Fault[]): string | undefined {
	if (state !== "fault") return undefined;
	return faults.map((fault) => FAULT_TEXTS[fault]).find((text) => text !== undefined);
}
