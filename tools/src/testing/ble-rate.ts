import type { EngineName } from "@bodycam/simulator/machine/engine-name";
import type { Firmware } from "@bodycam/simulator/simulator/firmware";
import { bootCamera } from "@bodycam/simulator/testing/boot-camera";
import { readRecordingsPage } from "../client/camera.ts";
import { SmpClient } from "../client/smp-client.ts";
import { uploadImage } from "../operations/firmware/upload.ts";
import { Transfer } from "../operations/pull/transfer.ts";
import { VirtualBle } from "./virtual-ble.ts";

/** Time until a camera has booted and pre-records, ms. */
const BOOT_TIME = 5000;

/** Time in which a recording that was stopped is closed, ms. */
const CLOSE_TIME = 5000;

/** What is transferred. */
export interface BleTransfer {
	readonly firmware: Firmware;
	readonly engine: EngineName;
	/** Length of the recording that is pulled, ms. */
	readonly recordedMs: number;
	/** Part of the packets that is lost, 0 to 1. */
	readonly loss: number;
}

/** What a transfer came to, in virtual time. */
export interface BleRate {
	/** Bytes transferred. */
	readonly bytes: number;
	/** Bytes a second. */
	readonly rate: number;
}

/** Pulls a recording from a camera over Bluetooth, in virtual time. */
export async function measureBlePull({ firmware, engine, recordedMs, loss }: BleTransfer): Promise<BleRate> {
	const camera = await bootCamera({ firmware, engine, factory: false, ble: true, preRecordSeconds: 0 });
	try {
		camera.advance(BOOT_TIME);
		camera.press("start");
		camera.advance(recordedMs);
		camera.press("stop");
		camera.advance(CLOSE_TIME);
		const line = new VirtualBle(camera, loss);
		const client = await line.while(SmpClient.connect(line));
		const { recordings } = await line.while(readRecordingsPage(client, {}));
		const [recording] = recordings;
		if (recording === undefined) throw new Error("nothing was recorded");
		const begun = camera.world.now;
		const transfer = new Transfer(client, {
			number: recording.number,
			part: "age",
			total: recording.bytes,
			from: 0,
			write: async () => undefined,
		});
		await line.while(finish(transfer));
		const seconds = (camera.world.now - begun) / 1e6;
		await client.close();
		return { bytes: recording.bytes, rate: recording.bytes / seconds };
	} finally {
		camera.close();
	}
}

/** Uploads the image of a firmware to a camera that runs it over Bluetooth, in virtual time. */
export async function measureBleUpload({
	firmware,
	engine,
	loss,
}: Omit<BleTransfer, "recordedMs">): Promise<BleRate> {
	const image = firmware.staged?.image.slice();
	if (image === undefined) throw new Error("the firmware is no image");
	// Another one than runs: the upload does not look at the signature.
	image[image.length - 1] = (image.at(-1) ?? 0) ^ 0xff;
	const camera = await bootCamera({ firmware, engine, factory: true, arenaMib: 4, ble: true });
	try {
		camera.advance(BOOT_TIME);
		const line = new VirtualBle(camera, loss);
		const client = await line.while(SmpClient.connect(line));
		const begun = camera.world.now;
		await line.while(drain(uploadImage(client, image)));
		const seconds = (camera.world.now - begun) / 1e6;
		await client.close();
		return { bytes: image.length, rate: image.length / seconds };
	} finally {
		camera.close();
	}
}

async function finish(transfer: Transfer): Promise<void> {
	transfer.start();
	// The wall clock's limit is none of virtual time's.
	while (!transfer.done) await transfer.progress(60_000);
	await transfer.settle();
}

async function drain(events: AsyncIterable<unknown>): Promise<void> {
	for await (const _ of events);
}
