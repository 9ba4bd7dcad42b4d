import { type FirmwareStatus, firmwareRead } from "@bodycam/protocol/camera/firmware";
import type { RequestOf, ResponseOf } from "@bodycam/protocol/smp/command";
import { imageErase, imageStateRead, imageStateWrite, imageUpload } from "@bodycam/protocol/smp/image";
import { ReturnCode } from "@bodycam/protocol/smp/return-code";
import { RefusedError } from "../errors.ts";
import type { RequestOptions, SmpClient } from "./smp-client.ts";

// One function a command; the errors are those of `SmpClient.request`.

/** An image in a slot. */
export type ImageState = ResponseOf<typeof imageStateRead>["images"][number];

/** The images in the slots. */
export async function readImages(
	client: SmpClient,
	options?: RequestOptions,
): Promise<readonly ImageState[]> {
	return (await client.request(imageStateRead, {}, options)).images;
}

/** Marks an image for the next reset, or confirms one. */
export async function writeImageState(
	client: SmpClient,
	request: RequestOf<typeof imageStateWrite>,
	options?: RequestOptions,
): Promise<readonly ImageState[]> {
	return (await client.request(imageStateWrite, request, options)).images;
}

/** Sends a piece of an image. Sending it twice does no harm: the camera says which offset it wants. */
export function uploadPiece(
	client: SmpClient,
	request: RequestOf<typeof imageUpload>,
	options?: RequestOptions,
): Promise<ResponseOf<typeof imageUpload>> {
	return client.request(imageUpload, request, options);
}

/** Erases a slot; the one that does not run without a number. */
export async function eraseSlot(client: SmpClient, slot: number | undefined, options?: RequestOptions) {
	await client.request(imageErase, slot === undefined ? {} : { slot }, options);
}

/** Which firmware runs and what other one would be taken; undefined for a device that is no camera of ours. */
export async function readFirmware(
	client: SmpClient,
	options?: RequestOptions,
): Promise<FirmwareStatus | undefined> {
	return (await unlessUnsupported(client.request(firmwareRead, {}, options)))?.firmware;
}

async function unlessUnsupported<T>(answer: Promise<T>): Promise<T | undefined> {
	try {
		return await answer;
	} catch (error) {
		if (error instanceof RefusedError && error.returnCode === ReturnCode.notSupported) return undefined;
		throw error;
	}
}
