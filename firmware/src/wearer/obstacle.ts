import type { Policy } from "@bodycam/protocol/policy/document";
import { type Assignment, validityObstacle } from "@bodycam/protocol/wearer/assignment";
import type { ValidityObstacle, WearerObstacle, WearerState } from "@bodycam/protocol/wearer/terms";

/** What the policy asks of the wearer, and what it allows while the clock is unset. */
export type WearerRule = Pick<Policy, "wearer" | "whenClockUnset">;

/** What is known of the wearer. */
export interface WearerFacts {
	/** State of the wearer table. */
	readonly state: WearerState;
	/** The assignment in force; undefined in `unassigned` and `withdrawn`. */
	readonly assignment: Assignment | undefined;
}

/**
 * Why nothing may be recorded as far as the wearer goes; undefined when something may. A withdrawal counts whatever
 * the policy asks for, and so do the dates of an assignment that is there.
 * @param now - ms since 1970 UTC; undefined while the clock is unset
 */
export function wearerObstacle(
	facts: WearerFacts,
	rule: WearerRule,
	now: number | undefined,
): WearerObstacle | undefined {
	const { assignment, state } = facts;
	const { assignmentRequired, checkOutRequired } = rule.wearer;
	if (state === "withdrawn") return "consent-withdrawn";
	if (assignment === undefined) return assignmentRequired || checkOutRequired ? "no-wearer" : undefined;
	return (
		dateObstacle(assignment, rule, now) ??
		(checkOutRequired && state !== "checked-out" ? "not-checked-out" : undefined)
	);
}

/**
 * Why the dates of an assignment do not let anything be recorded. While the clock is unset no date can be checked;
 * then it is the policy that says whether a recording is allowed all the same.
 */
export function dateObstacle(
	assignment: Assignment,
	rule: Pick<WearerRule, "whenClockUnset">,
	now: number | undefined,
): ValidityObstacle | "clock-unset" | undefined {
	if (now !== undefined) return validityObstacle(assignment, now);
	const { whenClockUnset } = rule;
	return whenClockUnset === "recording" || whenClockUnset === "everything" ? undefined : "clock-unset";
}
