import type { Policy } from "./document.ts";
import { flatten, policyFields } from "./fields.ts";
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

/** The fields in which two policies differ, in the order of the document. */
export function diffPolicies(before: Policy, after: Policy): PolicyDifference[] {
	const old = flatten(before);
	const now = flatten(after);
	const differences: PolicyDifference[] = [];
	for (const field of policyFields().keys()) {
		const was = old.get(field);
		const is = now.get(field);
		if (JSON.stringify(was) === JSON.stringify(is)) continue;
		const comparable = was !== undefined && is !== undefined;
		const effect = comparable ? effectOf(field, was, is) : "changed";
		differences.push({ field, before: was, after: is, effect });
	}
	return differences;
}
