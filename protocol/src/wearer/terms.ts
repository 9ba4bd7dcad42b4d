import { TRUST_REASONS } from "../trust/trust-error.ts";

/** What a camera knows of its wearer: nobody, who it is, who has taken it out, or that its wearer withdrew. */
export const WEARER_STATES = ["unassigned", "assigned", "checked-out", "withdrawn"] as const;

/** One of `WEARER_STATES`. */
export type WearerState = (typeof WEARER_STATES)[number];

/** Why the dates of an assignment do not cover a moment. */
export const VALIDITY_OBSTACLES = [
	"not-yet-valid",
	"assignment-expired",
	"consent-expired",
	"training-expired",
] as const;

/** One of `VALIDITY_OBSTACLES`. */
export type ValidityObstacle = (typeof VALIDITY_OBSTACLES)[number];

/** Why nothing may be recorded as far as the wearer goes. */
export const WEARER_OBSTACLES = [
	"no-wearer",
	"consent-withdrawn",
	"not-checked-out",
	"clock-unset",
	...VALIDITY_OBSTACLES,
] as const;

/** One of `WEARER_OBSTACLES`. */
export type WearerObstacle = (typeof WEARER_OBSTACLES)[number];

/** Who withdrew the consent: the wearer on the camera, or somebody over the link. */
export const WITHDRAWAL_SOURCES = ["button", "link"] as const;

/** One of `WITHDRAWAL_SOURCES`. */
export type WithdrawalSource = (typeof WITHDRAWAL_SOURCES)[number];

/** Why an assignment is not taken. */
export const ASSIGNMENT_REFUSALS = [
	...TRUST_REASONS,
	"not-provisioned",
	"older",
	"consent-expired",
	"training-expired",
	"checked-out",
	"recording",
	"consent-withdrawn",
	"not-kept",
] as const;

/** One of `ASSIGNMENT_REFUSALS`. */
export type AssignmentRefusal = (typeof ASSIGNMENT_REFUSALS)[number];
