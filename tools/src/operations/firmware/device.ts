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

/** The image with a hash, wherever it lies. */
export function imageWith(images: readonly ImageState[], hash: Uint8Array): ImageState | undefined {
	return images.find((image) => image.hash !== undefined && Buffer.compare(image.hash, hash) === 0);
}

/** The hash of an image, by which it is marked. @throws {ProtocolError} when the device gives none */
export function hashOf({ slot, hash }: ImageState): Uint8Array {
	if (hash !== undefined) return hash;
	throw new ProtocolError(`the camera gives no hash of the image in slot ${slot}`, {
		hint: "Update its boot loader, or use another tool.",
	});
}
