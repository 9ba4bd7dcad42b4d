import { IMAGE_FAULTS } from "../image/image-error.ts";
import { array, boolean, bytes, choice, type Infer, map, optional, text, uint } from "../schema/schema.ts";
import { command } from "../smp/command.ts";
import { CameraGroup } from "./groups.ts";

/** Why the boot stage did not run the image of a slot. */
export const REJECTIONS = [...IMAGE_FAULTS, "not-confirmed", "crash-loop", "flash-error"] as const;

/** Why an image was chosen. */
export const SWAPS = ["none", "test", "permanent", "revert"] as const;

/** What a self-test looks at. */
export const SELF_TEST_PARTS = ["camera", "card", "clock", "link"] as const;

/** Schema of `Rejection`. */
export const rejection = map(
	{
		slot: uint({ max: 1 }),
		reason: choice(REJECTIONS, {
			name: "rejection-reason",
			doc: "what is wrong with the image; not-confirmed: it was tested and did not confirm itself; crash-loop: it died again and again",
		}),
		detail: text(255, { doc: "in words" }),
	},
	{ name: "rejection", doc: "why the image of a slot was not run" },
);

/** Why the image of a slot was not run. */
export type Rejection = Infer<typeof rejection>;

/** Schema of `BootDecision`. */
export const bootDecision = map(
	{
		slot: uint({ max: 1, doc: "where the running image lies" }),
		version: text(32),
		hash: bytes(32, { min: 32, doc: "SHA-256 of the image" }),
		buildId: optional(text(32, { doc: "build id, hexadecimal" })),
		counter: uint({ max: 0xffff_ffff, doc: "security counter of the image" }),
		storedCounter: uint({ max: 0xffff_ffff, doc: "the lowest that is taken" }),
		confirmed: boolean(),
		confirmsItself: boolean({
			doc: "confirms itself once its self-test has passed, and goes back if it does not",
		}),
		swap: choice(SWAPS, {
			name: "swap",
			doc: "none: as before; test: runs for the first time, unconfirmed; permanent: for the first time, confirmed; revert: the other one did not confirm itself, or died again and again",
		}),
		rejected: array(rejection, 2),
		development: optional(boolean({ doc: "true: signed with a key for development" })),
	},
	{ name: "boot-decision", doc: "what the boot stage decided" },
);

/** What the boot stage decided. */
export type BootDecision = Infer<typeof bootDecision>;

/** Schema of `SlotSignature`. */
export const slotSignature = map(
	{
		slot: uint({ max: 1 }),
		keyHash: optional(
			bytes(32, { min: 32, doc: "SHA-256 of the key that signed it, as the image names it" }),
		),
		signature: optional(bytes(64, { min: 64 })),
	},
	{
		name: "slot-signature",
		doc: "what stands behind the hash of an image: two images with the same hash may be signed by different keys",
	},
);

/** Who signed the image of a slot. */
export type SlotSignature = Infer<typeof slotSignature>;

/** Schema of `FirmwareStatus`. */
export const firmwareStatus = map(
	{
		board: text(32, { doc: "which images are for" }),
		engine: text(64, { doc: "e.g. xs-wasm 13.3.0" }),
		abi: uint({ max: 0xffff, doc: "version of the natives and board records" }),
		roomBytes: uint({ doc: "bytes of the largest image" }),
		trustedKeys: array(bytes(32, { min: 32 }), 16, {
			doc: "SHA-256 of each trusted key as SubjectPublicKeyInfo, as images name them",
		}),
		boot: optional(bootDecision),
		signatures: optional(array(slotSignature, 2, { doc: "of the images in the slots" })),
		selfTest: map({
			state: choice(["running", "passed", "failed"]),
			open: array(choice(SELF_TEST_PARTS), 8, { doc: "what has not been seen to work yet" }),
		}),
		recovery: optional(boolean({ doc: "true: no image is valid, and the boot stage answers" })),
		rejected: optional(array(rejection, 2, { doc: "in recovery: why the image of each slot is not run" })),
	},
	{ name: "firmware-status", doc: "the running firmware and how it came to run" },
);

/** The running firmware and how it came to run. */
export type FirmwareStatus = Infer<typeof firmwareStatus>;

/** Tells which firmware runs, why, and what other one would be taken. */
export const firmwareRead = command({
	name: "firmware-read",
	group: CameraGroup.firmware,
	id: 0,
	access: "read",
	role: "anyone",
	doc: "Tells which firmware runs, why, and what other one would be taken.",
	request: map({}),
	response: map({ firmware: firmwareStatus }),
});

/** The commands of the firmware group. */
export const FIRMWARE_COMMANDS = [firmwareRead] as const;
