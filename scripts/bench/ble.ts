import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PREFERRED_MTU } from "@bodycam/protocol/smp/ble";
import { ENGINES, type EngineName } from "@bodycam/simulator/machine/engine-name";
import { throughputCeiling } from "@bodycam/simulator/radio/air/airtime";
import { type Firmware, projectFirmware } from "@bodycam/simulator/simulator/firmware";
import { press } from "@bodycam/simulator/simulator/presses";
import { startSimulator } from "@bodycam/simulator/simulator/start";
import { mcuMissing } from "@bodycam/simulator/testing/engines";
import { Pacer } from "@bodycam/simulator/world/pacer";
import { connectDevice } from "@bodycam/tools/client/connect";
import type { SmpClient } from "@bodycam/tools/client/smp-client";
import { uploadImage } from "@bodycam/tools/operations/firmware/upload";
import { pullRecording } from "@bodycam/tools/operations/pull-recording";
import { type BleRate, measureBlePull, measureBleUpload } from "@bodycam/tools/testing/ble-rate";
import type { Row } from "./row.ts";

/** The radio of all rows, and what it can carry at most. */
const CEILING = throughputCeiling({ interval: 15_000, phy: 2, octets: 251, mtu: PREFERRED_MTU });
const CONDITIONS = "15 ms, 2M PHY, data length 251, MTU 498";

/** The best that is published for SMP over Bluetooth, kB/s. */
const BEST_PUBLISHED = 71;

/** Length of the recording that is pulled, ms, and of one of about ten megabytes. */
const RECORDED = 15_000;
const RECORDED_LONG = 160_000;

const LOSS = 0.02;

/** Transfers over the modelled radio: in virtual time on both engines, and by noble at the wall clock's pace. */
export async function benchBle(): Promise<Row[]> {
	const firmware = await projectFirmware();
	const rows: Row[] = [];
	for (const engine of ENGINES) {
		if (engine === "mps3-an547" && mcuMissing() !== "") continue;
		rows.push(
			row(`pull, Bluetooth, ${engine}`, "exact", await pull(firmware, engine, RECORDED, 0)),
			row(`upload, Bluetooth, ${engine}`, "exact", await measureBleUpload({ firmware, engine, loss: 0 })),
		);
	}
	const long = await pull(firmware, "wasm", RECORDED_LONG, LOSS);
	rows.push(row("pull, Bluetooth at 2 % loss, wasm", "exact", long));
	return [...rows, ...(await benchNoble(firmware))];
}

function pull(firmware: Firmware, engine: EngineName, recordedMs: number, loss: number): Promise<BleRate> {
	return measureBlePull({ firmware, engine, recordedMs, loss });
}

function row(what: string, kind: Row["kind"], { bytes, rate }: BleRate, how = "virtual time"): Row {
	const part = ((100 * rate) / CEILING).toFixed(1);
	const ceiling = (CEILING / 1000).toFixed(1);
	return {
		what,
		value: rate / 1000,
		unit: "kB/s",
		kind,
		note: `${part} % of the radio's ceiling of ${ceiling} kB/s (${CONDITIONS}); to reach: 90; best published: ${BEST_PUBLISHED} kB/s; ${bytes} bytes, ${how}`,
	};
}

const HOW = "noble on a pseudo-terminal";

async function timed(work: () => Promise<number>): Promise<BleRate> {
	const begun = performance.now();
	const bytes = await work();
	return { bytes, rate: bytes / ((performance.now() - begun) / 1000) };
}

/** The same through unmodified noble on a pseudo-terminal, one camera and five at once on one adapter. */
async function benchNoble(firmware: Firmware): Promise<Row[]> {
	const folder = await mkdtemp(join(tmpdir(), "bodycam-bench-"));
	const simulator = await startSimulator({ count: 5, ble: {}, pace: "manual", register: false, seed: 1 });
	try {
		const { cameras, world } = simulator;
		const advance = (ms: number): void => world.advanceTo(world.now + ms * 1000);
		advance(5000);
		for (const { board } of cameras) press(board, "start");
		advance(RECORDED);
		for (const { board } of cameras) press(board, "stop");
		advance(10_000);
		const pacer = new Pacer(world, (error) => {
			throw error;
		});
		const hci = cameras[0]?.hci[0];
		const connect = (name: string) => connectDevice(`ble:${name}`, { hci });
		const pullFrom = async (client: SmpClient, index: number): Promise<number> => {
			const file = join(folder, `${index}.mp4`);
			await rm(file, { force: true });
			for await (const _ of pullRecording(client, { number: 1, file }));
			return (await stat(file)).size;
		};
		// Other connections would take a part of the air, idle or not.
		const alone = async (index: number, work: (client: SmpClient) => Promise<number>): Promise<BleRate> => {
			const client = await connect(cameras[index]?.name ?? "");
			const rate = await timed(() => work(client));
			await client.close();
			return rate;
		};
		const one = await alone(0, (client) => pullFrom(client, 0));
		const image = firmware.staged?.image.slice() ?? new Uint8Array();
		image[image.length - 1] = (image.at(-1) ?? 0) ^ 0xff;
		const up = await alone(1, async (client) => {
			for await (const _ of uploadImage(client, image));
			return image.length;
		});
		const clients: SmpClient[] = [];
		for (const { name } of cameras) clients.push(await connect(name));
		const five = await timed(async () => {
			const sizes = await Promise.all(clients.map(pullFrom));
			return sizes.reduce((sum, size) => sum + size, 0);
		});
		for (const client of clients) await client.close();
		pacer.stop();
		return [
			row("pull, Bluetooth, wasm, noble", "timed", one, HOW),
			row("upload, Bluetooth, wasm, noble", "timed", up, HOW),
			row("five pulls at once on one adapter, wasm, noble", "timed", five, HOW),
		];
	} finally {
		await simulator.stop();
		await rm(folder, { recursive: true, force: true });
	}
}
