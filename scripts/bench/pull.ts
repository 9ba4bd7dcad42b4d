import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { press } from "@bodycam/simulator/simulator/presses";
import { startSimulator } from "@bodycam/simulator/simulator/start";
import { Pacer } from "@bodycam/simulator/world/pacer";
import { connectDevice } from "@bodycam/tools/client/connect";
import { pullRecording } from "@bodycam/tools/operations/pull-recording";
import type { Row } from "./row.ts";

const SECONDS = 120;

/** A recording pulled through the PTY and over UDP, checksum included, the world at the wall clock's pace. */
export async function benchPull(): Promise<Row[]> {
	const folder = await mkdtemp(join(tmpdir(), "bodycam-bench-"));
	const simulator = await startSimulator({ serial: true, pace: "manual", register: false, seed: 1 });
	try {
		const [camera] = simulator.cameras;
		if (!camera?.serial) throw new Error("the simulated camera has no serial port");
		const advance = (seconds: number): void => simulator.world.advanceTo(simulator.world.now + seconds * 1e6);
		advance(40);
		press(camera.board, "start");
		advance(SECONDS);
		press(camera.board, "stop");
		advance(10);
		const pacer = new Pacer(simulator.world, (error) => {
			throw error;
		});
		const rows: Row[] = [];
		for (const [line, address] of [
			["serial (PTY, console framing)", `serial:${camera.serial}?baud=921600`],
			["UDP", `udp:127.0.0.1:${camera.udp}`],
		] as const) {
			const file = join(folder, `${rows.length}.mp4`);
			const start = performance.now();
			const client = await connectDevice(address);
			for await (const _ of pullRecording(client, { number: 1, file }));
			await client.close();
			const { size } = await stat(file);
			const rate = size / 1000 / ((performance.now() - start) / 1000);
			rows.push({
				what: `pull, ${line}`,
				value: rate,
				unit: "kB/s",
				kind: "timed",
				note: `${size} bytes, SHA-256 checked; the line itself is not modelled`,
			});
		}
		pacer.stop();
		return rows;
	} finally {
		await simulator.stop();
		await rm(folder, { recursive: true, force: true });
	}
}
