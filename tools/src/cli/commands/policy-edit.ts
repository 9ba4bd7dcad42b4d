import process from "node:process";
import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import type { BodycamError } from "../../errors.ts";
import { editPolicyFile } from "../../policy/edit-policy.ts";
import { addCommand, type Context, handle, printResult, type Runtime } from "../command.ts";
import { warnAboutCounsel } from "../counsel-warning.ts";
import { openEditor } from "../editor.ts";

/** `bodycam policy edit`: a text is replaced only by one that is good. */
export function addPolicyEditCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "edit <file>",
		summary: "edit a policy, and keep it only if it is good",
		description:
			"Opens the JSON of a policy in your editor (VISUAL, else EDITOR, else vi) and checks it when you have saved it, as `bodycam policy check` does. A policy that is no good does not replace the file: each problem is named with its field, and you can edit it again. Without a terminal to ask on it is refused with exit code 1, and the message says where what you wrote is kept. A signed policy cannot be edited; make its next version with `bodycam policy new`.",
		examples: [["EDITOR=nano bodycam policy edit ours.json", "With an editor of your choice"]],
	});
	handle(command, runtime, async (context, _options, [file = ""]) => {
		const { policy, changed, versionBefore } = await editPolicyFile(file, {
			edit: (path) => openEditor(context, path),
			again: (problem) => askAgain(context, problem),
		});
		const { name, version } = policy;
		if (changed) {
			warnAboutCounsel(context, policy);
			if (version === versionBefore)
				context.terminal.note(
					`version is still ${version}: a camera that has version ${version} takes only a higher one`,
				);
		}
		printResult(context, { file, changed, name, version }, () =>
			changed ? `${file}: ${name} version ${version} is a good policy` : `${file} is as it was`,
		);
	});
}

async function askAgain({ terminal }: Context, problem: BodycamError): Promise<boolean> {
	if (process.stdin.isTTY !== true) return false;
	terminal.note(problem.message);
	const lines = createInterface({ input: process.stdin, output: process.stderr });
	const answer = await lines.question("Edit it again? [Y/n] ").finally(() => lines.close());
	return !/^n/i.test(answer.trim());
}
