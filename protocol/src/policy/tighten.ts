import { boolean, choice, type Infer, map, optional, text, uint } from "../schema/schema.ts";
import { parse, SchemaError } from "../schema/validate.ts";
import { INTERVAL_MIN_MS, type Policy } from "./document.ts";
import { PRE_RECORDING_MODES, type PreRecordingMode } from "./terms.ts";

/**
 * Schema of `LocalSettings`: what the wearer's organisation may choose on one camera. There is a setting only where
 * tighter is defined; retention is none of them, since a shorter one would destroy evidence.
 */
export const localSettings = map(
	{
		name: optional(text(32, { doc: "name of the camera, for people" })),
		preRecordMs: optional(uint({ doc: "length of the pre-recording, ms; 0: off" })),
		preRecordMode: optional(choice(PRE_RECORDING_MODES)),
		preRecordSound: optional(boolean()),
		announcementRepeatMs: optional(uint({ doc: "repeats the announcement at least this often, ms" })),
		imminentDanger: optional(boolean({ doc: "false: the announcement is never skipped" })),
		remoteStart: optional(boolean({ doc: "false: no recording is started over the link" })),
		reasonRequired: optional(boolean({ doc: "true: every recording needs a reason" })),
		stopConfirmation: optional(boolean({ doc: "true: the stop is confirmed" })),
		stillNeededMs: optional(uint({ doc: "asks at least this often whether the recording is needed, ms" })),
		lowBatteryMinutes: optional(uint({ max: 240, doc: "warns at the latest at so many minutes" })),
		lowCardMinutes: optional(uint({ max: 1440, doc: "warns at the latest at so many minutes" })),
		checkOutRequired: optional(boolean({ doc: "true: records only while checked out" })),
	},
	{ name: "local-settings", doc: "what is chosen on one camera; it can only tighten the policy" },
);

/** What the wearer's organisation may choose on one camera. */
export type LocalSettings = Infer<typeof localSettings>;

/** Pre-recording as it is in force. */
export interface EffectivePreRecording {
	/** When the ring runs; `off` whenever `lengthMs` is 0. */
	readonly mode: PreRecordingMode;
	/** Length, ms, never above the policy's maximum. */
	readonly lengthMs: number;
	/** The policy's maximum, ms. */
	readonly maximumMs: number;
	/** Whether sound is kept with the picture. */
	readonly sound: boolean;
	/** Whether it is locked off. */
	readonly locked: boolean;
}

/** A policy with the local settings applied: what the camera goes by. */
export interface EffectivePolicy extends Omit<Policy, "preRecording"> {
	/** Pre-recording as it is in force. */
	readonly preRecording: EffectivePreRecording;
}

/**
 * The policy with local settings applied. Settings that would loosen it have no effect: a camera never does more
 * than its policy says, whatever is stored on it.
 */
export function tighten(policy: Policy, settings: LocalSettings): EffectivePolicy {
	const { activation, announcement, stop, reserve, wearer } = policy;
	const { imminentDanger } = announcement;
	return {
		...policy,
		preRecording: preRecording(policy, settings),
		activation: {
			remoteStart: activation.remoteStart && settings.remoteStart !== false,
			reasonRequired: activation.reasonRequired || settings.reasonRequired === true,
		},
		announcement: {
			...announcement,
			repeatMs: sooner(announcement.repeatMs, settings.announcementRepeatMs),
			imminentDanger: {
				...imminentDanger,
				allowed: imminentDanger.allowed && settings.imminentDanger !== false,
			},
		},
		stop: {
			...stop,
			confirmation: stop.confirmation || settings.stopConfirmation === true,
			stillNeededMs: sooner(stop.stillNeededMs, settings.stillNeededMs),
		},
		reserve: {
			lowBatteryMinutes: Math.max(reserve.lowBatteryMinutes, settings.lowBatteryMinutes ?? 0),
			lowCardMinutes: Math.max(reserve.lowCardMinutes, settings.lowCardMinutes ?? 0),
		},
		wearer: {
			...wearer,
			checkOutRequired: wearer.checkOutRequired || settings.checkOutRequired === true,
		},
	};
}

/**
 * Settings out of what is stored. A member that makes no sense counts as not chosen, so that a damaged entry costs
 * no more than itself.
 */
export function readSettings(stored: unknown): LocalSettings {
	const settings: Record<string, unknown> = {};
	for (const key in localSettings.fields) {
		const field = localSettings.fields[key as keyof typeof localSettings.fields];
		try {
			const member = parse(map({ [key]: field }), stored)[key];
			if (member !== undefined) settings[key] = member;
		} catch (error) {
			if (!(error instanceof SchemaError)) throw error;
		}
	}
	return settings as LocalSettings;
}

function preRecording(policy: Policy, settings: LocalSettings): EffectivePreRecording {
	const { mode, maximumMs, defaultMs, sound, locked } = policy.preRecording;
	const allowed = mode === "off" || locked ? 0 : maximumMs;
	const lengthMs = Math.min(settings.preRecordMs ?? defaultMs, allowed);
	return {
		mode: lengthMs === 0 ? "off" : lesser(mode, settings.preRecordMode),
		lengthMs: settings.preRecordMode === "off" ? 0 : lengthMs,
		maximumMs,
		sound: sound && settings.preRecordSound !== false,
		locked,
	};
}

function lesser(mode: PreRecordingMode, chosen: PreRecordingMode | undefined): PreRecordingMode {
	if (chosen === undefined) return mode;
	const rank = Math.min(PRE_RECORDING_MODES.indexOf(mode), PRE_RECORDING_MODES.indexOf(chosen));
	return PRE_RECORDING_MODES[rank] ?? "off";
}

/** The shorter of two intervals in ms, of which 0 means never; a chosen one is never so short that nothing else is done. */
function sooner(policyMs: number, chosenMs: number | undefined): number {
	if (chosenMs === undefined || chosenMs === 0) return policyMs;
	const wanted = Math.max(chosenMs, INTERVAL_MIN_MS);
	return policyMs === 0 ? wanted : Math.min(policyMs, wanted);
}
