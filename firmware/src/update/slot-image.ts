import { IMAGE_ROOM_BYTES } from "@bodycam/protocol/board/flash-layout";
import { IMAGE_HEADER_BYTES, readImageHeader } from "@bodycam/protocol/image/header";
import { ImageError } from "@bodycam/protocol/image/image-error";
import { type ImageOutline, outlineImage } from "@bodycam/protocol/image/parse";
import { type ImageDemands, type Verdict, verifyOutline } from "@bodycam/protocol/image/verify";
import type { TrustCrypto } from "@bodycam/protocol/trust/signed-document";
import type { FlashAccess } from "./flash-access.ts";

/** Most bytes of what follows a body: those of our images have about 200. */
const TAIL_MAX = 4096;

/**
 * Reads what the image of a slot says about itself, without its body.
 * @throws ImageError when there is none, or it does not fit the slot
 */
export async function readOutline(slot: FlashAccess): Promise<ImageOutline> {
	const header = readImageHeader(await slot.read(0, IMAGE_HEADER_BYTES));
	const bodyEnd = header.headerBytes + header.bodyBytes;
	if (bodyEnd + header.protectedBytes > IMAGE_ROOM_BYTES)
		throw new ImageError("too-large", `the image reaches beyond the ${IMAGE_ROOM_BYTES} bytes of its slot`);
	return outlineImage(header, await slot.read(bodyEnd, Math.min(TAIL_MAX, IMAGE_ROOM_BYTES - bodyEnd)));
}

/**
 * Verifies the image of a slot, all of it.
 * @throws ImageError naming the first thing that is wrong
 */
export async function verifySlot(
	slot: FlashAccess,
	demands: Omit<ImageDemands, "whole" | "roomBytes">,
	crypto: TrustCrypto,
): Promise<ImageOutline & Verdict> {
	const outline = await readOutline(slot);
	const digest = await slot.digest(outline.signedBytes);
	return {
		...outline,
		...verifyOutline(outline, digest, { ...demands, roomBytes: IMAGE_ROOM_BYTES }, crypto),
	};
}
