import { findProfile } from "@bodycam/protocol/policy/profiles/index";
import type { PolicyRules } from "@bodycam/protocol/policy/prose";
import { loadPolicy } from "./policy-file.ts";

/** The built-in profile of that name, else the policy in that file. @throws {BodycamError} when it is neither */
export async function findRules(nameOrFile: string): Promise<PolicyRules> {
	return findProfile(nameOrFile) ?? (await loadPolicy(nameOrFile));
}
