import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import { createRandomness } from "@bodycam/simulator/world/random";
import { TestBench } from "./bench.ts";

/** Length of the recording that is pulled, ms: a few seconds over the air. */
const RECORDED = 4000;

/** Time a program needs until its first packet goes over the air at the soonest, ms. */
const SOONEST = 300;

/** How often a transfer may be begun again until it is whole: once where the program was killed, the camera may still be starting. */
const TRIES = { client: 1, camera: 4 } as const;

/** What became of a transfer of which one end was killed. */
export interface TransferKill {
	/** Which end. */
	readonly end: "client" | "camera";
	/** When, ms from the start of the program. */
	readonly afterMs: number;
	/** Whether the program was in the middle of it: it did not end well. */
	readonly broken: boolean;
	/** Whether the next one went on from where the first one stopped. */
	readonly resumed: boolean;
}

/** A transfer that is to be killed. */
export interface KilledTransfer {
	/** The command that makes it. */
	readonly command: readonly string[];
	/** How long it takes when nobody kills it, ms. */
	readonly wholeMs: number;
	/** What it says when it goes on where another one stopped. */
	readonly resumedText: string;
	/** What it may end with when the camera loses its power, beside no such device and a lost connection. */
	readonly endsWith?: number;
}

/**
 * Makes a transfer with the camera cam1 and kills one end at a moment of the seed: the program by SIGKILL, the camera by a power
 * cut. Makes it again until it ends well.
 * @throws Error where it does not
 */
export async function killTransfer(
	bench: TestBench,
	seed: number,
	{ command, wholeMs, resumedText, endsWith }: KilledTransfer,
): Promise<TransferKill> {
	const random = createRandomness(seed).stream("transfer-kill");
	const end = random.below(2) === 0 ? "client" : "camera";
	const afterMs = SOONEST + random.below(Math.max(1, Math.floor(wholeMs) - SOONEST));
	const running = bench.start(...command);
	await new Promise((resolve) => setTimeout(resolve, afterMs));
	if (end === "client") running.process.kill("SIGKILL");
	else await bench.ok("sim", "power-cut", "--name", "cam1", "--mode", "tear");
	const { code, stderr } = await running.outcome;
	const ends = endsWith === undefined ? [0, 3, 5] : [0, 3, 5, endsWith];
	if (end === "camera" && (code === null || !ends.includes(code)))
		throw new Error(`seed ${seed}: the transfer ended with ${code}: ${stderr}`);
	let resumed = false;
	for (let attempt = 1; ; attempt++) {
		const again = await bench.run(...command);
		resumed ||= again.stderr.includes(resumedText);
		if (again.code === 0) break;
		if (attempt === TRIES[end]) throw new Error(`seed ${seed}: it does not become whole: ${again.stderr}`);
	}
	return { end, afterMs, broken: code !== 0, resumed };
}

/** A simulated camera with a recording, and a place to pull it to over Bluetooth again and again. */
export class PullKillBench {
	readonly #bench = new TestBench();
	#pull: string[] = [];
	#sha256 = "";
	#wholeMs = 0;

	/** Starts the camera, records, and pulls the recording once to see how long that takes. */
	static async open(): Promise<PullKillBench> {
		const bench = new PullKillBench();
		await bench.#prepare();
		return bench;
	}

	/**
	 * Pulls the recording, has one end killed, and pulls again until it is whole.
	 * @throws Error where it does not become whole, or is not what was recorded
	 */
	async kill(seed: number): Promise<TransferKill> {
		this.#clear();
		const kill = await killTransfer(this.#bench, seed, {
			command: this.#pull,
			wholeMs: this.#wholeMs,
			resumedText: "are here already",
		});
		if (!this.#hashes().includes(this.#sha256)) throw new Error(`seed ${seed}: the bytes are wrong`);
		return kill;
	}

	/** Ends the camera and removes everything. */
	close(): Promise<void> {
		return this.#bench.close();
	}

	async #prepare(): Promise<void> {
		const bench = this.#bench;
		const { hci: [port = ""] = [] } = await bench.simulate("--name", "cam1", "--ble", "--pre-record", "0");
		const device = ["-d", "ble:cam1", "--hci", port];
		this.#pull = ["recordings", "pull", "1", ...device, "--out", "evidence"];
		await bench.ok("sim", "wait", "--name", "cam1");
		await bench.ok("sim", "press", "start", "--name", "cam1");
		await bench.ok("sim", "wait", "--name", "cam1", "--until", "recording");
		await bench.recordedFor("cam1", RECORDED);
		await bench.ok("sim", "press", "stop", "--name", "cam1");
		await bench.ok("sim", "wait", "--name", "cam1", "--until", "idle");
		const info = await bench.json<RecordingMetadata & { sha256: string }>(
			"recordings",
			"info",
			"1",
			...device,
		);
		this.#sha256 = info.sha256;
		const begun = performance.now();
		await bench.ok(...this.#pull);
		this.#wholeMs = performance.now() - begun;
		if (!this.#hashes().includes(this.#sha256)) throw new Error("the bytes are wrong without a kill");
	}

	#clear(): void {
		rmSync(this.#bench.path("evidence"), { recursive: true, force: true });
	}

	#hashes(): string[] {
		const directory = this.#bench.path("evidence");
		return readdirSync(directory).map((name) =>
			createHash("sha256")
				.update(readFileSync(join(directory, name)))
				.digest("hex"),
		);
	}
}
