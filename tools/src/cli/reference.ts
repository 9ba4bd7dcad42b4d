import type { Command, Help } from "commander";

const INTRODUCTION = `# The bodycam command

\`npx bodycam COMMAND\` inside the checkout. The command builds itself when its sources have changed, so \`npm ci\` is all the preparation it needs. This page is made from the help texts of the program and checked against them by a test.

Results go to standard output, notes, progress and errors to standard error. Every command takes \`--json\`: then results are JSON, one object for commands that answer once, one object a line for those that go on (\`events\`, \`log\`, \`recordings pull\`, \`sim start\`, \`dev\`), wherever it stands in the line, and an error is one JSON object on standard error:

\`\`\`json
{"error":{"code":"no-such-device","message":"…","hint":"…","exitCode":3}}
\`\`\`

A camera is named \`serial:PATH\`, \`serial:PATH?baud=N\` (115,200 baud without it), \`udp:HOST:PORT\`, \`udp:HOST\` (port 1337), \`ble:NAME\` or \`ble:ADDRESS\` ([Bluetooth](ble.md)), or \`sim:NAME\`.

Bytes such as hashes are hexadecimal, times are milliseconds unless their name says otherwise. \`NO_COLOR\` turns colours off. \`BODYCAM_DEVICE\` names the camera where \`-d\` does not, \`BODYCAM_HCI\` the Bluetooth adapter where \`--hci\` does not, \`BODYCAM_RUN\` the directory in which running simulators are registered.
`;

/** What the exit codes say, for help and reference. */
export const EXIT_CODES: readonly (readonly [string, string])[] = [
	["0", "it worked"],
	["1", "anything not named below: a file that is of no use, a firmware that died, a full disk, a defect"],
	["2", "the command was called wrongly, or a file it was given is not there"],
	["3", "there is no such device or simulator"],
	["4", "the device refused, or the name is taken"],
	["5", "the connection was lost, or the device did not answer in time"],
	["6", "what arrived is not what the device says it holds, or a log or document does not verify"],
	["129", "stopped because the terminal went away"],
	["130", "stopped by Ctrl-C"],
	["141", "stopped because nobody reads its output any more"],
	["143", "stopped by a termination signal"],
];

/** The reference of all commands as Markdown. */
export function renderReference(program: Command): string {
	const help = program.createHelp();
	const codes = EXIT_CODES.map(([code, meaning]) => `| ${code} | ${meaning} |`).join("\n");
	const sections = leaves(program).map((command) => renderCommand(help, command));
	return `${INTRODUCTION}\n## Exit codes\n\n| code | meaning |\n|---|---|\n${codes}\n\n${sections.join("\n")}`;
}

/** The commands that do something, in the order of the help. */
function leaves(command: Command): Command[] {
	const children = command.commands as Command[];
	return children.length === 0 ? [command] : children.flatMap(leaves);
}

function renderCommand(help: Help, command: Command): string {
	const options = help
		.visibleOptions(command)
		.filter(({ long }) => long !== "--help")
		.map((option) => `| \`${help.optionTerm(option)}\` | ${cell(help.optionDescription(option))} |`);
	const args = help
		.visibleArguments(command)
		.map(
			(argument) => `| \`${help.argumentTerm(argument)}\` | ${cell(help.argumentDescription(argument))} |`,
		);
	const rows = [...args, ...options];
	return [
		`## ${pathOf(command)}`,
		"",
		`\`${help.commandUsage(command)}\``,
		"",
		command.description(),
		"",
		...(rows.length === 0 ? [] : ["| | |", "|---|---|", ...rows, ""]),
		...examplesOf(command),
	].join("\n");
}

function pathOf(command: Command): string {
	const parent = command.parent;
	return parent === null ? command.name() : `${pathOf(parent)} ${command.name()}`;
}

function cell(text: string): string {
	return text.replaceAll("|", "\\|");
}

/** Examples are kept by `addCommand` as text after the help. */
function examplesOf(command: Command): string[] {
	let text = "";
	command.configureOutput({ ...command.configureOutput(), writeOut: (more) => (text += more) });
	command.outputHelp();
	const [, examples] = text.split("\nExamples:\n");
	return examples === undefined ? [] : ["```sh", examples.replaceAll(/^ {2}/gm, "").trim(), "```", ""];
}
