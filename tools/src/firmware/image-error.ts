import { ImageError, type ImageFault, imageAdvice } from "@bodycam/protocol/image/image-error";
import { BodycamError } from "../errors.ts";

/** Faults of a file that is of no use; the others are images that do not verify. */
const USELESS: readonly ImageFault[] = [
	"truncated",
	"wrong-magic",
	"bad-header",
	"bad-tlv",
	"too-large",
	"trailing-bytes",
];

/** The code that a fault has for machines; every one is documented in docs/firmware-images.md. */
export function faultCode(fault: ImageFault): string {
	return `image-${fault}`;
}

/** A firmware image that is of no use, or does not verify; `code` says what is wrong with it. */
export class ImageFileError extends BodycamError {
	override readonly name = "ImageFileError";
	override readonly code: string;
	override readonly exitCode: number;

	/** @param path - the image @param error - what is wrong with it */
	constructor(path: string, error: ImageError) {
		super(`${path}: ${error.message}`, { hint: imageAdvice(error.fault), cause: error });
		this.code = faultCode(error.fault);
		this.exitCode = USELESS.includes(error.fault) ? 1 : 6;
	}
}

/** What `work` makes of the image in a file. @throws {ImageFileError} in place of `ImageError` */
export function withImage<T>(path: string, work: () => T): T {
	try {
		return work();
	} catch (error) {
		if (error instanceof ImageError) throw new ImageFileError(path, error);
		throw error;
	}
}
