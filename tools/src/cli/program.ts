import { Command, CommanderError } from "commander";
import { UsageError } from "../errors.ts";
import type { Runtime } from "./command.ts";
import { addAgencyCommands } from "./commands/agency.ts";
import { addCardCommands } from "./commands/card.ts";
import { addClockCommands } from "./commands/clock.ts";
import { addCrashCommand } from "./commands/crash.ts";
import { addDemoCommand } from "./commands/demo.ts";
import { addDevCommand } from "./commands/dev.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addEventsCommand } from "./commands/events.ts";
import { addEvidenceCommands } from "./commands/evidence.ts";
import { addFirmwareCommands } from "./commands/firmware.ts";
import { addListCommand } from "./commands/list.ts";
import { addLogCommand } from "./commands/log.ts";
import { addPolicyCommands } from "./commands/policy.ts";
import { addProvisionCommands } from "./commands/provision.ts";
import { addRecordingsCommands } from "./commands/recordings.ts";
import { addReplCommand } from "./commands/repl.ts";
import { addSimCommands } from "./commands/sim.ts";
import { addStatusCommand } from "./commands/status.ts";
import { addWearerCommands } from "./commands/wearer.ts";
import { EXIT_CODES } from "./reference.ts";
import { toolsVersion } from "./version.ts";

const DESCRIPTION = `Tools for an open body-worn camera: run its firmware in a simulator, look after a camera, fetch recordings.

A camera is named with -d or the environment variable BODYCAM_DEVICE:
  serial:/dev/ttyACM0   on a serial port; serial:PATH?baud=N for another rate than 115200
  udp:HOST:PORT         on the network; udp:HOST means port 1337
  ble:NAME              over Bluetooth, by its name or address (\`bodycam list --ble\`)
  sim:NAME              a simulator on this machine (\`bodycam sim list\`)`;

const CODES = EXIT_CODES.map(([code, meaning]) => `  ${code.padEnd(8)}  ${meaning}`).join("\n");

/** The whole command line. */
export function createProgram(runtime: Runtime): Command {
	const program = new Command("bodycam")
		.version(toolsVersion(), "-V, --version", "print the version of these tools")
		.description(DESCRIPTION)
		.addHelpText("after", `\nExit codes:\n${CODES}`)
		.option("--json", "print machine-readable JSON instead of text, with any command")
		.helpCommand("help [command...]", "explain a command")
		.configureHelp({ sortSubcommands: false, showGlobalOptions: false })
		.showSuggestionAfterError(true);
	addDemoCommand(program, runtime);
	addDevCommand(program, runtime);
	addSimCommands(program, runtime);
	addListCommand(program, runtime);
	addStatusCommand(program, runtime);
	addDoctorCommand(program, runtime);
	addAgencyCommands(program, runtime);
	addProvisionCommands(program, runtime);
	addClockCommands(program, runtime);
	addLogCommand(program, runtime);
	addCrashCommand(program, runtime);
	addReplCommand(program, runtime);
	addEventsCommand(program, runtime);
	addRecordingsCommands(program, runtime);
	addEvidenceCommands(program, runtime);
	addPolicyCommands(program, runtime);
	addCardCommands(program, runtime);
	addWearerCommands(program, runtime);
	addFirmwareCommands(program, runtime);
	inheritEverywhere(program, program, runtime);
	return program;
}

/** Whether commander merely printed the help or version that was asked for. */
export function isHelpRequest(error: unknown): boolean {
	return error instanceof CommanderError && error.exitCode === 0;
}

/**
 * Commander's own `help` explains commands of the first level only: `help sim start` becomes `sim start --help`.
 * @returns the arguments to be parsed
 * @throws {UsageError} when there is no such command
 */
export function expandHelp(program: Command, argv: readonly string[]): string[] {
	const [first, ...names] = argv.filter((argument) => argument !== "--json");
	if (first !== "help" || names.length === 0 || names.some((name) => name.startsWith("-"))) return [...argv];
	let command: Command = program;
	for (const [index, name] of names.entries()) {
		const found = command.commands.find((one) => one.name() === name);
		if (found === undefined) {
			throw new UsageError(`there is no command ${names.slice(0, index + 1).join(" ")}`, {
				hint: "`bodycam --help` lists the commands.",
			});
		}
		command = found as Command;
	}
	return [...names, "--help"];
}

/** Commander ends nothing and prints no errors by itself, only help: the caller reports what was wrong. */
function inheritEverywhere(program: Command, command: Command, runtime: Runtime): void {
	command.exitOverride().configureOutput({
		writeOut: (text) => runtime.terminal.out(text.trimEnd()),
		// Help after a mistake is for people.
		writeErr: (text) => {
			if (program.opts<{ json?: boolean }>().json !== true) runtime.terminal.note(text.trimEnd());
		},
		outputError: () => {},
	});
	for (const child of command.commands) inheritEverywhere(program, child as Command, runtime);
}
