import type { Command } from "commander";
import { addGroup, type Runtime } from "../command.ts";
import { addFirmwareBuildCommand } from "./firmware-build.ts";
import { addFirmwareInspectCommand } from "./firmware-inspect.ts";
import { addFirmwareKeygenCommand } from "./firmware-keygen.ts";
import { addFirmwareSignCommand } from "./firmware-sign.ts";

/** `bodycam firmware …`: images of the firmware, and the keys that sign them. */
export function addFirmwareCommands(program: Command, runtime: Runtime): void {
	const group = addGroup(program, "firmware", "build, sign and inspect firmware images");
	addFirmwareKeygenCommand(group, runtime);
	addFirmwareBuildCommand(group, runtime);
	addFirmwareSignCommand(group, runtime);
	addFirmwareInspectCommand(group, runtime);
}
