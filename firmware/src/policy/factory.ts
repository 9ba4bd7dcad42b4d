import type { Policy } from "@bodycam/protocol/policy/document";
import { issueProfile } from "@bodycam/protocol/policy/profile";
import { demo } from "@bodycam/protocol/policy/profiles/demo";

/** What a camera that belongs to no agency goes by: the demo profile, for as long as the clock can count. */
export const factoryPolicy: Policy = issueProfile(demo, {
	agency: "none",
	version: 1,
	notBefore: 0,
	expires: Date.UTC(2100, 0, 1),
});
