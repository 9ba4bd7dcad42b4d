import { decodeCbor, encodeCbor } from "@bodycam/protocol/cbor/codec";
import type { KeyValue } from "../hal/key-value.ts";
import type { Log } from "../hal/log.ts";

/** Key of the number of boots, a CBOR integer. */
export const BOOT_COUNT_KEY = "boots";

/**
 * Counts this boot.
 * @returns boots of this camera so far, this one included; undefined when they cannot be counted, which the log says
 */
export async function countBoots(
	keyValue: Pick<KeyValue, "read" | "write">,
	log: Log,
): Promise<number | undefined> {
	try {
		const stored = await keyValue.read(BOOT_COUNT_KEY);
		const before = stored === undefined ? 0 : decodeCbor(stored);
		const boots = typeof before === "number" && Number.isSafeInteger(before) && before >= 0 ? before + 1 : 1;
		await keyValue.write(BOOT_COUNT_KEY, encodeCbor(boots));
		return boots;
	} catch (error) {
		log.write("error", `the boots cannot be counted: ${String(error)}`);
		return undefined;
	}
}
