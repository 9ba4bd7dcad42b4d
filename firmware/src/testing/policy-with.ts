import type { EffectivePolicy } from "@bodycam/protocol/policy/tighten";
import { demoPolicy } from "./demo-policy.ts";

/** The demo profile with parts of its rules changed. */
export function policyWith(changes: { readonly [K in keyof EffectivePolicy]?: Partial<EffectivePolicy[K]> }) {
	const policy: Record<string, unknown> = { ...demoPolicy };
	for (const key of Object.keys(changes) as (keyof EffectivePolicy)[]) {
		const change = changes[key];
		policy[key] =
			Array.isArray(change) || typeof change !== "object"
				? change
				: { ...(demoPolicy[key] as object), ...change };
	}
	return policy as unknown as EffectivePolicy;
}

/** The demo profile, but armed by hand, with 10 s before a trigger. */
export const MANUAL = policyWith({ preRecording: { mode: "manual", lengthMs: 10_000 } });
/** The demo profile without pre-recording. */
export const OFF = policyWith({ preRecording: { mode: "off", lengthMs: 0 } });
