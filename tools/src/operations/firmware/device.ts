import type { FirmwareStatus } from "@bodycam/protocol/camera/firmware";
import { type ImageState, readFirmware, readImages } from "../../client/firmware.ts";
import type { SmpClient } from "../../client/smp-client.ts";
import { ProtocolError } from "../../errors.ts";

/** Connects to the camera, anew after each restart. */
export type Connect = () => Promise<SmpClient>;

/** The firmware of a device: what lies in its slots, and what it tells of itself. */
export interface DeviceFirmware {
	/** Images by slot. */
	readonly images: readonly ImageState[];
	/** The image that runs; undefined when the boot stage answers because there is none. */
	readonly active: ImageState | undefined;
	/** The other image. */
	readonly other: ImageState | undefined;
	/** Which firmware runs, and why; undefined for a device that is no camera of ours. */
	readonly status: FirmwareStatus | undefined;
}

/** Asks a device for its firmware. @throws {ConnectionError} when it does not answer */
export async function readDeviceFirmware(client: SmpClient, signal?: AbortSignal): Promise<DeviceFirmware> {
	const images = await readImages(client, { signal });
	const status = await readFirmware(client, { signal });
	const active = images.find((image) => image.active === true);
	const other = images.find((image) => image.active !== true);
	return { images, active, other, status };
}

/** What tells an image from every other one. */
export interface ImageIdentity {
	/** SHA-256 of header, body and protected entries, by which it is marked. */
	readonly hash: Uint8Array;
	/** Its signature: the same body may have been signed anew. Undefined where the device does not tell. */
	readonly signature: Uint8Array | undefined;
}

/** Whether a slot of a device holds an image, the whole of it where the device tells who signed what. */
export function isImage(
	image: ImageState,
	{ hash, signature }: ImageIdentity,
	{ status }: Pick<DeviceFirmware, "status">,
): boolean {
	if (image.hash === undefined || Buffer.compare(image.hash, hash) !== 0) return false;
	if (status?.signatures === undefined || signature === undefined) return true;
	const there = signatureIn(image.slot, status);
	return there !== undefined && Buffer.compare(there, signature) === 0;
}

/** What tells an image in a slot from every other one. @throws {ProtocolError} when the device gives no hash */
export function identityOf(image: ImageState, { status }: Pick<DeviceFirmware, "status">): ImageIdentity {
	return { hash: hashOf(image), signature: status && signatureIn(image.slot, status) };
}

function signatureIn(slot: number, { signatures }: FirmwareStatus): Uint8Array | undefined {
	return signatures?.find((one) => one.slot === slot)?.signature;
}

/** The hash of an image, by which it is marked. @throws {ProtocolError} when the device gives none */
export function hashOf({ slot, hash }: ImageState): Uint8Array {
	if (hash !== undefined) return hash;
	throw new ProtocolError(`the camera gives no hash of the image in slot ${slot}`, {
		hint: "Update its boot loader, or use another tool.",
	});
}
