import { bytes, map, optional, text, uint } from "../schema/schema.ts";
import { command } from "./command.ts";
import { declareErrors } from "./errors.ts";
import { ReturnCode } from "./return-code.ts";

/** The standard group for settings (Zephyr `smp_group_3.rst`). */
export const SETTINGS_GROUP = 3;

/** Most bytes of the name of a setting that are answered; a longer one is too long. */
export const SETTING_NAME_MAX = 64;

/** Most bytes of the value of a setting. */
export const SETTING_VALUE_MAX = 256;

const name = text(0xffff, { doc: "path of the setting, its root first" });
const common = { group: SETTINGS_GROUP, response: map({}) } as const;

/** Reads a setting. */
export const settingsRead = command({
	...common,
	name: "settings-read",
	id: 0,
	access: "read",
	role: "technician",
	doc: "Reads a setting.",
	request: map({ name, max_size: optional(uint({ max: 0xffff_ffff, doc: "most bytes wanted" })) }),
	response: map({
		val: bytes(SETTING_VALUE_MAX),
		max_size: optional(uint({ doc: "most bytes that are given; there when fewer than were wanted" })),
	}),
});

/** Changes a setting in memory. */
export const settingsWrite = command({
	...common,
	name: "settings-write",
	id: 0,
	access: "write",
	role: "administrator",
	doc: "Changes a setting in memory; commit puts it in force, save keeps it.",
	request: map({ name, val: bytes(0xffff) }),
});

/** Removes a setting. */
export const settingsDelete = command({
	...common,
	name: "settings-delete",
	id: 1,
	access: "write",
	role: "administrator",
	doc: "Removes a setting from memory; commit puts that in force, save keeps it.",
	request: map({ name }),
});

/** Puts changed settings in force. */
export const settingsCommit = command({
	...common,
	name: "settings-commit",
	id: 2,
	access: "write",
	role: "administrator",
	doc: "Puts changed settings in force.",
	request: map({}),
});

/** Takes back what was not saved. */
export const settingsLoad = command({
	...common,
	name: "settings-load",
	id: 3,
	access: "read",
	role: "administrator",
	doc: "Reads the settings that were saved, and puts them in force.",
	request: map({}),
});

/** Keeps the settings. */
export const settingsSave = command({
	...common,
	name: "settings-save",
	id: 3,
	access: "write",
	role: "administrator",
	doc: "Keeps the settings over a restart.",
	request: map({}),
});

/** Errors of the settings group (Zephyr `settings_mgmt_ret_code_t`). */
export const SettingsError = declareErrors(SETTINGS_GROUP, {
	unknown: [1, ReturnCode.unknown, "failed for an unknown reason"],
	nameTooLong: [2, ReturnCode.invalid, "the name of the setting is too long"],
	notFound: [3, ReturnCode.noEntry, "there is no such setting"],
	readNotSupported: [4, ReturnCode.noEntry, "the setting cannot be read"],
	rootNotFound: [5, ReturnCode.unknown, "there is no root of settings of that name"],
	writeNotSupported: [6, ReturnCode.unknown, "the setting cannot be changed"],
	deleteNotSupported: [7, ReturnCode.unknown, "the setting cannot be removed"],
	saveNotSupported: [8, ReturnCode.unknown, "settings cannot be kept"],
});

/** The commands of the settings group. */
export const SETTINGS_COMMANDS = [
	settingsRead,
	settingsWrite,
	settingsDelete,
	settingsCommit,
	settingsLoad,
	settingsSave,
] as const;
