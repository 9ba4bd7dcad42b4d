import { join } from "node:path";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { createProgram } from "./program.ts";
import { renderReference } from "./reference.ts";
import { createTerminal } from "./terminal.ts";

function program(): Command {
	const silent = { write: () => undefined };
	return createProgram({
		terminal: createTerminal(silent, silent, {}),
		signal: new AbortController().signal,
		env: {},
	});
}

function everyCommand(command: Command): Command[] {
	return [command, ...(command.commands as Command[]).flatMap(everyCommand)];
}

test("docs/cli.md is what the help texts say (`npx vitest run tools/src/cli/reference -u` renews it)", async () => {
	const file = join(import.meta.dirname, "..", "..", "..", "docs", "cli.md");
	await expect(renderReference(program())).toMatchFileSnapshot(file);
});

test("every command has a summary, and every one that does something a description in sentences", () => {
	for (const command of everyCommand(program()).slice(1)) {
		expect(command.summary(), command.name()).not.toBe("");
		if (command.commands.length === 0) expect(command.description(), command.name()).toMatch(/\.$/);
	}
});

test("every command that does something takes --json", () => {
	const leaves = everyCommand(program()).filter((command) => command.commands.length === 0);
	for (const command of leaves) expect(command.options.map(({ long }) => long)).toContain("--json");
});
