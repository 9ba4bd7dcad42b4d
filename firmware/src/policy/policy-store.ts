import { decodeCbor, encodeCbor } from "@bodycam/protocol/cbor/codec";
import { SIGNED_POLICY_BYTES_MAX } from "@bodycam/protocol/policy/document";
import { choice, type Infer, map, uint } from "@bodycam/protocol/schema/schema";
import { parse } from "@bodycam/protocol/schema/validate";
import { KEY_VALUE_MAX_BYTES, type KeyValue } from "../hal/key-value.ts";

/** Name of the key-value entry that says where the policy lies. */
export const POLICY_KEY = "policy";

const PARTS = Math.ceil(SIGNED_POLICY_BYTES_MAX / KEY_VALUE_MAX_BYTES);

/** Names of all key-value entries it uses; without the first one the others count for nothing. */
export const POLICY_ENTRIES: readonly string[] = [
	POLICY_KEY,
	...Array.from({ length: PARTS }, (_, part) => [partKey("a", part), partKey("b", part)]).flat(),
];

const entry = map({
	slot: choice(["a", "b"]),
	bytes: uint({ min: 1, max: SIGNED_POLICY_BYTES_MAX }),
	version: uint({ min: 1, max: 0xffff_ffff }),
});

type Entry = Infer<typeof entry>;

/** A policy as it is kept. */
export interface StoredPolicy {
	/** The signed document; undefined when a part of it is missing. */
	readonly signed: Uint8Array | undefined;
	/** Version it had when it was stored: no older one is taken, even when the document is damaged. */
	readonly version: number;
}

/**
 * Keeps the signed policy in the key-value store, in two slots in turn: a slot is written in full before the entry
 * names it, so that a power cut leaves either the old policy or the new one.
 */
export class PolicyStore {
	private readonly keyValue: Pick<KeyValue, "read" | "write">;

	/** @param keyValue - where it is kept */
	constructor(keyValue: Pick<KeyValue, "read" | "write">) {
		this.keyValue = keyValue;
	}

	/** The policy that is kept; undefined when there is none. @throws when the store or the entry cannot be read */
	async read(): Promise<StoredPolicy | undefined> {
		const found = await this.readEntry();
		if (found === undefined) return undefined;
		const signed = new Uint8Array(found.bytes);
		for (let part = 0; part * KEY_VALUE_MAX_BYTES < found.bytes; part++) {
			const at = part * KEY_VALUE_MAX_BYTES;
			const bytes = await this.keyValue.read(partKey(found.slot, part));
			if (bytes?.length !== Math.min(KEY_VALUE_MAX_BYTES, found.bytes - at))
				return { signed: undefined, version: found.version };
			signed.set(bytes, at);
		}
		return { signed, version: found.version };
	}

	/** Keeps another policy in place of the one there is. @throws when it cannot be written; the old one stays */
	async write(signed: Uint8Array, version: number): Promise<void> {
		const before = await this.readEntry().catch(() => undefined);
		const slot = before?.slot === "a" ? "b" : "a";
		for (let part = 0; part < PARTS; part++) {
			const at = part * KEY_VALUE_MAX_BYTES;
			if (at >= signed.length) break;
			await this.keyValue.write(partKey(slot, part), signed.slice(at, at + KEY_VALUE_MAX_BYTES));
		}
		const named: Entry = { slot, bytes: signed.length, version };
		await this.keyValue.write(POLICY_KEY, encodeCbor(named));
	}

	private async readEntry(): Promise<Entry | undefined> {
		const bytes = await this.keyValue.read(POLICY_KEY);
		return bytes === undefined ? undefined : parse(entry, decodeCbor(bytes));
	}
}

function partKey(slot: Entry["slot"], part: number): string {
	return `${POLICY_KEY}.${slot}.${part}`;
}
