import type { PolicyState, PolicyStatus } from "@bodycam/protocol/camera/policy";
import { formatMoment } from "./format.ts";

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
