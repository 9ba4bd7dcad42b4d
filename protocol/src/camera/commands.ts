import { ENUMERATION_COMMANDS } from "../smp/enumeration.ts";
import { FILESYSTEM_COMMANDS } from "../smp/filesystem.ts";
import { IMAGE_COMMANDS } from "../smp/image.ts";
import { OS_COMMANDS } from "../smp/os.ts";
import { SETTINGS_COMMANDS } from "../smp/settings.ts";
import { SHELL_COMMANDS } from "../smp/shell.ts";
import { STATISTICS_COMMANDS } from "../smp/statistics.ts";
import { CAPTURE_COMMANDS } from "./capture.ts";
import { DEVELOPMENT_COMMANDS } from "./development.ts";
import { EVENT_LOG_COMMANDS } from "./event-log.ts";
import { EVENTS_COMMANDS } from "./events.ts";
import { FIRMWARE_COMMANDS } from "./firmware.ts";
import { LOG_COMMANDS } from "./log.ts";
import { POLICY_COMMANDS } from "./policy.ts";
import { PROVISIONING_COMMANDS } from "./provisioning.ts";
import { RECORDINGS_COMMANDS } from "./recordings.ts";
import { STATUS_COMMANDS } from "./status.ts";
import { WEARER_COMMANDS } from "./wearer.ts";

/** Every command a camera answers. */
export const CAMERA_COMMANDS = [
	...OS_COMMANDS,
	...IMAGE_COMMANDS,
	...STATISTICS_COMMANDS,
	...SETTINGS_COMMANDS,
	...FILESYSTEM_COMMANDS,
	...SHELL_COMMANDS,
	...ENUMERATION_COMMANDS,
	...STATUS_COMMANDS,
	...EVENTS_COMMANDS,
	...EVENT_LOG_COMMANDS,
	...RECORDINGS_COMMANDS,
	...LOG_COMMANDS,
	...PROVISIONING_COMMANDS,
	...POLICY_COMMANDS,
	...WEARER_COMMANDS,
	...CAPTURE_COMMANDS,
	...FIRMWARE_COMMANDS,
	...DEVELOPMENT_COMMANDS,
] as const;
