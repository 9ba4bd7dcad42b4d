import { decodeCbor } from "@bodycam/protocol/cbor/codec";
import { type LocalSettings, readSettings } from "@bodycam/protocol/policy/tighten";
import type { KeyValue } from "../hal/key-value.ts";
import type { Log } from "../hal/log.ts";
import { SETTINGS_KEY } from "../settings/local-settings.ts";

/** Reads the local settings. A missing or damaged entry counts as nothing chosen; the log says so. */
export async function loadSettings(keyValue: Pick<KeyValue, "read">, log: Log): Promise<LocalSettings> {
	try {
		const bytes = await keyValue.read(SETTINGS_KEY);
		return bytes === undefined ? {} : readSettings(decodeCbor(bytes));
	} catch (error) {
		log.write("error", `the settings cannot be read, the policy's defaults are used: ${String(error)}`);
		return {};
	}
}
