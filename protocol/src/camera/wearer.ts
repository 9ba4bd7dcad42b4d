import { bytes, choice, type Infer, map, optional, text, uint } from "../schema/schema.ts";
import { command } from "../smp/command.ts";
import { declareErrors } from "../smp/errors.ts";
import { ReturnCode } from "../smp/return-code.ts";
import { ASSIGNMENT_BYTES_MAX, ASSIGNMENT_NUMBER_MAX, PSEUDONYM_MAX } from "../wearer/assignment.ts";
import { WEARER_OBSTACLES, WEARER_STATES } from "../wearer/terms.ts";
import { CameraGroup } from "./groups.ts";

/** State of the wearer table. */
export const wearerState = choice(WEARER_STATES, {
	name: "wearer-state",
	doc: "nobody, who it is, who has taken the camera out, or that its wearer withdrew the consent",
});

/** Why nothing may be recorded as far as the wearer goes. */
export const wearerObstacle = choice(WEARER_OBSTACLES, { name: "wearer-obstacle" });

/** Pseudonym of a wearer. */
export const pseudonym = text(PSEUDONYM_MAX, { name: "pseudonym", doc: "pseudonym of a wearer" });

const moment = (doc: string) => uint({ doc: `${doc}, ms since 1970 UTC` });

/** Schema of `WearerStatus`. */
export const wearerStatus = map(
	{
		state: wearerState,
		lastNumber: uint({
			max: ASSIGNMENT_NUMBER_MAX,
			doc: "highest number of an assignment the camera has taken; 0: none yet",
		}),
		obstacle: optional(wearerObstacle),
		assignment: optional(
			map({
				number: uint({ min: 1, max: ASSIGNMENT_NUMBER_MAX }),
				wearer: pseudonym,
				notBefore: moment("assigned from"),
				notAfter: moment("assigned until"),
				consentUntil: moment("the consent ends by itself then"),
				trainingUntil: moment("the training has to be repeated by then"),
			}),
		),
	},
	{ name: "wearer-status", doc: "who wears the camera, and what keeps it from recording on that account" },
);

/** Who wears the camera, and what keeps it from recording on that account. */
export type WearerStatus = Infer<typeof wearerStatus>;

const response = map({ status: wearerStatus });

/** Tells who wears the camera. */
export const wearerRead = command({
	name: "wearer-read",
	group: CameraGroup.wearer,
	id: 0,
	access: "read",
	role: "wearer",
	doc: "Tells who wears the camera and whether it may record for that wearer.",
	request: map({}),
	response,
});

/** Assigns the camera to a wearer. */
export const wearerAssign = command({
	name: "wearer-assign",
	group: CameraGroup.wearer,
	id: 1,
	access: "write",
	role: "technician",
	doc: "Assigns the camera to the wearer of a signed assignment. The same document again changes nothing while it is in force.",
	request: map({ document: bytes(ASSIGNMENT_BYTES_MAX, { min: 1, doc: "COSE_Sign1 of an assignment" }) }),
	response,
});

/** Withdraws the consent of the wearer. */
export const wearerWithdraw = command({
	name: "wearer-withdraw",
	group: CameraGroup.wearer,
	id: 2,
	access: "write",
	role: "wearer",
	doc: "Withdraws the wearer's consent, at once and without a reason: a recording ends, what was recorded is kept. Never refused.",
	request: map({}),
	response,
});

/** Begins a shift. */
export const wearerCheckOut = command({
	name: "wearer-check-out",
	group: CameraGroup.wearer,
	id: 3,
	access: "write",
	role: "wearer",
	doc: "The assigned wearer takes the camera out for a shift.",
	request: map({ wearer: optional(text(PSEUDONYM_MAX, { doc: "refused unless it is this one" })) }),
	response,
});

/** Ends a shift. */
export const wearerCheckIn = command({
	name: "wearer-check-in",
	group: CameraGroup.wearer,
	id: 4,
	access: "write",
	role: "wearer",
	doc: "The wearer brings the camera back after a shift.",
	request: map({}),
	response,
});

/** Errors of the wearer group. */
export const WearerError = declareErrors(CameraGroup.wearer, {
	notProvisioned: [2, ReturnCode.badState, "the camera belongs to no agency yet, so it trusts no assignment"],
	malformed: [3, ReturnCode.invalid, "it is not an assignment, or it is damaged"],
	wrongType: [4, ReturnCode.invalid, "the document is signed, but it is no assignment"],
	wrongSigner: [
		5,
		ReturnCode.accessDenied,
		"the assignment is not signed with the policy-signing key of the camera's agency",
	],
	badSignature: [6, ReturnCode.accessDenied, "the signature of the assignment is not valid"],
	wrongAgency: [7, ReturnCode.accessDenied, "the assignment is of another agency"],
	wrongCamera: [8, ReturnCode.invalid, "the assignment is for another camera"],
	older: [9, ReturnCode.invalid, "the camera has taken an assignment with this or a higher number already"],
	notYetValid: [10, ReturnCode.badState, "the assignment is not valid yet"],
	assignmentExpired: [11, ReturnCode.badState, "the assignment has expired"],
	consentExpired: [12, ReturnCode.badState, "the wearer's consent has expired"],
	trainingExpired: [13, ReturnCode.badState, "the wearer's training has expired"],
	clockUnset: [14, ReturnCode.badState, "the clock is not set, so no date can be checked"],
	noWearer: [15, ReturnCode.noEntry, "the camera is assigned to nobody"],
	consentWithdrawn: [16, ReturnCode.badState, "the wearer has withdrawn the consent"],
	checkedOut: [17, ReturnCode.badState, "the camera is checked out"],
	otherWearer: [18, ReturnCode.badState, "the camera is assigned to another wearer"],
	recording: [19, ReturnCode.busy, "the camera is recording"],
	notKept: [20, ReturnCode.unknown, "the camera could not store it; nothing has changed"],
});

/** The commands of the wearer group. */
export const WEARER_COMMANDS = [
	wearerRead,
	wearerAssign,
	wearerWithdraw,
	wearerCheckOut,
	wearerCheckIn,
] as const;
