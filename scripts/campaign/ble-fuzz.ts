import { fuzzSession } from "@bodycam/tools/testing/ble-fuzz";

/** Sessions in each direction unless told otherwise. */
const SESSIONS = 500;

/** What may be left on the heap for each session, bytes: less than the buffers of one. */
const LEFT_PER_SESSION = 8 * 1024;

/** Sessions before the heap is looked at first: what is loaded once is loaded by then. */
const WARM_UP = 20;

/** Tampers with what goes between noble and a controller, in both directions, by seeds from the given one on. */
export async function campaignBleFuzz(seed: number, sessions = SESSIONS): Promise<boolean> {
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
	globalThis.gc?.();
	return process.memoryUsage().heapUsed;
}
