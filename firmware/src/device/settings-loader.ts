import { decodeCbor } from "@bodycam/protocol/cbor/codec";
import type { KeyValue } from "../hal/key-value.ts";
import type { Log } from "../hal/log.ts";
import type { Policy } from "../policy/policy.ts";
import { SETTINGS_KEY, type Settings, settingsWithin } from "../policy/settings.ts";

/** Reads the settings. A missing or damaged entry counts as nothing chosen; the log says so. */
export async function loadSettings(
	keyValue: Pick<KeyValue, "read">,
	policy: Policy,
	serial: string,
	log: Log,
): Promise<Settings> {
	let stored: unknown;
	try {
		const bytes = await keyValue.read(SETTINGS_KEY);
		stored = bytes === undefined ? undefined : decodeCbor(bytes);
	} catch (error) {
		log.write("error", `the settings cannot be read, the policy's defaults are used: ${String(error)}`);
	}
	return settingsWithin(policy, stored, serial);
}
