import { readFileSync } from "node:fs";
import { join } from "node:path";
import { policyFields } from "@bodycam/protocol/policy/fields";
import { POLICY_REFUSALS } from "@bodycam/protocol/policy/signed";
import { localSettings } from "@bodycam/protocol/policy/tighten";
import { expect, test } from "vitest";

const page = readFileSync(join(import.meta.dirname, "..", "..", "..", "docs", "policy.md"), "utf8");

test("docs/policy.md explains every field in a row of its own, and no other", () => {
	const rows = [...page.matchAll(/^\| (`[^|]+`) \| [^|]+ \| [^|]+ \|$/gm)].flatMap(([, cell = ""]) =>
		[...cell.matchAll(/`([^`]+)`/g)].map(([, field]) => field),
	);
	expect(rows.sort()).toEqual([...policyFields().keys()].sort());
});

test("docs/policy.md names every reason for which a camera refuses a policy", () => {
	const internal = ["wrong-purpose", "wrong-device"];
	for (const reason of POLICY_REFUSALS)
		if (!internal.includes(reason)) expect(page).toContain(`\`${reason}\``);
});

test("docs/policy.md has as many fields that settings can tighten as there are settings", () => {
	const tightened = [...page.matchAll(/\| can [^|]+ \|$/gm)].length;
	// The name of the camera tightens nothing, and both reserves share a row.
	expect(tightened).toBe(Object.keys(localSettings.fields).length - 2);
});
