import { type Infer, map, optional, text } from "../schema/schema.ts";
import { AUTHORISED_BY_MAX } from "./capture-terms.ts";
import { recordingNumber } from "./terms.ts";

/**
 * Extended type of the MP4 box (ISO/IEC 14496-12, 4.2: type `uuid`) at the end of a recording with what only who can
 * decrypt it may know: 2bdc66c9-8c95-4e5b-9a0e-d3a80f52d471.
 */
export const PRIVATE_BOX_UUID: readonly number[] = [
	0x2b, 0xdc, 0x66, 0xc9, 0x8c, 0x95, 0x4e, 0x5b, 0x9a, 0x0e, 0xd3, 0xa8, 0x0f, 0x52, 0xd4, 0x71,
];

/** Schema of `PrivateMetadata`. */
export const privateMetadata = map(
	{
		device: text(64, { doc: "serial number of the camera" }),
		number: recordingNumber,
		authorisedBy: optional(
			text(AUTHORISED_BY_MAX, { doc: "who authorised the recording in a home: name or office" }),
		),
	},
	{ name: "private-metadata", doc: "what only those may know who can decrypt a recording" },
);

/** What is known about a recording and names people or places: it is inside the encrypted file, in a box of its own. */
export type PrivateMetadata = Infer<typeof privateMetadata>;
