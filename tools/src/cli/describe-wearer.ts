import type { WearerStatus } from "@bodycam/protocol/camera/wearer";
import type { AssignmentRefusal, WearerObstacle, WearerState } from "@bodycam/protocol/wearer/terms";
import { formatMoment } from "./format.ts";
import { formatFacts } from "./table.ts";

/** Why nothing is recorded as far as the wearer goes, in words. */
export const obstacleTexts: Readonly<Record<WearerObstacle, string>> = {
	"no-wearer": "nobody is assigned",
	"consent-withdrawn": "the wearer has withdrawn the consent",
	"not-checked-out": "the camera is not checked out",
	"clock-unset": "the clock is not set, so no date can be checked",
	"not-yet-valid": "the assignment is not valid yet",
	"assignment-expired": "the assignment has expired",
	"consent-expired": "the wearer's consent has expired",
	"training-expired": "the wearer's training has expired",
};

/** Why an assignment was not taken, in words. */
export const refusalTexts: Readonly<Record<AssignmentRefusal, string>> = {
	malformed: "it was no assignment, or damaged",
	"wrong-type": "it was another kind of document",
	"wrong-signer": "it was not signed by the camera's agency",
	"bad-signature": "its signature was not valid",
	"wrong-purpose": "it was signed with a key for something else",
	"wrong-agency": "it was of another agency",
	"wrong-device": "it was for another camera",
	"not-yet-valid": "it was not valid yet",
	expired: "it had expired",
	"not-provisioned": "the camera belongs to no agency yet",
	older: "a higher number, or the same one, had been taken before",
	"consent-expired": "the consent in it had expired",
	"training-expired": "the training in it had expired",
	"checked-out": "the camera was checked out",
	recording: "the camera was recording",
	"consent-withdrawn": "the consent was withdrawn meanwhile",
	"not-kept": "it could not be stored",
};

const stateTexts: Readonly<Record<WearerState, string>> = {
	unassigned: "nobody",
	assigned: "assigned",
	"checked-out": "checked out",
	withdrawn: "nobody, the consent was withdrawn",
};

/** Who wears the camera, in one line. */
export function describeWearer(status: {
	readonly state: WearerState;
	readonly wearer?: string | undefined;
	readonly obstacle?: WearerObstacle | undefined;
}): string {
	const { obstacle, state, wearer } = status;
	const who = wearer === undefined ? stateTexts[state] : `${wearer}, ${stateTexts[state]}`;
	if (obstacle === undefined) return who;
	const told = obstacle === "consent-withdrawn" || obstacle === "no-wearer";
	return `${who}; ${told ? "" : `${obstacleTexts[obstacle]}, `}it does not record`;
}

/** Everything the camera knows about its wearer, one fact a line. */
export function describeWearerStatus(status: WearerStatus): string {
	const { assignment, lastNumber, obstacle, state } = status;
	return formatFacts([
		["wearer", describeWearer({ state, obstacle, wearer: assignment?.wearer })],
		["assignment", assignment && String(assignment.number)],
		[
			"assigned",
			assignment && `${formatMoment(assignment.notBefore)} to ${formatMoment(assignment.notAfter)}`,
		],
		["consent", assignment && `until ${formatMoment(assignment.consentUntil)}`],
		["training", assignment && `until ${formatMoment(assignment.trainingUntil)}`],
		["last number", String(lastNumber)],
	]);
}
