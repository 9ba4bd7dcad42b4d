import { type ImageSignature, imageKeyHash, sealImage, signImage } from "@bodycam/protocol/image/build";
import { ImageError } from "@bodycam/protocol/image/image-error";
import { type ParsedImage, parseImage } from "@bodycam/protocol/image/parse";
import { checkHash, verifyImage } from "@bodycam/protocol/image/verify";
import type { Signer } from "@bodycam/protocol/trust/signed-document";
import { hostCrypto } from "../agency/host-crypto.ts";
import { BodycamError } from "../errors.ts";
import { readWhole } from "./files.ts";
import { faultCode, ImageFileError, withImage } from "./image-error.ts";

/**
 * An image in a file, complete and undamaged; signed or not.
 * @throws {ImageFileError} when it is of no use or damaged
 */
export function readImageFile(path: string): ParsedImage {
	const bytes = readWhole(path);
	return withImage(path, () => {
		const image = parseImage(bytes);
		if (bytes.length > image.imageBytes)
			throw new ImageError(
				"trailing-bytes",
				`the image has ${image.imageBytes} bytes, but ${bytes.length - image.imageBytes} follow it`,
			);
		checkHash(image, hostCrypto);
		return image;
	});
}

/** The image signed with a key, whoever had signed it before. */
export function signAnew({ signedPart }: ParsedImage, signer: Signer): Uint8Array {
	return signImage(signedPart, signer, hostCrypto);
}

/**
 * The image with a signature that was made elsewhere.
 * @throws {ForeignSignatureError} when it is not that of this image by this key
 */
export function attachSignature(path: string, image: ParsedImage, signature: ImageSignature): Uint8Array {
	const signed = sealImage(image.signedPart, signature, hostCrypto);
	try {
		withImage(path, () => verifyImage(signed, { keys: [signature.publicKey] }, hostCrypto));
	} catch (error) {
		if (error instanceof ImageFileError && error.code === faultCode("bad-signature"))
			throw new ForeignSignatureError(path, keyHashOf(signature.publicKey), error);
		throw error;
	}
	return signed;
}

/** A signature that was made elsewhere is of another image, or by another key: nothing is wrong with the image. */
export class ForeignSignatureError extends BodycamError {
	override readonly name = "ForeignSignatureError";
	override readonly code = faultCode("bad-signature");
	override readonly exitCode = 6;

	/** @param path - the image @param keyHash - of the key it should be by, hexadecimal @param cause - what verifying said */
	constructor(path: string, keyHash: string, cause: Error) {
		super(`the signature is not one of ${path} by the key ${keyHash.slice(0, 16)}`, {
			hint: `Sign what \`bodycam firmware sign ${path} --digest\` prints with the private key that belongs to --public-key.`,
			cause,
		});
	}
}

/** The hash by which an image names a public key, hexadecimal. */
export function keyHashOf(publicKey: Uint8Array): string {
	return Buffer.from(imageKeyHash(publicKey, hostCrypto)).toString("hex");
}
