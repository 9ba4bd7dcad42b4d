import type { CaptureObstacle } from "@bodycam/protocol/camera/capture-terms";
import type { Fault } from "@bodycam/protocol/camera/terms";
import type { CaptureState } from "../capture/table.ts";
import type { IndicatorPattern } from "../hal/indicator.ts";

/** A light that is out. */
export const DARK: IndicatorPattern = { color: 0x000000, on: 0, off: 0 };
/** The wearer's light while a fault does not keep the camera from recording. */
export const AMBER_BLINKING: IndicatorPattern = { color: 0xff8000, on: 300, off: 700 };

const RED: IndicatorPattern = { color: 0xff0000, on: 0, off: 0 };
const RED_BLINKING: IndicatorPattern = { color: 0xff0000, on: 500, off: 500 };
const RED_HURRIED: IndicatorPattern = { color: 0xff0000, on: 120, off: 120 };
const GREEN: IndicatorPattern = { color: 0x00c000, on: 0, off: 0 };
const GREEN_BLINKING: IndicatorPattern = { color: 0x00c000, on: 100, off: 1900 };
const AMBER: IndicatorPattern = { color: 0xff8000, on: 0, off: 0 };
const BLUE: IndicatorPattern = { color: 0x0040ff, on: 0, off: 0 };
const BLUE_BLINKING: IndicatorPattern = { color: 0x0040ff, on: 1000, off: 1000 };

/** What lights and display show in a state, for as long as it lasts. */
export interface StateSignal {
	/** The light that faces the public. */
	readonly public: IndicatorPattern;
	/** The light that faces the wearer. */
	readonly wearer: IndicatorPattern;
	/** The front display. */
	readonly display: string;
}

const WORN_TEXT = "KAMERA\nOrdnungsdienst";

/** What lights and display show, by the state of capture. */
export const STATE_SIGNALS: Readonly<Record<CaptureState, StateSignal>> = {
	off: { public: DARK, wearer: DARK, display: "" },
	ready: { public: DARK, wearer: GREEN, display: WORN_TEXT },
	warning: { public: AMBER, wearer: BLUE, display: "ACHTUNG KAMERA\nKeine Aufnahme\nNot recording" },
	armed: { public: DARK, wearer: GREEN_BLINKING, display: WORN_TEXT },
	recording: { public: RED_BLINKING, wearer: RED, display: "AUFNAHME\nBild und Ton\nRECORDING" },
	paused: {
		public: AMBER_BLINKING,
		wearer: BLUE_BLINKING,
		display: "AUFNAHME UNTERBROCHEN\nKeine Aufnahme\nNot recording",
	},
	finishing: { public: DARK, wearer: AMBER, display: WORN_TEXT },
	fault: { public: DARK, wearer: RED_HURRIED, display: "" },
};

/** What the display shows while a recording goes on without sound. */
export const MUTED_TEXT = "AUFNAHME\nNur Bild, kein Ton\nPicture only";

/** What the display says when a fault keeps the camera from recording. */
export const FAULT_TEXTS: Partial<Readonly<Record<Fault, string>>> = {
	"card-missing": "STÖRUNG\nKeine Speicherkarte\nNo memory card",
	"card-full": "STÖRUNG\nSpeicherkarte voll\nMemory card full",
	"card-error": "STÖRUNG\nSpeicherkarte defekt\nMemory card error",
	"card-read-only": "STÖRUNG\nSpeicherkarte schreibgeschützt\nMemory card read-only",
	"camera-fault": "STÖRUNG\nKamera\nCamera fault",
	"speaker-fault": "STÖRUNG\nLautsprecher\nSpeaker fault",
};

/** The public reads this too: what keeps a wearer from recording is nobody else's business. */
const NO_WEARER_TEXT = "NICHT BEREIT\nKeine Aufnahme möglich\nNo recording possible";

/** What the display says while the camera may not record. */
export const OBSTACLE_TEXTS: Readonly<Record<CaptureObstacle, string>> = {
	"no-policy": "NICHT BEREIT\nKeine gültige Richtlinie\nNo valid policy",
	"no-wearer": NO_WEARER_TEXT,
	"consent-withdrawn": NO_WEARER_TEXT,
	"not-checked-out": NO_WEARER_TEXT,
	"clock-unset": "NICHT BEREIT\nUhr nicht gestellt\nClock not set",
	"not-yet-valid": NO_WEARER_TEXT,
	"assignment-expired": NO_WEARER_TEXT,
	"consent-expired": NO_WEARER_TEXT,
	"training-expired": NO_WEARER_TEXT,
	"battery-low": "NICHT BEREIT\nAkku schwach\nBattery low",
	"battery-empty": "NICHT BEREIT\nAkku leer\nBattery empty",
};
