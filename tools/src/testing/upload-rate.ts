import { encodeConsole } from "@bodycam/protocol/smp/console-framing";
import { imageUpload } from "@bodycam/protocol/smp/image";
import { encodeRequest } from "@bodycam/protocol/smp/packet";
import { encodeRaw } from "@bodycam/protocol/smp/raw-framing";
import type { Firmware } from "@bodycam/simulator/simulator/firmware";
import { bootCamera } from "@bodycam/simulator/testing/boot-camera";
import { SmpClient } from "../client/smp-client.ts";
import { pieceBytes, uploadImage } from "../operations/firmware/upload.ts";
import type { LineFraming } from "../transport/line-framing.ts";
import { VirtualSerial } from "./virtual-serial.ts";

/** Bits on the line for a byte. */
const BITS_PER_BYTE = 10;

/** Time until a camera has booted, ms. */
const BOOT_TIME = 3000;

/** A line, and how it is used. */
export interface UploadLine {
	readonly baud: number;
	readonly framing: LineFraming;
	/** Requests under way at most. */
	readonly window: number;
}

/** Bytes of image a second. */
export interface UploadRate {
	/** As measured. */
	readonly rate: number;
	/** When the line never stands still. */
	readonly limit: number;
}

/** Uploads the image of a firmware to a camera that runs it, in virtual time; the camera has not seen its last byte yet. */
export async function measureUpload(
	firmware: Firmware,
	{ baud, framing, window }: UploadLine,
): Promise<UploadRate> {
	const image = firmware.staged?.image.slice();
	if (image === undefined) throw new Error("the firmware is no image");
	// Another one than runs: the upload does not look at the signature.
	image[image.length - 1] = (image.at(-1) ?? 0) ^ 0xff;
	const camera = await bootCamera({ firmware, factory: true, arenaMib: 4, baud });
	try {
		camera.advance(BOOT_TIME);
		const line = new VirtualSerial(camera, baud, framing);
		const client = await line.while(SmpClient.connect(line, { timeoutMs: 60_000 }));
		const begun = camera.world.now;
		await line.while(drain(uploadImage(client, image, { window })));
		const seconds = (camera.world.now - begun) / 1e6;
		await client.close();
		return { rate: image.length / seconds, limit: limitOf(image, client.bufferSize, baud, framing) };
	} finally {
		camera.close();
	}
}

/** Bytes of image a second that a line carries that is never idle: all pieces in their frames, one after the other. */
function limitOf(image: Uint8Array, bufferSize: number, baud: number, framing: LineFraming): number {
	const size = pieceBytes(bufferSize);
	let onLine = 0;
	for (let off = 0; off < image.length; off += size) {
		const request = encodeRequest(imageUpload, { off, data: image.subarray(off, off + size) }, 0);
		onLine += (framing === "raw" ? encodeRaw(request) : encodeConsole(request)).length;
	}
	return ((baud / BITS_PER_BYTE) * image.length) / onLine;
}

async function drain(events: AsyncIterable<unknown>): Promise<void> {
	for await (const _ of events);
}
