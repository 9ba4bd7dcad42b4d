import type { Command } from "commander";
import { addGroup, type Runtime } from "../command.ts";
import { addFirmwareBuildCommand } from "./firmware-build.ts";
import { addFirmwareFlashCommand } from "./firmware-flash.ts";
import { addFirmwareInspectCommand } from "./firmware-inspect.ts";
import { addFirmwareKeygenCommand } from "./firmware-keygen.ts";
import { addFirmwareSignCommand } from "./firmware-sign.ts";
import { addFirmwareSlotCommands } from "./firmware-slots.ts";

/** `bodycam firmware …`: images of the firmware, the keys that sign them, and what lies in a camera. */
export function addFirmwareCommands(program: Command, runtime: Runtime): void {
	const group = addGroup(program, "firmware", "build and sign firmware images, and bring them onto cameras");
	addFirmwareKeygenCommand(group, runtime);
	addFirmwareBuildCommand(group, runtime);
	addFirmwareSignCommand(group, runtime);
	addFirmwareInspectCommand(group, runtime);
	addFirmwareFlashCommand(group, runtime);
	addFirmwareSlotCommands(group, runtime);
}
