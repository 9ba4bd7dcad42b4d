import { osEcho } from "@bodycam/protocol/smp/os";
import { createRandomness } from "@bodycam/simulator/world/random";
import { type ConnectOptions, connectDevice } from "../client/connect.ts";
import { BodycamError } from "../errors.ts";
import { FakeCamera } from "./fake-camera.ts";
import { HostilePort, type TamperedDirection } from "./hostile-port.ts";
import { SimulatedAir } from "./simulated-air.ts";

/** Longest time a session may take before it counts as hung, ms: all limits of noble's calls, one after another. */
const HUNG_AFTER = 20_000;

/** Requests of a session. */
const REQUESTS = 6;

/** Part of their usual time that noble's calls are given: the virtual radio answers in milliseconds. */
const PATIENCE = 0.03;

/** What became of a session on a line that is tampered with. */
export interface FuzzedSession {
	/** "answered", or the code of the error it ended with. */
	readonly end: string;
	/** Packets that were tampered with. */
	readonly tampered: number;
}

/**
 * A session of the tools, noble and a controller with a camera on a line that is tampered with; afterwards, one on the
 * same line without. Same seed, same tampering.
 * @throws Error when it hangs, fails with what is no error of the library, or the session afterwards fails
 */
export async function fuzzSession(direction: TamperedDirection, seed: number): Promise<FuzzedSession> {
	const random = createRandomness(seed).stream("tampering");
	const air = new SimulatedAir([{ name: "cam1", device: new FakeCamera().device }], { seed });
	let line: HostilePort | undefined;
	const { hci } = air.adapter((port) => {
		line = new HostilePort(port, { direction, oneOf: 1 + random.below(12), random });
		return line;
	});
	try {
		const end = await bounded(
			session({ hci, patience: PATIENCE, timeoutMs: 60, attempts: 2 }),
			`seed ${seed}, ${direction}`,
		);
		if (line) line.on = false;
		const after = await bounded(session({ hci }), `seed ${seed}, ${direction}, afterwards`);
		if (after !== "answered") throw new Error(`seed ${seed}, ${direction}: afterwards: ${after.message}`);
		return { end: end === "answered" ? end : end.code, tampered: line?.tampered ?? 0 };
	} finally {
		air.close();
	}
}

async function session(options: ConnectOptions): Promise<"answered" | BodycamError> {
	try {
		const client = await connectDevice("ble:cam1", options);
		try {
			for (let request = 0; request < REQUESTS; request++)
				await client.request(osEcho, { d: "x".repeat(50 * request) });
		} finally {
			await client.close();
		}
		return "answered";
	} catch (error) {
		if (error instanceof BodycamError) return error;
		throw error;
	}
}

function bounded<T>(work: Promise<T>, what: string): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const hung = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`${what}: it hangs`)), HUNG_AFTER);
	});
	return Promise.race([work, hung]).finally(() => clearTimeout(timer));
}
