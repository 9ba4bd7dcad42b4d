import {
	PRIVATE_BOX_UUID,
	type PrivateMetadata,
	privateMetadata,
} from "@bodycam/protocol/camera/private-metadata";
import { decodeCbor } from "@bodycam/protocol/cbor/codec";
import { CborError } from "@bodycam/protocol/cbor/structure";
import { parse, SchemaError } from "@bodycam/protocol/schema/validate";
import type { Plaintext } from "./plaintext.ts";

/** Bytes of the box `mfro`, which ends the file and tells how long the seek table is (ISO/IEC 14496-12, 8.8.11). */
const TAIL_BYTES = 16;

/** Bytes of a box's header: length, type, extended type. */
const HEAD_BYTES = 24;

/** Longest box that is looked for. */
const BOX_BYTES_MAX = 4096;

const HEAD = Buffer.concat([Buffer.from("uuid", "latin1"), Buffer.from(PRIVATE_BOX_UUID)]);

/**
 * What a recording says to those alone who can decrypt it: who authorised it, for example. It lies in a box of its own
 * before the seek table that ends the file.
 * @returns undefined when there is none: in a recording that was cut off, for one
 */
export async function readPrivateMetadata(
	recording: Plaintext,
	signal?: AbortSignal,
): Promise<PrivateMetadata | undefined> {
	const tableAt = await seekTableAt(recording, signal);
	if (tableAt === undefined) return undefined;
	const from = Math.max(0, tableAt - BOX_BYTES_MAX);
	const before = Buffer.from(await recording.read(from, tableAt - from, signal));
	const at = before.lastIndexOf(HEAD) - 4;
	if (at < 0 || before.readUInt32BE(at) !== before.length - at) return undefined;
	try {
		return parse(privateMetadata, decodeCbor(before.subarray(at + HEAD_BYTES)));
	} catch (error) {
		if (error instanceof CborError || error instanceof SchemaError) return undefined;
		throw error;
	}
}

async function seekTableAt(
	recording: Plaintext,
	signal: AbortSignal | undefined,
): Promise<number | undefined> {
	const { bytes } = recording;
	if (bytes < TAIL_BYTES) return undefined;
	const tail = Buffer.from(await recording.read(bytes - TAIL_BYTES, TAIL_BYTES, signal));
	const at = bytes - tail.readUInt32BE(TAIL_BYTES - 4);
	return tail.toString("latin1", 4, 8) === "mfro" && at >= 0 && at < bytes ? at : undefined;
}
