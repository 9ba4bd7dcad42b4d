/** Why a firmware image is not taken, in the order in which an image is looked at. */
export const IMAGE_FAULTS = [
	"truncated",
	"wrong-magic",
	"bad-header",
	"bad-tlv",
	"too-large",
	"trailing-bytes",
	"not-signed",
	"wrong-key",
	"bad-hash",
	"bad-signature",
	"wrong-board",
	"wrong-engine",
	"older-counter",
] as const;

/** One of `IMAGE_FAULTS`. */
export type ImageFault = (typeof IMAGE_FAULTS)[number];

/** A firmware image that is not taken. */
export class ImageError extends Error {
	override readonly name = "ImageError";
	/** Why. */
	readonly fault: ImageFault;

	/** @param fault - why @param message - what is wrong with which part of the image, in words */
	constructor(fault: ImageFault, message: string) {
		super(message);
		this.fault = fault;
	}
}

const ADVICE: Readonly<Record<ImageFault, string>> = {
	truncated: "The file or its transfer was cut short: build or copy the image anew.",
	"wrong-magic": "This is no MCUboot image: give the file that `bodycam firmware build` writes.",
	"bad-header": "The image is damaged, or made for another boot loader: build it anew.",
	"bad-tlv": "The image is damaged, or made for another boot loader: build it anew.",
	"too-large":
		"Leave something out of the firmware: `bodycam firmware build --analyze` shows what takes the room.",
	"trailing-bytes":
		"Something was appended to the image: give the file that `bodycam firmware build` writes.",
	"not-signed": "Sign it with `bodycam firmware sign`.",
	"wrong-key": "Sign it with the key that is trusted here: `bodycam firmware sign --key FILE`.",
	"bad-hash": "The image was changed or damaged: build or copy it anew.",
	"bad-signature": "The image was changed after it was signed: do not use it, build it anew.",
	"wrong-board": "Build the image for the board that the camera is.",
	"wrong-engine":
		"Build the image with the tools that belong to the camera's engine, or update the engine first.",
	"older-counter":
		"This image was withdrawn for its security: use one with the same or a higher security counter.",
};

/** What to do about a fault, in a sentence. */
export function imageAdvice(fault: ImageFault): string {
	return ADVICE[fault];
}
