import type { Policy } from "./policy.ts";

/** Name of the key-value entry that holds the settings, a CBOR map. */
export const SETTINGS_KEY = "settings";

/** What the organisation chose within the policy, as it is stored. Unknown keys are ignored. */
export interface StoredSettings {
	/** Name of the camera, for people. */
	readonly name?: string;
	/** Chosen length of the pre-recording, ms; 0 turns it off. */
	readonly preRecordMs?: number;
}

/** The settings in force. */
export interface Settings {
	/** Name of the camera, for people. */
	readonly name: string;
	/** Length of the pre-recording, ms, within the policy's maximum; 0 when it is off. */
	readonly preRecordMs: number;
	/** Whether sound is pre-recorded. */
	readonly preRecordSound: boolean;
}

const NAME_MAX_LENGTH = 32;

/**
 * The settings in force: what was chosen, held within what the policy allows.
 * @param policy - the policy in force
 * @param stored - the decoded value of `SETTINGS_KEY`, whatever it is; what makes no sense counts as not chosen
 * @param serial - serial number of the device, which names it until it has a name
 */
export function settingsWithin(policy: Policy, stored: unknown, serial: string): Settings {
	const chosen: { readonly [key: string]: unknown } =
		typeof stored === "object" && stored !== null ? { ...stored } : {};
	const { preRecordMs, name } = chosen;
	const rule = policy.preRecording;
	const wanted =
		typeof preRecordMs === "number" && Number.isFinite(preRecordMs) && preRecordMs >= 0
			? Math.floor(preRecordMs)
			: rule.defaultMs;
	return {
		name: typeof name === "string" && name.length > 0 ? name.slice(0, NAME_MAX_LENGTH) : `camera-${serial}`,
		preRecordMs: rule.mode === "off" ? 0 : Math.min(wanted, rule.maximumMs),
		preRecordSound: rule.sound,
	};
}
