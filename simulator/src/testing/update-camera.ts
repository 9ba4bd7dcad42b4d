import { createHash } from "node:crypto";
import { type FirmwareStatus, firmwareRead } from "@bodycam/protocol/camera/firmware";
import type { ResponseOf } from "@bodycam/protocol/smp/command";
import { imageStateRead, imageStateWrite, imageUpload } from "@bodycam/protocol/smp/image";
import { osReset } from "@bodycam/protocol/smp/os";
import type { BootedCamera } from "./boot-camera.ts";

/** Bytes of an upload's piece: what fits a packet. */
export const PIECE_BYTES = 3800;

/** The images of a camera, as it lists them. */
export type ListedImages = ResponseOf<typeof imageStateRead>["images"];

/** Who is asked: a camera, or a link to one. */
type Asked = Pick<BootedCamera, "client">;

/** Lists the images. */
export function listImages({ client }: Asked): ListedImages {
	return client.request(imageStateRead, {}).images;
}

/** The flags of the images that are set, a line for each: `0.1.0 active confirmed`. */
export function imageFlags(camera: Asked): string[] {
	return listImages(camera).map(({ version, ...image }) =>
		[
			version,
			...(["active", "confirmed", "pending", "permanent"] as const).filter((flag) => image[flag] === true),
		].join(" "),
	);
}

/** What a camera says of its firmware. */
export function firmwareOf(camera: Asked): FirmwareStatus {
	return camera.client.request(firmwareRead, {}).firmware;
}

/** Uploads an image piece by piece; the last answer. */
export function uploadImage(camera: Asked, image: Uint8Array): ResponseOf<typeof imageUpload> {
	const sha = new Uint8Array(createHash("sha256").update(image).digest());
	let answer: ResponseOf<typeof imageUpload> = {};
	for (let off = 0; off < image.length; off = answer.off ?? image.length) {
		const data = image.slice(off, off + PIECE_BYTES);
		const first = off === 0 ? { len: image.length, sha } : {};
		answer = camera.client.request(imageUpload, { off, data, ...first });
	}
	return answer;
}

/** The hash of the image in the slot that does not run. */
export function spareHash(camera: Asked): Uint8Array {
	const spare = listImages(camera).find(({ active }) => active !== true);
	if (spare?.hash === undefined) throw new Error("there is no image in the other slot");
	return spare.hash;
}

/** Marks the image in the slot that does not run. */
export function markSpare(
	camera: BootedCamera,
	how: { confirm?: boolean; selfConfirm?: boolean } = {},
): void {
	camera.client.request(imageStateWrite, { hash: spareHash(camera), confirm: false, ...how });
}

/** Resets the camera by command and waits until its application runs again. */
export function resetCamera(camera: BootedCamera): void {
	camera.client.request(osReset, {});
	camera.advance(300);
	waitForApplication(camera);
}

/** Waits until the application runs and knows its policy. */
export function waitForApplication(camera: BootedCamera): void {
	camera.advanceUntil(
		() => camera.board.running && !camera.board.inBootStage,
		2_000,
		"the start of the firmware",
	);
	camera.advance(100);
}
