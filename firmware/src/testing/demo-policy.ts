import type { Policy } from "@bodycam/protocol/policy/document";
import { issueProfile } from "@bodycam/protocol/policy/profile";
import { demo } from "@bodycam/protocol/policy/profiles/demo";
import { type EffectivePolicy, tighten } from "@bodycam/protocol/policy/tighten";
import { testEvidence } from "@bodycam/protocol/testing/policy-evidence";

/** The agency of the policies for tests. */
export const TEST_AGENCY = "Test agency";

/** The demo profile as a policy of the test agency. */
export const demoDocument: Policy = issueProfile(demo, {
	agency: TEST_AGENCY,
	version: 1,
	notBefore: Date.UTC(2026, 0, 1),
	expires: Date.UTC(2036, 0, 1),
	evidence: testEvidence,
});

/** The same, as a camera without settings of its own goes by it. */
export const demoPolicy: EffectivePolicy = tighten(demoDocument, {});
