import { developmentImage } from "@bodycam/firmware/development-image";
import { decodeCameraAdvertisement } from "@bodycam/protocol/camera/advertisement";
import { type RecordingMetadata, recordingsRead } from "@bodycam/protocol/camera/recordings";
import { statusRead } from "@bodycam/protocol/camera/status";
import { parseImageVersion } from "@bodycam/protocol/image/version";
import { imageUpload } from "@bodycam/protocol/smp/image";
import { encodeRequest } from "@bodycam/protocol/smp/packet";
import { statisticsShow } from "@bodycam/protocol/smp/statistics";
import { describe, expect, it } from "vitest";
import { SmpLink } from "../ports/smp-link.ts";
import { DeviceAddress } from "../radio/air/address.ts";
import { throughputCeiling } from "../radio/air/airtime.ts";
import { projectFirmware } from "../simulator/firmware.ts";
import type { BleClient } from "../testing/ble-client.ts";
import { type BootedCamera, bootCamera } from "../testing/boot-camera.ts";
import { PipelinedReads } from "../testing/pipelined-reads.ts";
import { record } from "../testing/record.ts";
import { PIECE_BYTES, uploadImage } from "../testing/update-camera.ts";

const NOBODY = new DeviceAddress("00:00:00:00:00:00", false);

/** A camera with a radio that has settled. */
async function camera(options: Parameters<typeof bootCamera>[0] = {}): Promise<BootedCamera> {
	const booted = await bootCamera({
		ble: true,
		preRecordSeconds: 2,
		clockMs: Date.UTC(2026, 5, 1),
		...options,
	});
	booted.advance(3000);
	return booted;
}

/** Asks a camera over a client's connection. */
function linkOf(booted: BootedCamera, client: BleClient): SmpLink {
	return new SmpLink(client, (ms) => booted.advance(ms));
}

/** What somebody who only listens has heard last: the advertisement, and the name in the scan response. */
function heardBy(booted: BootedCamera) {
	const { air } = booted;
	if (air === undefined) throw new Error("the camera has no radio");
	const heard: { own: Uint8Array; name: string; all: string[] } = {
		own: new Uint8Array(),
		name: "",
		all: [],
	};
	air.listen({
		station: air.join(new DeviceAddress("00:00:00:00:00:bb", false), 2),
		active: true,
		duty: 1,
		heard: ({ advertisement, response }) => {
			const { data } = advertisement;
			heard.own = data.subarray(data.indexOf(0xff) + 1);
			if (response) heard.name = new TextDecoder().decode(advertisement.response.subarray(2));
			heard.all.push(Buffer.from(data).toString("latin1"), heard.name);
		},
	});
	return heard;
}

describe("a camera's advertisement", () => {
	it("tells its name, its battery and what its public light shows", async () => {
		const booted = await camera();
		const heard = heardBy(booted);
		const now = () => {
			booted.advance(500);
			return decodeCameraAdvertisement(heard.own);
		};
		const idle = { light: "dark", batteryPercent: 100, charging: false, attention: false, full: false };
		expect(now()).toEqual(idle);
		expect(heard.name).toBe("cam1");
		booted.press("start");
		booted.advance(1000);
		expect(now()).toEqual({ ...idle, light: "recording" });
		booted.board.peripherals.battery.set(70, false);
		expect(now()).toEqual({ ...idle, light: "recording", batteryPercent: 70 });
	});

	it("tells a technician that something is wrong", async () => {
		const booted = await camera();
		const heard = heardBy(booted);
		booted.board.peripherals.card.remove();
		booted.advance(500);
		expect(decodeCameraAdvertisement(heard.own)?.attention).toBe(true);
	});

	it("tells when it has all the clients it takes, which noble does not make out by itself", async () => {
		const booted = await camera();
		const heard = heardBy(booted);
		const isFull = () => {
			booted.advance(500);
			return decodeCameraAdvertisement(heard.own)?.full;
		};
		const clients = ["a1", "a2", "a3"].map((end) => {
			expect(isFull()).toBe(false);
			return booted.connectBle({ address: `00:00:00:00:00:${end}` });
		});
		expect(isFull()).toBe(true);
		clients[1]?.disconnect();
		expect(isFull()).toBe(false);
	});

	it("tells a stranger neither who wears the camera nor which one it is", async () => {
		const booted = await camera();
		const heard = heardBy(booted);
		booted.advance(1000);
		record(booted, 2);
		const { wearer, device } = booted.status();
		const said = heard.all.join("\n");
		expect(said).toContain("cam1");
		expect(said).not.toContain(wearer?.wearer);
		expect(said).not.toContain(device.serial);
	});
});

describe("a camera over Bluetooth", () => {
	it.each([23, 185, 498])("answers as over any other link, with an MTU of %i octets", async (mtu) => {
		const booted = await camera();
		const { number } = record(booted, 2);
		const client = booted.connectBle({ mtu });
		const link = linkOf(booted, client);
		expect(client.mtu).toBe(mtu);
		expect(link.request(statusRead, {}).status.device).toEqual(booted.status().device);
		const over = link.request(recordingsRead, { number, off: 0, len: 3000 });
		expect(over).toEqual(booted.client.request(recordingsRead, { number, off: 0, len: 3000 }));
	});

	it("asks for short intervals while it is asked for something, and sleeps afterwards", async () => {
		const booted = await camera();
		const client = booted.connectBle();
		linkOf(booted, client).request(statusRead, {});
		booted.advance(1000);
		expect(client.link?.parameters).toEqual({ interval: 12, latency: 0, timeout: 400 });
		booted.advance(7000);
		expect(client.link?.parameters).toEqual({ interval: 120, latency: 2, timeout: 600 });
		expect(linkOf(booted, client).request(statusRead, {}).status.capture.state).toBe("armed");
	});

	it("works with a client that keeps its own parameters", async () => {
		const booted = await camera();
		const client = booted.connectBle({ agrees: false });
		expect(linkOf(booted, client).request(statusRead, {}).status.device.name).toBe("cam1");
		expect(client.link?.parameters.interval).toBe(24);
	});

	it("hands over a recording at nine tenths of what the air carries", async () => {
		const booted = await camera();
		const { number } = record(booted, 8);
		const client = booted.connectBle();
		const reads = new PipelinedReads(client, number);
		booted.advance(1000);
		const before = reads.bytes;
		booted.advance(4000);
		const { phy = 1 } = client.link ?? {};
		const ceiling = throughputCeiling({ interval: 15_000, phy, octets: 251, mtu: 498 });
		expect(phy).toBe(2);
		expect((reads.bytes - before) / 4).toBeGreaterThan(0.9 * ceiling);
	});

	it("answers one client at a time and the others that it is busy, until the first has gone", async () => {
		const booted = await camera();
		const one = booted.connectBle({ address: "00:00:00:00:00:a1" });
		const other = booted.connectBle({ address: "00:00:00:00:00:a2" });
		linkOf(booted, one).request(statusRead, {});
		expect(() => linkOf(booted, other).request(statusRead, {})).toThrow(/another client commands the camera/);
		one.disconnect();
		expect(linkOf(booted, other).request(statusRead, {}).status.device.name).toBe("cam1");
		const { fields } = booted.client.request(statisticsShow, { name: "ble" });
		expect(fields).toMatchObject({ connections: 2, disconnections: 1, requests: 3, busy_answers: 1 });
	});

	it("goes on with an upload that a lost connection cut off", async () => {
		const booted = await camera({ arenaMib: 4, preRecordSeconds: 1 });
		const { artefact } = await projectFirmware();
		const image = developmentImage(artefact, "1111222233334444", { version: parseImageVersion("0.2.0") });
		const client = booted.connectBle();
		const cut = linkOf(booted, client);
		const first = cut.request(imageUpload, { off: 0, data: image.slice(0, PIECE_BYTES), len: image.length });
		const rest = encodeRequest(imageUpload, { off: first.off ?? 0, data: image.slice(PIECE_BYTES, 7000) }, 9);
		client.transmit(rest.subarray(0, 1500));
		client.link?.silence();
		booted.advance(6000);
		expect([client.connected, client.ends]).toEqual([false, [0x08]]);
		const again = booted.connectBle();
		expect(uploadImage({ client: linkOf(booted, again) }, image)).toMatchObject({ match: true });
	});

	it("is found again after a reset, while its client notices by the silence", async () => {
		const booted = await camera();
		const client = booted.connectBle();
		linkOf(booted, client).request(statusRead, {});
		booted.board.reset();
		booted.advance(8000);
		expect(client.ends).toEqual([0x08]);
		const again = booted.connectBle();
		expect(linkOf(booted, again).request(statusRead, {}).status.bootReason).toBe("requested");
	});

	it("costs an armed camera nothing while its client asks for nothing", async () => {
		const spent = (booted: BootedCamera) => {
			booted.advance(10_000 - booted.now);
			const before = booted.counters;
			booted.advance(5000);
			const after = booted.counters;
			return {
				instructions: after.instructions - before.instructions,
				allocated: [
					after.slotAllocations - before.slotAllocations,
					after.chunkAllocations - before.chunkAllocations,
				],
			};
		};
		const booted = await camera();
		const client = booted.connectBle();
		linkOf(booted, client).request(statusRead, {});
		const connected = spent(booted);
		expect([client.connected, client.link?.parameters.interval]).toEqual([true, 120]);
		const alone = spent(await camera({ ble: false }));
		expect(connected.allocated).toEqual(alone.allocated);
		expect(connected.instructions).toBeLessThan(1.1 * alone.instructions);
	});

	it("keeps no memory of clients that have gone", async () => {
		const booted = await camera();
		const client = booted.connectBle();
		const round = () => {
			linkOf(booted, client).request(statusRead, {});
			client.disconnect();
			booted.advance(500);
			client.connect(booted.board.peripherals.radio.station?.address ?? NOBODY);
		};
		for (let count = 0; count < 5; count++) round();
		const before = booted.heap();
		for (let count = 0; count < 40; count++) round();
		expect(booted.heap() - before).toBeLessThan(2048);
	});

	it("takes any bytes for what they are and answers on", async () => {
		const booted = await camera();
		const client = booted.connectBle();
		const random = booted.world.random.stream("hostile client");
		for (let count = 0; count < 300; count++) {
			const value = new Uint8Array(1 + random.below(400));
			random.fill(value);
			client.write(value);
		}
		booted.advance(10_000);
		expect(linkOf(booted, client).request(statusRead, {}).status.faults).toEqual([]);
		expect(booted.resets).toEqual([]);
	});
});

/** When the compared recordings begin, ms since power-on. */
const COMPARED_AT = 15_000;

/** The second recording of a camera, while something may go on since the first. */
async function secondRecording(meanwhile: (booted: BootedCamera, first: number) => void) {
	const booted = await camera();
	const { number } = record(booted, 3);
	meanwhile(booted, number);
	booted.advance(COMPARED_AT - booted.now);
	const recording = record(booted, 8);
	expect(booted.status().faults).toEqual([]);
	return recording;
}

describe("recording while a transfer runs", () => {
	it("has every frame that it has without one, those before the trigger too, and is drained no later", async () => {
		const transfers: PipelinedReads[] = [];
		const alone = await secondRecording(() => undefined);
		const during = await secondRecording((booted, number) => {
			transfers.push(new PipelinedReads(booted.connectBle(), number));
		});
		expect(transfers[0]?.bytes).toBeGreaterThan(1_500_000);
		const media = ({ video, audio, preRecord, trigger, lost }: RecordingMetadata) => {
			return { video, audio, preRecord, trigger, lost };
		};
		expect(media(during)).toEqual({ ...media(alone), lost: undefined });
		expect(during.drainMs).toBeLessThan(alone.drainMs + 500);
	});
});
