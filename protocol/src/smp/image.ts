import { any, array, boolean, bytes, map, optional, text, uint } from "../schema/schema.ts";
import { command } from "./command.ts";
import { declareErrors } from "./errors.ts";
import { ReturnCode } from "./return-code.ts";

/** The standard group for firmware images (Zephyr `smp_group_1.rst`). */
export const IMAGE_GROUP = 1;

const HASH_BYTES = 32;
const SLOTS = 2;
/** Most bytes of one piece of an upload; the buffer bounds it further. */
const PIECE_MAX = 0xffff;

const imageNumber = optional(uint({ max: 255, doc: "image number; a camera has image 0 only" }));
const slotNumber = uint({ max: 255, doc: "0 or 1" });

const imageState = map(
	{
		image: imageNumber,
		slot: slotNumber,
		version: text(32, { doc: "major.minor.revision, and .build where there is one" }),
		hash: optional(bytes(64, { doc: "SHA-256 of the image, as its entry gives it" })),
		bootable: optional(boolean()),
		pending: optional(boolean({ doc: "runs after the next reset" })),
		confirmed: optional(boolean({ doc: "runs after each reset, or is what a reset goes back to" })),
		active: optional(boolean({ doc: "runs now" })),
		permanent: optional(boolean({ doc: "pending, and confirmed from the beginning" })),
	},
	{ name: "image-state", doc: "an image in a slot" },
);

const states = map({
	images: array(imageState, SLOTS * 8),
	splitStatus: optional(uint({ max: 0xffff_ffff, doc: "always 0" })),
});

/** Lists the images. */
export const imageStateRead = command({
	name: "image-state-read",
	group: IMAGE_GROUP,
	id: 0,
	access: "read",
	role: "anyone",
	doc: "Lists the images in the slots.",
	request: map({}),
	response: states,
});

/** Marks an image for the next reset, or confirms the one that runs. */
export const imageStateWrite = command({
	name: "image-state-write",
	group: IMAGE_GROUP,
	id: 0,
	access: "write",
	role: "technician",
	doc: "Marks an image for the next reset, for a test or for good, or confirms the one that runs.",
	request: map({
		hash: optional(
			bytes(64, { doc: "of the image, as the list gives it; without it the one that runs is meant" }),
		),
		confirm: optional(boolean({ doc: "for good; otherwise for a test" })),
		selfConfirm: optional(
			boolean({ doc: "camera only: the image confirms itself after its self-test, or goes back" }),
		),
	}),
	response: states,
});

/** Writes the next piece of an image into the slot that does not run. */
export const imageUpload = command({
	name: "image-upload",
	group: IMAGE_GROUP,
	id: 1,
	access: "write",
	role: "technician",
	doc: "Writes the next piece of an image into the slot that does not run.",
	request: map({
		image: imageNumber,
		len: optional(uint({ max: 0xffff_ffff, doc: "bytes of the whole image; with off 0" })),
		off: uint({ max: 0xffff_ffff, doc: "offset of the piece" }),
		sha: optional(
			bytes(HASH_BYTES, {
				doc: "SHA-256 of the whole file, by which an upload is gone on with; with later pieces its beginning, by which a camera tells two uploads apart",
			}),
		),
		data: optional(bytes(PIECE_MAX)),
		upgrade: optional(any({ doc: "true or 1: only if its version is newer than the one that runs" })),
	}),
	response: map({
		off: optional(uint({ max: 0xffff_ffff, doc: "offset of the piece that is expected next" })),
		match: optional(
			boolean({ doc: "with the last piece: whether the file has the SHA-256 that was announced" }),
		),
	}),
});

/** Erases a slot. */
export const imageErase = command({
	name: "image-erase",
	group: IMAGE_GROUP,
	id: 5,
	access: "write",
	role: "technician",
	doc: "Erases the slot that does not run.",
	request: map({ slot: optional(slotNumber) }),
	response: map({}),
});

/** Tells the sizes of the slots. */
export const imageSlotInfo = command({
	name: "image-slot-info",
	group: IMAGE_GROUP,
	id: 6,
	access: "read",
	role: "anyone",
	doc: "Tells the sizes of the slots.",
	request: map({}),
	response: map({
		images: array(
			map({
				image: uint({ max: 255 }),
				slots: array(
					map({
						slot: slotNumber,
						size: uint({ max: 0xffff_ffff, doc: "bytes" }),
						upload_image_id: optional(uint({ max: 255, doc: "image number that uploads to this slot" })),
					}),
					SLOTS,
				),
				max_image_size: optional(uint({ max: 0xffff_ffff, doc: "bytes of the largest image" })),
			}),
			8,
		),
	}),
});

/** Errors of the image group (Zephyr `img_mgmt_err_code_t`, by its numbers). */
export const ImageGroupError = declareErrors(IMAGE_GROUP, {
	unknown: [1, ReturnCode.unknown, "failed for an unknown reason"],
	flashConfiguration: [2, ReturnCode.unknown, "the flash cannot be described"],
	noImage: [3, ReturnCode.noEntry, "there is no image in the slot"],
	noTlvs: [4, ReturnCode.noEntry, "the image has no entries behind its body"],
	invalidTlv: [5, ReturnCode.unknown, "the image has an entry that is not valid"],
	multipleHashes: [6, ReturnCode.unknown, "the image has more than one hash"],
	tlvSize: [7, ReturnCode.unknown, "the image has an entry of a wrong size"],
	hashNotFound: [8, ReturnCode.unknown, "no slot holds an image with that hash"],
	noFreeSlot: [9, ReturnCode.badState, "no slot is free: the image that runs is not confirmed yet"],
	openFailed: [10, ReturnCode.unknown, "the flash cannot be opened"],
	readFailed: [11, ReturnCode.unknown, "the flash cannot be read"],
	writeFailed: [12, ReturnCode.unknown, "the flash cannot be written"],
	eraseFailed: [13, ReturnCode.unknown, "the flash cannot be erased"],
	invalidSlot: [14, ReturnCode.invalid, "there is no such slot, or it must not be changed now"],
	noMemory: [15, ReturnCode.noMemory, "out of memory"],
	contextSet: [16, ReturnCode.unknown, "the flash is in use"],
	contextNotSet: [17, ReturnCode.unknown, "the flash is not in use"],
	noFlashDevice: [18, ReturnCode.unknown, "there is no such flash"],
	invalidPage: [19, ReturnCode.invalid, "there is no such page of the flash"],
	invalidOffset: [20, ReturnCode.invalid, "the offset is missing or not the one to go on with"],
	invalidLength: [21, ReturnCode.invalid, "an upload begins with the length of the whole image"],
	invalidHeader: [22, ReturnCode.invalid, "the image does not begin with a whole header"],
	invalidMagic: [23, ReturnCode.invalid, "the image does not begin with MCUboot's magic number"],
	invalidHash: [24, ReturnCode.invalid, "the hash is not one of an image, or not that of its content"],
	invalidAddress: [25, ReturnCode.invalid, "the image is for another place in the flash"],
	noVersion: [26, ReturnCode.unknown, "the running image does not tell its version"],
	newerRuns: [27, ReturnCode.badState, "the version that runs is newer or the same"],
	alreadyPending: [28, ReturnCode.badState, "another image waits for the next reset"],
	invalidVectors: [29, ReturnCode.unknown, "the vectors of the image are not valid"],
	tooLarge: [30, ReturnCode.unknown, "the image does not fit its slot"],
	overrun: [31, ReturnCode.unknown, "the piece reaches beyond the length that was announced"],
	confirmationDenied: [32, ReturnCode.unknown, "the image must not be confirmed"],
	testOfActive: [33, ReturnCode.unknown, "the image runs already"],
	activeUnknown: [34, ReturnCode.unknown, "it is not known which slot runs"],
});

/** The commands of the image group. */
export const IMAGE_COMMANDS = [
	imageStateRead,
	imageStateWrite,
	imageUpload,
	imageErase,
	imageSlotInfo,
] as const;
