import { encodeCbor } from "@bodycam/protocol/cbor/codec";
import { type LocalSettings, localSettings } from "@bodycam/protocol/policy/tighten";
import type { Schema } from "@bodycam/protocol/schema/schema";
import { parse, SchemaError } from "@bodycam/protocol/schema/validate";
import type { KeyValue } from "../hal/key-value.ts";
import { SettingRefusal } from "./setting-refusal.ts";
import { decodeText, encodeText } from "./text-codec.ts";

/** Name of the key-value entry that holds the local settings, a CBOR map. */
export const SETTINGS_KEY = "settings";

/** Root of the names of local settings: `bodycam/preRecordMs`. */
export const SETTINGS_ROOT = "bodycam";

type SettingName = keyof LocalSettings;

const FIELDS: Readonly<Record<string, Schema>> = localSettings.fields;

/** What the settings are kept in and change. */
export interface LocalSettingsOptions {
	/** Where they are kept. */
	readonly keyValue: Pick<KeyValue, "write">;
	/** Reads what is kept; what is damaged counts as not chosen. */
	readonly stored: () => Promise<LocalSettings>;
	/** Puts settings in force. */
	readonly apply: (settings: LocalSettings) => Promise<void>;
	/** Whether a recording is under way: its rules do not change. */
	readonly recording: () => boolean;
}

/**
 * The local settings, one by one, as text: what is chosen counts when it is committed, and stays when it is saved. They
 * can only tighten the policy, whatever is chosen.
 */
export class LocalSettingsEditor {
	/** First part of every name. */
	readonly root = SETTINGS_ROOT;
	private readonly options: LocalSettingsOptions;
	private chosen: LocalSettings = {};

	/** @param options - see `LocalSettingsOptions` */
	constructor(options: LocalSettingsOptions) {
		this.options = options;
	}

	/** Begins with what was loaded at boot. */
	begin(settings: LocalSettings): void {
		this.chosen = settings;
	}

	/** The value of a setting as text; undefined when nothing is chosen, or there is no such setting. */
	read(name: string): Uint8Array | undefined {
		const value = isSetting(name) ? this.chosen[name] : undefined;
		return value === undefined ? undefined : encodeText(String(value));
	}

	/** Chooses a value. @returns false when there is no such setting @throws {SettingRefusal} when it is no value of it */
	write(name: string, value: Uint8Array): boolean {
		if (!isSetting(name)) return false;
		const text = decodeText(value);
		if (text === undefined) throw new SettingRefusal(`${name} is given as bytes that are no text`);
		try {
			this.chosen = parse(localSettings, { ...this.chosen, [name]: meaningOf(FIELDS[name], text) });
			return true;
		} catch (error) {
			if (error instanceof SchemaError) throw new SettingRefusal(error.message);
			throw error;
		}
	}

	/** Chooses nothing. @returns false when nothing was chosen, or there is no such setting */
	delete(name: string): boolean {
		if (!isSetting(name) || this.chosen[name] === undefined) return false;
		this.chosen = parse(localSettings, { ...this.chosen, [name]: undefined });
		return true;
	}

	/** Puts what is chosen in force. @throws {SettingRefusal} while a recording is under way */
	async commit(): Promise<void> {
		if (this.options.recording())
			throw new SettingRefusal("settings do not change while a recording is under way", true);
		await this.options.apply(this.chosen);
	}

	/** Takes back what was not kept. @throws {SettingRefusal} while a recording is under way */
	async load(): Promise<void> {
		this.chosen = await this.options.stored();
		await this.commit();
	}

	/** Keeps what is chosen over a restart. */
	async save(): Promise<void> {
		await this.options.keyValue.write(SETTINGS_KEY, encodeCbor(this.chosen));
	}
}

function isSetting(name: string): name is SettingName {
	return Object.hasOwn(FIELDS, name);
}

/** What a text means as a value of a schema; a text that means none stays one, and does not fit. */
function meaningOf(schema: Schema | undefined, text: string): unknown {
	if (schema?.kind === "integer") return /^\d{1,15}$/.test(text) ? Number(text) : text;
	if (schema?.kind === "boolean") return text === "true" ? true : text === "false" ? false : text;
	return text;
}
