import { cameraEvent } from "@bodycam/protocol/camera/events";
import { InvalidArgumentError } from "commander";

/** Types of events, separated by commas. @throws {InvalidArgumentError} when there is none of a name */
export function parseTypes(text: string): readonly string[] {
	const types = text.split(",").map((type) => type.trim());
	const known = Object.keys(cameraEvent.variants);
	for (const type of types)
		if (!known.includes(type))
			throw new InvalidArgumentError(`There is no event "${type}". There are ${known.join(", ")}.`);
	return types;
}

/** A boot. @throws {InvalidArgumentError} when it is not eight hexadecimal digits */
export function parseBoot(text: string): number {
	if (!/^[0-9a-f]{8}$/i.test(text)) throw new InvalidArgumentError("It must be eight hexadecimal digits.");
	return Number.parseInt(text, 16);
}

/** Adds a hash to those given before. @throws {InvalidArgumentError} when it is not 64 hexadecimal digits */
export function collectHash(text: string, before: readonly Uint8Array[] = []): readonly Uint8Array[] {
	if (!/^[0-9a-f]{64}$/i.test(text)) throw new InvalidArgumentError("It must be 64 hexadecimal digits.");
	return [...before, new Uint8Array(Buffer.from(text, "hex"))];
}
