import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import type { Runtime } from "./command.ts";
import { addClockCommands } from "./commands/clock.ts";
import { addDemoCommand } from "./commands/demo.ts";
import { addDevCommand } from "./commands/dev.ts";
import { addEventsCommand } from "./commands/events.ts";
import { addListCommand } from "./commands/list.ts";
import { addLogCommand } from "./commands/log.ts";
import { addRecordingsCommands } from "./commands/recordings.ts";
import { addSimCommands } from "./commands/sim.ts";
import { addStatusCommand } from "./commands/status.ts";

const DESCRIPTION = `Tools for an open body-worn camera: run its firmware in a simulator, look after a camera, fetch recordings.

A camera is named with -d or the environment variable BODYCAM_DEVICE:
  serial:/dev/ttyACM0   on a serial port
  udp:HOST:PORT         on the network
  sim:NAME              a simulator on this machine (\`bodycam sim list\`)`;

const EXIT_CODES = `
Exit codes:
  0  it worked
  1  anything not named below
  2  the command was called wrongly, or a file it was given is of no use
  3  there is no such device
  4  the device refused
  5  the connection was lost, or the device did not answer in time
  6  what arrived is not what the device says it holds
  130, 143  stopped by Ctrl-C, or by a termination signal`;

/** The whole command line. */
export function createProgram(runtime: Runtime): Command {
	const program = new Command("bodycam")
		.version(version(), "-V, --version", "print the version of these tools")
		.description(DESCRIPTION)
		.addHelpText("after", EXIT_CODES)
		.helpCommand("help [command]", "explain a command")
		.configureHelp({ sortSubcommands: false, showGlobalOptions: false })
		.showSuggestionAfterError(true);
	addDemoCommand(program, runtime);
	addDevCommand(program, runtime);
	addSimCommands(program, runtime);
	addListCommand(program, runtime);
	addStatusCommand(program, runtime);
	addClockCommands(program, runtime);
	addLogCommand(program, runtime);
	addEventsCommand(program, runtime);
	addRecordingsCommands(program, runtime);
	inheritEverywhere(program, runtime);
	return program;
}

function version(): string {
	const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
	return (JSON.parse(manifest) as { version: string }).version;
}

/** Whether commander merely printed the help or version that was asked for. */
export function isHelpRequest(error: unknown): boolean {
	return error instanceof CommanderError && error.exitCode === 0;
}

/** Commander ends nothing and prints no errors by itself, only help: the caller reports what was wrong. */
function inheritEverywhere(command: Command, runtime: Runtime): void {
	command.exitOverride().configureOutput({
		writeOut: (text) => runtime.terminal.out(text.trimEnd()),
		writeErr: (text) => runtime.terminal.note(text.trimEnd()),
		outputError: () => {},
	});
	for (const child of command.commands) inheritEverywhere(child as Command, runtime);
}
