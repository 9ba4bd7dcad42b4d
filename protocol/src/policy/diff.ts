import { flatten, policyFields } from "./fields.ts";
import type { PolicyProfile } from "./profile.ts";
import { type Effect, effectOf } from "./strictness.ts";

/** One field in which two policies differ. */
export interface PolicyDifference {
	/** Path of the field. */
	readonly field: string;
	/** Its value before; undefined when it was absent. */
	readonly before: unknown;
	/** Its value after; undefined when it is absent. */
	readonly after: unknown;
	/** What the change means for the camera. */
	readonly effect: Effect;
}

/** What only a policy has that an agency has issued. */
const ISSUE = /^(format|version|issuer\..*|evidence\..*|notBefore|expires)$/;

/**
 * The fields in which two policies or profiles differ, in the order of the document. With a profile, which nobody has
 * issued, what an issue says is left out.
 */
export function diffPolicies(before: PolicyProfile, after: PolicyProfile): PolicyDifference[] {
	const old = flatten(before);
	const now = flatten(after);
	const issued = old.has("format") && now.has("format");
	const differences: PolicyDifference[] = [];
	for (const field of policyFields().keys()) {
		const was = old.get(field);
		const is = now.get(field);
		if (JSON.stringify(was) === JSON.stringify(is) || (!issued && ISSUE.test(field))) continue;
		const comparable = was !== undefined && is !== undefined;
		const effect = comparable ? effectOf(field, was, is) : "changed";
		differences.push({ field, before: was, after: is, effect });
	}
	return differences;
}
