/** When the pre-record ring runs: never, after the wearer armed it, or whenever the camera is ready. */
export type PreRecordingMode = "off" | "armed" | "always";

/** Language of a spoken announcement. */
export type AnnouncementLanguage = "de" | "en";

/** What may be kept from before the trigger. */
export interface PreRecordingRule {
	/** When the ring runs. */
	readonly mode: PreRecordingMode;
	/** Length while the wearer's organisation has not chosen another, ms. */
	readonly defaultMs: number;
	/** Longest length that may be chosen, ms. */
	readonly maximumMs: number;
	/** Whether sound is kept with the picture. */
	readonly sound: boolean;
}

/** How people are told that a recording runs. */
export interface AnnouncementRule {
	/** When it is made: with the trigger of a recording, or not by the camera. */
	readonly when: "trigger" | "never";
	/** Whether it is spoken. */
	readonly spoken: boolean;
	/** The languages in which it is spoken, in this order. */
	readonly languages: readonly AnnouncementLanguage[];
	/** Volume in percent. */
	readonly volume: number;
	/** Whether the light that faces the public shows it. */
	readonly light: boolean;
	/** Whether the front display shows it. */
	readonly display: boolean;
	/** Whether the wearer feels that the recording began. */
	readonly haptic: boolean;
}

/** How the wearer commands the camera with the event button. */
export interface GestureRule {
	/** Longest time from the first press to the second of a double press, ms. */
	readonly doublePressMs: number;
	/** Time the button is held to stop, ms. */
	readonly holdMs: number;
	/** Time a level has to last to count, ms. */
	readonly debounceMs: number;
}

/** What the camera reminds the wearer of. */
export interface ReminderRule {
	/** While recording, the wearer feels a pulse this often, ms; 0 never. */
	readonly recordingMs: number;
	/** The battery warning comes at this many minutes of recording left. */
	readonly batteryMinutes: number;
}

/** Everything that the rules of a place decide about the camera's behaviour, as data. */
export interface Policy {
	/** Its name, as status tells it. */
	readonly name: string;
	/** What may be kept from before the trigger. */
	readonly preRecording: PreRecordingRule;
	/** How people are told. */
	readonly announcement: AnnouncementRule;
	/** How the wearer commands the camera. */
	readonly gestures: GestureRule;
	/** What the camera reminds of. */
	readonly reminders: ReminderRule;
}
