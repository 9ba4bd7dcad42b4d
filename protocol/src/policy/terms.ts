/** When the pre-record ring runs: never, after the wearer armed it, or whenever the camera is ready. */
export const PRE_RECORDING_MODES = ["off", "manual", "always"] as const;

/** One of `PRE_RECORDING_MODES`. */
export type PreRecordingMode = (typeof PRE_RECORDING_MODES)[number];

/** When people are told: before the recording, which starts after the words, or together with its start. */
export const ANNOUNCEMENT_TIMES = ["before", "with-start"] as const;

/** Ways to remind the wearer that a recording runs. */
export const REMINDER_CUES = ["haptic", "tone", "light", "display"] as const;

/** Situations in which a policy may ask for the consent of the person recorded. */
export const CONSENT_SITUATIONS = ["private-place", "voluntary-statement"] as const;

/** One of `CONSENT_SITUATIONS`. */
export type ConsentSituation = (typeof CONSENT_SITUATIONS)[number];

/** What happens when consent is refused or withdrawn: the recording ends, or goes on without sound. */
export const CONSENT_REFUSALS = ["mute", "stop"] as const;

/**
 * What remains allowed in a reduced condition, from the least to the most: nothing; announcing and showing without
 * recording; recording without pre-recording; everything as usual.
 */
export const ALLOWANCES = ["nothing", "warning", "recording", "everything"] as const;

/** One of `ALLOWANCES`. */
export type Allowance = (typeof ALLOWANCES)[number];
