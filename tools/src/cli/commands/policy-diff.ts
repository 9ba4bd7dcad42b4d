import { diffPolicies, type PolicyDifference } from "@bodycam/protocol/policy/diff";
import type { Command } from "commander";
import { RefusedError, UsageError } from "../../errors.ts";
import { readFromCamera } from "../../operations/policy.ts";
import { policyIn } from "../../policy/policy-file.ts";
import { findRules } from "../../policy/policy-source.ts";
import { addCommand, type Context, handle, printResult, type Runtime } from "../command.ts";
import { addDeviceOptions, type DeviceOptions, withDevice } from "../device.ts";
import { formatMoment } from "../format.ts";
import { formatTable } from "../table.ts";

/** `bodycam policy diff`: what another policy changes. */
export function addPolicyDiffCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "diff <before> [after]",
		summary: "show what another policy changes",
		description:
			"Shows the fields in which two policies differ, and for each whether the camera is bound more (tighter) or less (looser) afterwards. With one policy and a camera, what that policy would change on it. Policies are built-in profiles or files; signatures are not verified.",
		examples: [
			["bodycam policy diff de-bpol de-nw", "Two built-in profiles"],
			["bodycam policy diff ours-2.json -d sim:cam1", "What an installation would change"],
		],
	});
	handle<DeviceOptions>(
		addDeviceOptions(command),
		runtime,
		async (context, options, [first = "", second]) => {
			if (second !== undefined && options.device !== undefined)
				throw new UsageError("two policies and a camera are one too many", {
					hint: "Compare two policies, or one with that of a camera.",
				});
			const after = await findRules(second ?? first);
			const before = second === undefined ? await rulesOfCamera(context, options) : await findRules(first);
			const differences = diffPolicies(before, after);
			printResult(context, differences, () => describeDifferences(differences));
		},
	);
}

function rulesOfCamera(
	context: Context,
	options: DeviceOptions,
): Promise<Awaited<ReturnType<typeof findRules>>> {
	return withDevice(context, options, async (client) => {
		const { signed } = await readFromCamera(client, { signal: context.signal });
		if (signed === undefined)
			throw new RefusedError("the camera has no policy to compare with", {
				hint: "`bodycam policy install` gives it one.",
			});
		return policyIn("the policy of the camera", signed);
	});
}

function describeDifferences(differences: readonly PolicyDifference[]): string {
	if (differences.length === 0) return "they are the same";
	return formatTable(
		["effect", "field", "before", "after"],
		differences.map(({ effect, field, before, after }) => [
			effect,
			field,
			valueText(field, before),
			valueText(field, after),
		]),
	);
}

/** Enough of a key to tell it from others: its beginning alone says of an age recipient that it is one. */
function shortKey(key: string): string {
	return `${key.slice(0, 8)}…${key.slice(-8)}`;
}

function valueText(field: string, value: unknown): string {
	if (typeof value === "number" && (field === "notBefore" || field === "expires")) return formatMoment(value);
	if (field.startsWith("evidence.") && Array.isArray(value)) return value.map(shortKey).join(", ") || "none";
	const text = value === undefined ? "–" : JSON.stringify(value);
	return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
