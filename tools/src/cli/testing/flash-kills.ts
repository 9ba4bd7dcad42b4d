import type { DeviceFirmware } from "../../operations/firmware/device.ts";
import { TestBench } from "./bench.ts";
import { killTransfer, type TransferKill } from "./transfer-kills.ts";

/** Versions that are flashed in turn. */
const VERSIONS = ["0.2.0", "0.3.0"] as const;

/** A simulated camera and two images that it is flashed with in turn over Bluetooth. */
export class FlashKillBench {
	readonly #bench = new TestBench();
	#device: string[] = [];
	#wholeMs = 0;
	#flashes = 0;

	/** Starts the camera, builds the images, and flashes one to see how long that takes. */
	static async open(): Promise<FlashKillBench> {
		const bench = new FlashKillBench();
		await bench.#prepare();
		return bench;
	}

	/**
	 * Flashes the next image into an empty slot, has one end killed, and flashes again until it runs, confirmed.
	 * @throws Error where it does not run in the end; the camera runs nothing whose digest and signature do not match
	 */
	async kill(seed: number): Promise<TransferKill> {
		const { command, version } = await this.#next();
		const wholeMs = this.#wholeMs;
		const kill = await killTransfer(this.#bench, seed, {
			command,
			wholeMs,
			resumedText: "are there already",
			// Power that is lost after the restart, before the image is confirmed, brings the one before back.
			endsWith: 6,
		});
		const { images } = await this.#bench.json<Pick<DeviceFirmware, "images">>(
			"firmware",
			"status",
			...this.#device,
		);
		const running = images.find(({ active }) => active === true);
		if (running?.version !== version || running.confirmed !== true)
			throw new Error(`seed ${seed}: ${version} does not run: ${JSON.stringify(images)}`);
		return kill;
	}

	/** Ends the camera and removes everything. */
	close(): Promise<void> {
		return this.#bench.close();
	}

	async #prepare(): Promise<void> {
		const bench = this.#bench;
		await bench.ok("firmware", "keygen", "my.key");
		const { hci: [port = ""] = [] } = await bench.simulate(
			"--name",
			"cam1",
			"--ble",
			"--firmware-key",
			"my.key",
		);
		this.#device = ["-d", "ble:cam1", "--hci", port];
		await bench.ok("sim", "wait", "--name", "cam1");
		for (const version of VERSIONS) {
			const image = ["--out", `${version}.img`, "--image-version", version];
			await bench.ok("firmware", "build", "--key", "my.key", ...image);
		}
		const { command } = await this.#next();
		const begun = performance.now();
		await bench.ok(...command);
		this.#wholeMs = performance.now() - begun;
	}

	/** Empties the slot that does not run. The image that is to go there, and the command that brings it. */
	async #next(): Promise<{ command: string[]; version: string }> {
		const version = VERSIONS[this.#flashes % VERSIONS.length] ?? VERSIONS[0];
		this.#flashes += 1;
		await this.#bench.ok("firmware", "erase", ...this.#device);
		return { command: ["firmware", "flash", `${version}.img`, ...this.#device], version };
	}
}
