import { PRIVATE_BOX_UUID, type PrivateMetadata } from "@bodycam/protocol/camera/private-metadata";
import { encodeCbor } from "@bodycam/protocol/cbor/codec";
import { box } from "./boxes.ts";

/** The box with what names people or places, as CBOR (ISO/IEC 14496-12, 4.2: a `uuid` box). */
export function buildPrivateBox(metadata: PrivateMetadata): Uint8Array {
	return box("uuid", PRIVATE_BOX_UUID, encodeCbor(metadata));
}
