import type { BootBlock } from "@bodycam/protocol/board/records";
import { bootDecision } from "@bodycam/protocol/camera/firmware";
import { crashRecord } from "@bodycam/protocol/camera/log";
import { decodeCbor } from "@bodycam/protocol/cbor/codec";
import type { Infer, Schema } from "@bodycam/protocol/schema/schema";
import { parse } from "@bodycam/protocol/schema/validate";
import type { MediaMemory } from "../hal/media-memory.ts";

/** The board's boot block is not what the firmware needs: board and firmware do not belong together. */
export class BootBlockError extends Error {
	/** @param what - what is missing or wrong */
	constructor(what: string) {
		super(`the boot block of the board cannot be used: ${what}`);
		this.name = "BootBlockError";
	}
}

/** A part of the block that has a schema. */
function part<S extends Schema>(name: string, schema: S, value: unknown): Infer<S> {
	try {
		return parse(schema, value);
	} catch (error) {
		throw new BootBlockError(`${name}: ${error instanceof Error ? error.message : String(error)}`);
	}
}

/**
 * Reads the boot block and overwrites it, because it holds the entropy.
 * @throws BootBlockError when a field is missing or of another type
 */
export function takeBootBlock(memory: MediaMemory, at: number, length: number): BootBlock {
	const bytes = new Uint8Array(memory.memory, at, length);
	const value = decodeCbor(bytes);
	memory.zero(at, length);
	if (typeof value !== "object" || value === null) throw new BootBlockError("it is no map");
	const fields = value as Readonly<Record<string, unknown>>;
	const text = (name: string): string => {
		const field = fields[name];
		if (typeof field !== "string") throw new BootBlockError(`${name} is missing`);
		return field;
	};
	const { entropy, seeded, crash, keys, developmentKeys, retained, boot } = fields;
	if (!(entropy instanceof Uint8Array)) throw new BootBlockError("entropy is missing");
	if (typeof seeded !== "boolean") throw new BootBlockError("seeded is missing");
	return {
		board: text("board"),
		serial: text("serial"),
		engine: text("engine"),
		build: text("build"),
		entropy,
		seeded,
		...(crash === undefined ? {} : { crash: part("crash", crashRecord, crash) }),
		...(Array.isArray(keys) ? { keys: keys.filter((key) => key instanceof Uint8Array) } : {}),
		...(Array.isArray(developmentKeys)
			? { developmentKeys: developmentKeys.filter((key) => key instanceof Uint8Array) }
			: {}),
		...(retained instanceof Uint8Array ? { retained } : {}),
		...(boot === undefined ? {} : { boot: part("boot", bootDecision, boot) }),
	};
}
