import { POLICY_FORMAT, type Policy } from "./document.ts";
import type { EvidenceRule } from "./evidence-rule.ts";

/** What an agency adds to a profile to make it its own policy. */
export interface PolicyIssue {
	/** The agency, as its certificates name it. */
	readonly agency: string;
	/** Who answers questions. */
	readonly contact?: string | undefined;
	/** Version number, from 1. */
	readonly version: number;
	/** Valid from, ms since 1970 UTC. */
	readonly notBefore: number;
	/** Valid until, ms since 1970 UTC. */
	readonly expires: number;
	/** Whom recordings are encrypted to, and whose receipts erase them. */
	readonly evidence: EvidenceRule;
}

/** A policy without an issuer and its keys: the rules of a place, to start from. */
export type PolicyProfile = Omit<
	Policy,
	"format" | "version" | "issuer" | "notBefore" | "expires" | "evidence"
>;

/** What every built-in profile says about itself. */
export const COUNSEL_NOTE = "A starting point, not legal advice: have counsel check this before it is used.";

/** The rules of a policy, without what its issue says: to make its next version from. */
export function profileOf(policy: Policy): PolicyProfile {
	const { format: _1, version: _2, issuer: _3, notBefore: _4, expires: _5, evidence: _6, ...rules } = policy;
	return rules;
}

/** The policy of an agency made from a profile. */
export function issueProfile(profile: PolicyProfile, issue: PolicyIssue): Policy {
	const { agency, contact, version, notBefore, expires, evidence } = issue;
	const { name, title, ...rules } = profile;
	const issuer = contact === undefined ? { agency } : { agency, contact };
	return { format: POLICY_FORMAT, name, title, version, issuer, notBefore, expires, ...rules, evidence };
}
