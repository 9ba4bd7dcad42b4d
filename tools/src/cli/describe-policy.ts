import type { PolicyState, PolicyStatus } from "@bodycam/protocol/camera/policy";
import type { PolicyProfile } from "@bodycam/protocol/policy/profile";
import { formatDuration, formatMoment } from "./format.ts";
import { formatTable } from "./table.ts";

/** What each state of a camera's policy means, for people. */
export const policyStateTexts: Readonly<Record<PolicyState, string>> = {
	loading: "the policy is being loaded",
	"in-force": "in force",
	none: "there is no policy",
	damaged: "the policy kept in the camera is damaged",
	"not-yet-valid": "the policy is not valid yet",
	expired: "the policy has expired",
};

/** The policy of a camera in one line. */
export function describePolicyStatus({ state, installed, waiting }: PolicyStatus): string {
	const which =
		installed === undefined
			? ""
			: `${installed.name} version ${installed.version} of ${installed.agency}, until ${formatMoment(installed.expires)}`;
	const next = waiting === undefined ? "" : `; version ${waiting} takes effect after the recording`;
	if (state === "in-force") return which + next;
	return `${policyStateTexts[state]}: nothing is recorded${which === "" ? "" : ` (${which})`}${next}`;
}

/** The built-in profiles as a table. */
export function describeProfiles(profiles: readonly PolicyProfile[]): string {
	return formatTable(
		["name", "title", "pre-recording", "retention"],
		profiles.map(({ name, title, preRecording, retention }) => [
			name,
			title,
			preRecordingText(preRecording),
			`${retention.days} d`,
		]),
	);
}

function preRecordingText({ mode, defaultMs, maximumMs, locked }: PolicyProfile["preRecording"]): string {
	if (mode === "off") return locked ? "off, locked" : "off";
	const length =
		defaultMs === maximumMs
			? formatDuration(defaultMs)
			: `${formatDuration(defaultMs)}, at most ${formatDuration(maximumMs)}`;
	return `${length}, ${mode === "always" ? "always" : "armed by hand"}`;
}
