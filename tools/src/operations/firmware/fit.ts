import type { FirmwareStatus } from "@bodycam/protocol/camera/firmware";
import { type ImageFault, imageAdvice } from "@bodycam/protocol/image/image-error";
import type { ParsedImage } from "@bodycam/protocol/image/parse";
import { decodeFacts, describeEngine } from "@bodycam/protocol/image/vendor";
import { RefusedError } from "../../errors.ts";

/** The image does not fit the camera; `code` says why. Nothing was sent. */
export class UnfitImageError extends RefusedError {
	override readonly code: string;

	/** @param fault - what does not fit @param message - in words @param hint - what to do instead */
	constructor(fault: ImageFault, message: string, hint: string = imageAdvice(fault)) {
		super(`the camera would not take the image: ${message}`, { hint });
		this.code = `image-${fault}`;
	}
}

/**
 * Whether a camera would run an image, by what it says of itself: its size, key, board, engine and security counter. So
 * what is refused is refused before minutes are spent on sending it.
 * @throws {UnfitImageError} naming the first thing that does not fit
 */
export function checkFit(image: ParsedImage, camera: FirmwareStatus): void {
	const { imageBytes, keyHash, signature } = image;
	if (imageBytes > camera.roomBytes)
		throw new UnfitImageError(
			"too-large",
			`it has ${imageBytes} bytes, the slots of the camera have room for ${camera.roomBytes}`,
		);
	if (signature === undefined || keyHash === undefined)
		throw new UnfitImageError("not-signed", "it is not signed");
	checkKey(keyHash, camera);
	const { board, engine, counter } = decodeFacts(image.protectedTlvs);
	if (board !== camera.board)
		throw new UnfitImageError(
			"wrong-board",
			`it is for the board ${board ?? "(it does not say)"}, the camera is a ${camera.board}`,
		);
	const version = /\d+\.\d+\.\d+$/.exec(camera.engine)?.[0];
	if (engine === undefined || engine.abi !== camera.abi || engine.engine.join(".") !== version)
		throw new UnfitImageError(
			"wrong-engine",
			`it is for the engine ${engine === undefined ? "(it does not say)" : describeEngine(engine)}, the camera has ABI ${camera.abi}, XS ${version ?? camera.engine}`,
		);
	const lowest = camera.boot?.storedCounter ?? 0;
	if (counter === undefined || counter < lowest)
		throw new UnfitImageError(
			"older-counter",
			`its security counter is ${counter ?? "missing"}, the camera takes none below ${lowest}`,
		);
}

function checkKey(keyHash: Uint8Array, { trustedKeys }: FirmwareStatus): void {
	const wanted = hex(keyHash);
	const trusted = trustedKeys.map(hex);
	if (trusted.includes(wanted)) return;
	throw new UnfitImageError(
		"wrong-key",
		`it is signed by the key ${wanted.slice(0, 16)}, the camera trusts ${trusted.map((key) => key.slice(0, 16)).join(", ") || "none"}`,
		"Sign it with a key the camera trusts: `bodycam firmware sign --key FILE`.\nA simulated camera trusts the keys given with `bodycam sim start --firmware-key FILE`.",
	);
}

function hex(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex");
}
