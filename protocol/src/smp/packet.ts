import { decodeLeadingMap, encodeCbor } from "../cbor/codec.ts";
import type { Infer } from "../schema/schema.ts";
import { parse } from "../schema/validate.ts";
import type { Command, RequestOf, ResponseOf } from "./command.ts";
import { type ErrorAnswer, errorIn } from "./error-answer.ts";
import { SmpError } from "./errors.ts";
import { HEADER_BYTES, Operation, readHeader, type SmpHeader, Version, writeHeader } from "./header.ts";
import { ReturnCode } from "./return-code.ts";

/** A packet of `header` (its length is filled in) and a CBOR map. */
export function encodePacket(header: Omit<SmpHeader, "length">, payload: object): Uint8Array {
	const packet = encodeCbor(payload, HEADER_BYTES);
	writeHeader(packet, { ...header, length: packet.length - HEADER_BYTES });
	return packet;
}

/** A request in SMP v2. A command that takes either operation is asked by a write. */
export function encodeRequest<C extends Command>(
	command: C,
	request: RequestOf<C>,
	sequence: number,
): Uint8Array {
	return encodePacket(
		{
			operation: command.access === "read" ? Operation.read : Operation.write,
			version: Version.v2,
			flags: 0,
			group: command.group,
			sequence,
			id: command.id,
		},
		request as object,
	);
}

/**
 * Decodes the payload of a response packet; what its map says beyond the schema is left out.
 * @returns the response, or what went wrong on the device
 * @throws {CborError} when the payload is not a CBOR map
 * @throws {SchemaError} when the map is not what the command answers
 */
export function decodeResponse<C extends Command>(
	command: C,
	packet: Uint8Array,
):
	| { readonly ok: true; readonly response: ResponseOf<C> }
	| { readonly ok: false; readonly error: ErrorAnswer } {
	const header = readHeader(packet);
	if (header === undefined || packet.length < HEADER_BYTES + header.length)
		throw new SmpError(ReturnCode.corrupt, "the response is shorter than its header says");
	const payload = packet.subarray(HEADER_BYTES, HEADER_BYTES + header.length);
	const members = payload.length === 0 ? new Map<string, unknown>() : decodeLeadingMap(payload);
	const error = errorIn(members);
	if (error !== undefined) return { ok: false, error };
	return { ok: true, response: parse(command.response, members) as Infer<C["response"]> as ResponseOf<C> };
}
