import { array, boolean, bytes, integer, map, optional, text, uint } from "../schema/schema.ts";
import { command } from "./command.ts";
import { declareErrors } from "./errors.ts";
import { ReturnCode } from "./return-code.ts";

/** The standard group for images (Zephyr `smp_group_1.rst`). */
export const IMAGE_GROUP = 1;

/** Most images and slots in an answer. */
const SLOTS_MAX = 4;

const image = uint({ max: 0xffff_ffff, doc: "number of the image; 0 without it" });
const slot = uint({ max: 0xffff_ffff, doc: "0: the first, 1: the second" });
const flag = optional(boolean({ doc: "false without it" }));

/** Schema of the state of one slot. Zephyr leaves false flags out when it is built so. */
export const imageSlotState = map(
	{
		image: optional(image),
		slot,
		version: text(32, { doc: "1.2.3, or 1.2.3.4 with a build number" }),
		hash: optional(bytes(64, { min: 32, doc: "the hash that the image itself gives" })),
		bootable: flag,
		pending: flag,
		confirmed: flag,
		active: flag,
		permanent: flag,
	},
	{ name: "image-slot-state", doc: "an image in a slot" },
);

const imageStates = map({
	images: array(imageSlotState, SLOTS_MAX),
	splitStatus: optional(integer(-0x8000_0000, 0x7fff_ffff, { doc: "0: images are not split" })),
});

/** Tells which images the slots hold. */
export const imageState = command({
	name: "image-state",
	group: IMAGE_GROUP,
	id: 0,
	access: "read",
	role: "anyone",
	doc: "Tells which images the slots hold, and what is to be done with them.",
	request: map({}),
	response: imageStates,
});

/** Marks an image for test, or confirms one. */
export const imageSetState = command({
	name: "image-set-state",
	group: IMAGE_GROUP,
	id: 0,
	access: "write",
	role: "administrator",
	doc: "Marks the image with a hash for test at the next restart, or confirms it; without a hash the running one.",
	request: map({
		hash: optional(bytes(64, { doc: "the hash that the image itself gives" })),
		confirm: optional(boolean({ doc: "true: for good" })),
	}),
	response: imageStates,
});

/** Uploads a part of an image. */
export const imageUpload = command({
	name: "image-upload",
	group: IMAGE_GROUP,
	id: 1,
	access: "write",
	role: "administrator",
	doc: "Uploads a part of an image to the slot that does not run.",
	request: map({
		image: optional(image),
		len: optional(uint({ max: 0xffff_ffff, doc: "bytes of the whole file; needed when off is 0" })),
		off: uint({ max: 0xffff_ffff, doc: "offset of the first byte" }),
		sha: optional(
			bytes(32, { doc: "SHA-256 of the whole file; names the upload, so that it can be resumed" }),
		),
		data: bytes(0xffff),
		upgrade: optional(boolean({ doc: "true: only if its version is higher than that of the running one" })),
	}),
	response: map({
		off: uint({ max: 0xffff_ffff, doc: "offset to go on with" }),
		match: optional(boolean({ doc: "at the end: whether what arrived is what sha says" })),
	}),
});

/** Erases a slot. */
export const imageErase = command({
	name: "image-erase",
	group: IMAGE_GROUP,
	id: 5,
	access: "write",
	role: "administrator",
	doc: "Erases the slot that does not run.",
	request: map({ slot: optional(slot) }),
	response: map({}),
});

/** Describes the slots. */
export const imageSlots = command({
	name: "image-slots",
	group: IMAGE_GROUP,
	id: 6,
	access: "read",
	role: "anyone",
	doc: "Describes the slots.",
	request: map({}),
	response: map({
		images: array(
			map({
				image,
				slots: array(
					map({
						slot,
						size: uint({ max: 0xffff_ffff, doc: "bytes" }),
						upload_image_id: optional(
							uint({ max: 0xffff_ffff, doc: "image number that an upload here has" }),
						),
					}),
					SLOTS_MAX,
				),
				max_image_size: optional(uint({ max: 0xffff_ffff, doc: "bytes of the largest image" })),
			}),
			SLOTS_MAX,
		),
	}),
});

/** Errors of the image group (Zephyr `img_mgmt_err_code_t`). */
export const ImageGroupError = declareErrors(IMAGE_GROUP, {
	unknown: [1, ReturnCode.unknown, "failed for an unknown reason"],
	flashConfiguration: [2, ReturnCode.unknown, "the flash cannot be described"],
	noImage: [3, ReturnCode.noEntry, "there is no image in the slot"],
	noTlvs: [4, ReturnCode.noEntry, "the image has no entries behind its body"],
	invalidTlv: [5, ReturnCode.unknown, "the image has an entry that is not valid"],
	multipleHashes: [6, ReturnCode.unknown, "the image has more than one hash"],
	tlvSize: [7, ReturnCode.unknown, "the image has an entry of a wrong size"],
	hashNotFound: [8, ReturnCode.unknown, "no slot holds an image with that hash"],
	noFreeSlot: [9, ReturnCode.badState, "no slot is free for the image"],
	flashOpenFailed: [10, ReturnCode.unknown, "the flash cannot be opened"],
	flashReadFailed: [11, ReturnCode.unknown, "the flash cannot be read"],
	flashWriteFailed: [12, ReturnCode.unknown, "the flash cannot be written"],
	flashEraseFailed: [13, ReturnCode.unknown, "the flash cannot be erased"],
	invalidSlot: [14, ReturnCode.invalid, "there is no such slot"],
	noMemory: [15, ReturnCode.noMemory, "out of memory"],
	contextSet: [16, ReturnCode.unknown, "the flash is in use"],
	contextNotSet: [17, ReturnCode.unknown, "the flash is not in use"],
	noFlashDevice: [18, ReturnCode.unknown, "there is no such flash"],
	invalidPage: [19, ReturnCode.invalid, "there is no such page of the flash"],
	invalidOffset: [20, ReturnCode.invalid, "the offset is missing or not the one to go on with"],
	invalidLength: [21, ReturnCode.invalid, "the length is missing or not valid"],
	invalidHeader: [22, ReturnCode.invalid, "the image is shorter than its header"],
	invalidMagic: [23, ReturnCode.invalid, "that is no MCUboot image"],
	invalidHash: [24, ReturnCode.invalid, "the hash is not valid"],
	invalidAddress: [25, ReturnCode.invalid, "the image is for another place in the flash"],
	noVersion: [26, ReturnCode.unknown, "the running image does not tell its version"],
	currentIsNewer: [27, ReturnCode.badState, "the running image is newer"],
	pending: [28, ReturnCode.badState, "an image waits for its test already"],
	invalidVectors: [29, ReturnCode.unknown, "the vectors of the image are not valid"],
	tooLarge: [30, ReturnCode.unknown, "the image is larger than the slot"],
	overrun: [31, ReturnCode.unknown, "more data arrived than the image has"],
	confirmDenied: [32, ReturnCode.unknown, "the image is not confirmed"],
	testOfActive: [33, ReturnCode.unknown, "the running image cannot be marked for test"],
	activeUnknown: [34, ReturnCode.unknown, "it is not known which slot runs"],
});

/** The commands of the image group. */
export const IMAGE_COMMANDS = [imageState, imageSetState, imageUpload, imageErase, imageSlots] as const;
