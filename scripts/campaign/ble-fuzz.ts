import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { bootCamera } from "@bodycam/simulator/testing/boot-camera";
import { attackOverBluetooth } from "@bodycam/simulator/testing/hostile-client";
import { createRandomness } from "@bodycam/simulator/world/random";
import { fuzzSession } from "@bodycam/tools/testing/ble-fuzz";

/** Sessions in each direction unless told otherwise. */
const SESSIONS = 500;

/** What may be left on the heap for each session, bytes: less than the buffers of one. */
const LEFT_PER_SESSION = 8 * 1024;

/** Sessions before the heap is looked at first: what is loaded once is loaded by then. */
const WARM_UP = 50;

/** Hostile clients of one camera for each session. */
const CLIENTS_PER_SESSION = 4;

/** Live heap that may be left on a camera after all of them, bytes. */
const HEAP_LEFT = 4096;

setFlagsFromString("--expose_gc");
/** Collects the garbage of this process. */
const collect = runInNewContext("gc") as () => void;

/** Attacks a camera over Bluetooth, and tampers with what goes between noble and a controller. */
export async function campaignBleFuzz(seed: number, sessions = SESSIONS): Promise<boolean> {
	const cameraStands = await attackCamera(seed, sessions * CLIENTS_PER_SESSION);
	return (await tamper(seed, sessions)) && cameraStands;
}

async function attackCamera(seed: number, clients: number): Promise<boolean> {
	const camera = await bootCamera({ ble: true, preRecordSeconds: 2, seed });
	try {
		camera.advance(3000);
		const random = createRandomness(seed).stream("hostile-client");
		attackOverBluetooth(camera, random);
		const before = camera.board.collect();
		for (let client = 1; client < clients; client++) attackOverBluetooth(camera, random);
		camera.advance(60_000);
		const left = camera.board.collect() - before;
		console.log(`${clients} hostile clients, ${camera.resets.length} resets, ${left} bytes left on the heap`);
		return camera.resets.length === 0 && left < HEAP_LEFT;
	} finally {
		camera.close();
	}
}

/** Tampers with what goes between noble and a controller, in both directions, by seeds from the given one on. */
async function tamper(seed: number, sessions: number): Promise<boolean> {
	const ends = new Map<string, number>();
	let failed = 0;
	let tampered = 0;
	let atFirst = 0;
	for (let session = 0; session < sessions; session++) {
		for (const direction of ["to the host", "to the controller"] as const) {
			try {
				const result = await fuzzSession(direction, seed + session);
				const key = `${direction}: ${result.end}`;
				ends.set(key, (ends.get(key) ?? 0) + 1);
				tampered += result.tampered;
			} catch (error) {
				failed += 1;
				console.error(error instanceof Error ? error.message : error);
			}
		}
		if (session + 1 === WARM_UP) atFirst = heapBytes();
		if ((session + 1) % 50 === 0) console.log(`${session + 1} of ${sessions} in each direction`);
	}
	for (const [end, count] of [...ends].sort()) console.log(`${end} ${count}`);
	const left = sessions > WARM_UP ? (heapBytes() - atFirst) / (sessions - WARM_UP) : 0;
	console.log(
		`${tampered} packets tampered with, ${failed} sessions failed, ${Math.round(left)} bytes left by each`,
	);
	return failed === 0 && left < LEFT_PER_SESSION;
}

function heapBytes(): number {
	collect();
	return process.memoryUsage().heapUsed;
}
