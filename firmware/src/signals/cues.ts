import type { HapticPattern } from "../hal/haptic.ts";
import type { IndicatorPattern } from "../hal/indicator.ts";

/** A note of a tone. */
export interface Note {
	/** Frequency, Hz; 0 is a pause. */
	readonly hz: number;
	/** Length, ms. */
	readonly ms: number;
}

/** How the camera answers the wearer: seen, felt, heard. */
export interface Cue {
	/** What has happened, for people. */
	readonly means: string;
	/** The wearer's light, for as long as the cue lasts. */
	readonly light: IndicatorPattern;
	/** What the wearer feels. */
	readonly haptic: HapticPattern;
	/** What is heard, where the policy has tones; a pause between the notes is part of it. */
	readonly tone: readonly Note[];
	/** What the display shows; while something is recorded its first line says so. */
	readonly display: string;
}

/** How long light and display show a cue before they show the state again, ms. */
export const CUE_MS = 2000;

const WHITE = 0xffffff;
const RED = 0xff0000;
const AMBER = 0xff8000;
const GREEN = 0x00c000;
const BLUE = 0x0040ff;
const CYAN = 0x00c0c0;
const VIOLET = 0x9000ff;

const light = (color: number, on: number, off: number): IndicatorPattern => ({ color, on, off });
const feel = (on: number, off: number, pulses: number): HapticPattern => ({ on, off, pulses });

const LOW = 440;
const MIDDLE = 660;
const HIGH = 880;
const TOP = 1320;

/** Notes of 90 ms with pauses of 40 ms. */
const notes = (...frequencies: number[]): Note[] => {
	return frequencies.flatMap((hz, index) => [...(index > 0 ? [{ hz: 0, ms: 40 }] : []), { hz, ms: 90 }]);
};

/**
 * All answers to gestures and all alarms. No two share a light, a pulse, a tone or a text: whoever cannot look feels
 * the difference, and whoever cannot feel sees it. The table in docs/behaviour.md is made from this one.
 */
export const CUES = {
	started: {
		means: "the recording has started",
		light: light(RED, 1500, 500),
		haptic: feel(400, 0, 1),
		tone: notes(MIDDLE, TOP),
		display: "AUFNAHME\nBild und Ton\nRECORDING",
	},
	danger: {
		means: "the recording has started in imminent danger, without announcement",
		light: light(RED, 60, 60),
		haptic: feel(400, 100, 2),
		tone: notes(TOP, TOP, TOP),
		display: "AUFNAHME\nGefahr im Verzug\nRECORDING",
	},
	announced: {
		means: "announced and shown; nothing is recorded",
		light: light(BLUE, 400, 400),
		haptic: feel(120, 0, 1),
		tone: notes(MIDDLE),
		display: "KAMERA BEREIT\nKeine Aufnahme\nNot recording",
	},
	repeated: {
		means: "the announcement is said again",
		light: light(BLUE, 200, 200),
		haptic: feel(120, 120, 2),
		tone: notes(MIDDLE, MIDDLE),
		display: "AUFNAHME\nAnsage\nAnnouncing",
	},
	stopAsked: {
		means: "hold again to stop",
		light: light(AMBER, 150, 150),
		haptic: feel(80, 80, 3),
		tone: notes(HIGH, MIDDLE, HIGH),
		display: "AUFNAHME\nZum Beenden nochmals halten\nHold again to stop",
	},
	stopped: {
		means: "the recording has ended",
		light: light(AMBER, 1500, 500),
		haptic: feel(150, 150, 2),
		tone: notes(TOP, MIDDLE),
		display: "AUFNAHME BEENDET\nRecording ended",
	},
	calmed: {
		means: "the warning has ended",
		light: light(GREEN, 1500, 500),
		haptic: feel(120, 120, 3),
		tone: notes(MIDDLE, LOW),
		display: "KAMERA\nHinweis beendet\nWarning ended",
	},
	marked: {
		means: "the moment is marked",
		light: light(CYAN, 100, 100),
		haptic: feel(60, 0, 1),
		tone: notes(HIGH),
		display: "AUFNAHME\nMarke gesetzt\nMarked",
	},
	homeAsked: {
		means: "press twice again to confirm that this is a home",
		light: light(VIOLET, 150, 150),
		haptic: feel(60, 200, 2),
		tone: notes(HIGH, LOW, HIGH),
		display: "AUFNAHME\nWohnung? Nochmals drücken\nHome? Press again",
	},
	home: {
		means: "the recording is marked as one in a home",
		light: light(VIOLET, 1500, 500),
		haptic: feel(60, 200, 3),
		tone: notes(HIGH, LOW),
		display: "AUFNAHME\nIn einer Wohnung\nIn a home",
	},
	paused: {
		means: "paused: nothing is recorded",
		light: light(BLUE, 1000, 1000),
		haptic: feel(300, 300, 2),
		tone: notes(LOW, LOW),
		display: "PAUSE\nKeine Aufnahme\nNot recording",
	},
	resumed: {
		means: "the recording goes on",
		light: light(RED, 300, 300),
		haptic: feel(300, 300, 1),
		tone: notes(LOW, HIGH),
		display: "AUFNAHME\nFortgesetzt\nResumed",
	},
	consentGiven: {
		means: "marked: consent given",
		light: light(GREEN, 100, 100),
		haptic: feel(40, 60, 3),
		tone: notes(LOW, MIDDLE, HIGH),
		display: "AUFNAHME\nEinwilligung erteilt\nConsent given",
	},
	consentRefused: {
		means: "marked: consent refused or withdrawn",
		light: light(WHITE, 100, 100),
		haptic: feel(40, 60, 6),
		tone: notes(HIGH, MIDDLE, LOW),
		display: "EINWILLIGUNG\nverweigert oder widerrufen\nConsent refused",
	},
	armed: {
		means: "pre-recording runs",
		light: light(GREEN, 250, 250),
		haptic: feel(100, 60, 2),
		tone: notes(MIDDLE, HIGH),
		display: "KAMERA\nVorabaufnahme ein\nPre-recording on",
	},
	disarmed: {
		means: "pre-recording is off, and what it held is overwritten",
		light: light(GREEN, 1000, 1000),
		haptic: feel(100, 60, 3),
		tone: notes(HIGH, MIDDLE),
		display: "KAMERA\nVorabaufnahme aus\nPre-recording off",
	},
	withdrawn: {
		means: "the wearer's consent to wear the camera is withdrawn",
		light: light(WHITE, 1500, 500),
		haptic: feel(800, 0, 1),
		tone: notes(MIDDLE, LOW, LOW),
		display: "KAMERA AUS\nKeine Aufnahme möglich\nCamera off",
	},
	stillNeeded: {
		means: "is the recording still needed? One press says yes",
		light: light(AMBER, 400, 400),
		haptic: feel(200, 200, 3),
		tone: notes(HIGH, HIGH),
		display: "AUFNAHME\nNoch nötig?\nStill needed?",
	},
	answered: {
		means: "the answer is noted",
		light: light(CYAN, 300, 300),
		haptic: feel(60, 60, 2),
		tone: notes(HIGH, TOP),
		display: "AUFNAHME\nNotiert\nNoted",
	},
	reasonAsked: {
		means: "a reason is demanded: one press shows the next, two presses take it",
		light: light(VIOLET, 400, 400),
		haptic: feel(200, 100, 4),
		tone: notes(LOW, HIGH, LOW),
		display: "BEGRÜNDUNG\nReason",
	},
	reasonTaken: {
		means: "the reason is noted",
		light: light(VIOLET, 100, 100),
		haptic: feel(60, 120, 2),
		tone: notes(LOW, TOP),
		display: "BEGRÜNDUNG\nNotiert\nReason noted",
	},
	reminder: {
		means: "a recording runs",
		light: light(RED, 100, 900),
		haptic: feel(80, 0, 1),
		tone: notes(LOW),
		display: "AUFNAHME\nläuft\nRECORDING",
	},
	stillPaused: {
		means: "the recording is still paused",
		light: light(BLUE, 100, 900),
		haptic: feel(80, 80, 2),
		tone: notes(LOW, LOW, LOW),
		display: "PAUSE\nNoch unterbrochen\nStill paused",
	},
	secrecy: {
		means: "no recording in places of professional secrecy",
		light: light(WHITE, 400, 400),
		haptic: feel(40, 40, 2),
		tone: notes(TOP, LOW),
		display: "KEINE AUFNAHME\nbei Berufsgeheimnisträgern\nNot in places of professional secrecy",
	},
	batteryLow: {
		means: "the battery is at its reserve",
		light: light(AMBER, 100, 400),
		haptic: feel(500, 200, 2),
		tone: notes(HIGH, HIGH, LOW),
		display: "AKKU SCHWACH\nBattery low",
	},
	cardLow: {
		means: "the card is at its reserve",
		light: light(AMBER, 100, 900),
		haptic: feel(500, 100, 3),
		tone: notes(HIGH, HIGH, MIDDLE),
		display: "SPEICHER FAST VOLL\nMemory card nearly full",
	},
	fault: {
		means: "something has failed",
		light: light(RED, 120, 120),
		haptic: feel(250, 120, 4),
		tone: [
			{ hz: HIGH, ms: 120 },
			{ hz: 0, ms: 80 },
			{ hz: HIGH, ms: 120 },
			{ hz: 0, ms: 80 },
			{ hz: HIGH, ms: 120 },
		],
		display: "STÖRUNG\nFault",
	},
	refused: {
		means: "not possible or not allowed now",
		light: light(RED, 60, 240),
		haptic: feel(60, 60, 5),
		tone: notes(LOW, LOW, LOW, LOW),
		display: "NICHT MÖGLICH\nNot possible",
	},
	forbidden: {
		means: "the rules do not allow the camera to record",
		light: light(AMBER, 60, 240),
		haptic: feel(500, 200, 3),
		tone: notes(LOW, LOW, LOW, MIDDLE),
		display: "NICHT BEREIT\nNot ready",
	},
} as const satisfies Record<string, Cue>;

/** Name of a cue. */
export type CueName = keyof typeof CUES;
