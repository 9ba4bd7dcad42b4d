import { GroupError, SmpError } from "@bodycam/protocol/smp/errors";
import { ReturnCode } from "@bodycam/protocol/smp/return-code";
import type { SmpServer } from "@bodycam/protocol/smp/server";
import {
	SETTING_NAME_MAX,
	SETTING_VALUE_MAX,
	SettingsError,
	settingsCommit,
	settingsDelete,
	settingsLoad,
	settingsRead,
	settingsSave,
	settingsWrite,
} from "@bodycam/protocol/smp/settings";
import { SettingRefusal } from "../settings/setting-refusal.ts";

/** Settings that are changed in memory, put in force, and kept. Names are without their root. */
export interface SettingsServices {
	/** First part of every name. */
	readonly root: string;
	/** The value; undefined when nothing is chosen, or there is no such setting. */
	read(name: string): Uint8Array | undefined;
	/** Chooses a value. @returns false when there is no such setting @throws {SettingRefusal} when it is no value of it */
	write(name: string, value: Uint8Array): boolean;
	/** Chooses nothing. @returns false when nothing was chosen, or there is no such setting */
	delete(name: string): boolean;
	/** Puts what is chosen in force. @throws {SettingRefusal} when it cannot be now */
	commit(): Promise<void>;
	/** Takes back what was not kept, and puts the rest in force. @throws {SettingRefusal} when it cannot be now */
	load(): Promise<void>;
	/** Keeps what is chosen over a restart. */
	save(): Promise<void>;
}

/** Answers the settings group, as Zephyr's `settings_mgmt` does. */
export function registerSettingsHandlers(server: SmpServer, settings: SettingsServices): void {
	server.register(settingsRead, ({ name, max_size = SETTING_VALUE_MAX }) => {
		const value = settings.read(within(settings, name));
		if (value === undefined) throw new GroupError(SettingsError.notFound);
		const val = value.slice(0, max_size);
		return max_size > SETTING_VALUE_MAX ? { val, max_size: SETTING_VALUE_MAX } : { val };
	});
	server.register(settingsWrite, ({ name, val }) => {
		const known = refusing(() => settings.write(within(settings, name), val));
		if (!known) throw new GroupError(SettingsError.notFound);
		return {};
	});
	server.register(settingsDelete, ({ name }) => {
		// Zephyr looks for the value alone: an unknown root is a setting that is not there.
		const path = name.startsWith(`${settings.root}/`) ? within(settings, name) : requireName(name);
		if (path === name || !settings.delete(path)) throw new GroupError(SettingsError.notFound);
		return {};
	});
	server.register(settingsCommit, () => done(() => settings.commit()));
	server.register(settingsLoad, () => done(() => settings.load()));
	server.register(settingsSave, () => done(() => settings.save()));
}

/** A name without its root. @throws {SmpError} when it is empty @throws {GroupError} too long, or another root */
function within({ root }: SettingsServices, name: string): string {
	requireName(name);
	if (!name.startsWith(`${root}/`)) throw new GroupError(SettingsError.rootNotFound);
	return name.slice(root.length + 1);
}

function requireName(name: string): string {
	if (name === "") throw new SmpError(ReturnCode.invalid, "name is empty");
	if (name.length >= SETTING_NAME_MAX) throw new GroupError(SettingsError.nameTooLong);
	return name;
}

async function done(work: () => Promise<void>): Promise<Record<string, never>> {
	try {
		await work();
		return {};
	} catch (error) {
		throw refusalOf(error);
	}
}

function refusing<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		throw refusalOf(error);
	}
}

function refusalOf(error: unknown): unknown {
	if (!(error instanceof SettingRefusal)) return error;
	return new SmpError(error.now ? ReturnCode.busy : ReturnCode.invalid, error.message);
}
