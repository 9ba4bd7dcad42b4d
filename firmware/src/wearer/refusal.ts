import { TrustError } from "@bodycam/protocol/trust/trust-error";
import {
	ASSIGNMENT_REFUSALS,
	type AssignmentRefusal,
	type ValidityObstacle,
} from "@bodycam/protocol/wearer/terms";

/** Why something about the wearer is not done. */
export type WearerRefusalReason =
	| AssignmentRefusal
	| ValidityObstacle
	| "clock-unset"
	| "no-wearer"
	| "other-wearer";

/** What was asked about the wearer is not done. */
export class WearerRefusal extends Error {
	override readonly name = "WearerRefusal";
	/** Why. */
	readonly reason: WearerRefusalReason;
	/** The same in words, where there is more to say. */
	readonly detail: string | undefined;

	/** @param reason - why @param detail - the same in words, where there is more to say */
	constructor(reason: WearerRefusalReason, detail?: string) {
		super(detail ?? `refused: ${reason}`);
		this.reason = reason;
		this.detail = detail;
	}
}

/** Why an assignment was not taken; undefined when the error is of another kind. */
export function refusalIn(error: unknown): AssignmentRefusal | undefined {
	if (error instanceof TrustError) return error.reason;
	if (!(error instanceof WearerRefusal)) return undefined;
	return ASSIGNMENT_REFUSALS.find((reason) => reason === error.reason);
}
