import { encodeConsole } from "@bodycam/protocol/smp/console-framing";
import { imageUpload } from "@bodycam/protocol/smp/image";
import { encodeRequest } from "@bodycam/protocol/smp/packet";
import { encodeRaw } from "@bodycam/protocol/smp/raw-framing";
import { projectFirmware } from "@bodycam/simulator/simulator/firmware";
import { bootCamera } from "@bodycam/simulator/testing/boot-camera";
import { SmpClient } from "@bodycam/tools/client/smp-client";
import { pieceBytes, uploadImage } from "@bodycam/tools/operations/firmware/upload";
import type { LineFraming } from "@bodycam/tools/transport/line-framing";
import type { Row } from "./row.ts";
import { VirtualSerial } from "./virtual-serial.ts";

const BAUDS = [115_200, 921_600] as const;
const FRAMINGS: readonly LineFraming[] = ["console", "raw"];
const WINDOWS = [1, 2, 4, 8] as const;

/** Bits on the line for a byte. */
const BITS_PER_BYTE = 10;

/** The project's firmware image uploaded over lines of a speed, in virtual time, against what those lines can carry. */
export async function benchUpload(): Promise<Row[]> {
	const firmware = await projectFirmware();
	const image = firmware.staged?.image;
	if (image === undefined) throw new Error("the project's firmware is no image");
	const rows: Row[] = [];
	for (const baud of BAUDS)
		for (const framing of FRAMINGS)
			for (const window of WINDOWS) {
				const { rate, limit } = await measure(firmware, image, { baud, framing, window });
				rows.push({
					what: `image upload, ${baud.toLocaleString("en")} baud, ${framing} framing, window ${window}`,
					value: rate / 1000,
					unit: "kB/s",
					kind: "exact",
					note: `${((100 * rate) / limit).toFixed(1)} % of the ${(limit / 1000).toFixed(1)} kB/s of image the line carries in this framing; ${image.length} bytes`,
				});
			}
	return rows;
}

interface Line {
	readonly baud: number;
	readonly framing: LineFraming;
	readonly window: number;
}

/** Bytes of image a second: as measured, and when the line never stands still. */
async function measure(
	firmware: Awaited<ReturnType<typeof projectFirmware>>,
	image: Uint8Array,
	{ baud, framing, window }: Line,
): Promise<{ rate: number; limit: number }> {
	const camera = await bootCamera({ firmware, factory: true, arenaMib: 4, baud });
	try {
		camera.advance(3000);
		const line = new VirtualSerial(camera, baud, framing);
		const client = await line.while(SmpClient.connect(line, { timeoutMs: 60_000 }));
		const other = different(image);
		const begun = camera.world.now;
		await line.while(drain(uploadImage(client, other, { window })));
		const seconds = (camera.world.now - begun) / 1e6;
		await client.close();
		return { rate: image.length / seconds, limit: limitOf(image, client.bufferSize, baud, framing) };
	} finally {
		camera.close();
	}
}

/** Bytes of image a second that a line carries that is never idle: an average piece of the image in its frame. */
function limitOf(image: Uint8Array, bufferSize: number, baud: number, framing: LineFraming): number {
	const size = pieceBytes(bufferSize);
	let onLine = 0;
	for (let off = 0; off < image.length; off += size) {
		const request = encodeRequest(imageUpload, { off, data: image.subarray(off, off + size) }, 0);
		onLine += (framing === "raw" ? encodeRaw(request) : encodeConsole(request)).length;
	}
	return ((baud / BITS_PER_BYTE) * image.length) / onLine;
}

/** An image the camera does not have: the upload does not look at its signature. */
function different(image: Uint8Array): Uint8Array {
	const copy = image.slice();
	copy[copy.length - 1] = (copy[copy.length - 1] ?? 0) ^ 0xff;
	return copy;
}

async function drain(events: AsyncIterable<unknown>): Promise<void> {
	for await (const _ of events);
}
