import type { Firmware } from "@bodycam/simulator/simulator/firmware";
import type { RunningSimulator, SimulatorOptions } from "@bodycam/simulator/simulator/start";

/** What a reloader needs from outside. */
export interface ReloaderParts {
	/** Builds the firmware from its sources. */
	build(): Promise<Firmware>;
	/** Starts the simulator. */
	start(options: SimulatorOptions): Promise<RunningSimulator>;
	/** Tells that a simulator runs, at first and again after the firmware had died for good. */
	onStarted(simulator: RunningSimulator): void;
	/** Tells that the cameras run a new firmware. */
	onReloaded(ms: number): void;
	/** Tells that what was built is what runs already. */
	onUnchanged(): void;
	/** Tells that someone else stopped the simulator; nothing is reloaded any more. */
	onEnded(): void;
	/** Tells that the firmware does not build, or that it died at every boot. */
	onFailure(error: unknown): void;
}

/**
 * A simulator whose firmware can be exchanged while it runs. A firmware that does not build leaves the old one
 * running; one that dies at every boot ends the simulator, and the next one that builds starts it again.
 */
export class Reloader {
	readonly #parts: ReloaderParts;
	readonly #options: SimulatorOptions;
	#firmware: Firmware | undefined;
	#simulator: RunningSimulator | undefined;
	#work: Promise<void> = Promise.resolve();
	#closed = false;

	/** @param options of the simulator; it has to keep its state in a directory to survive a firmware that dies */
	constructor(options: SimulatorOptions, parts: ReloaderParts) {
		this.#options = options;
		this.#parts = parts;
	}

	/**
	 * Builds and starts, or restarts the cameras with what was built. Calls at the same time run one after another.
	 * @throws what `start` throws; failures of the firmware go to `onFailure`
	 */
	reload(): Promise<void> {
		const next = this.#work.then(() => this.#reload());
		this.#work = next.catch(() => undefined);
		return next;
	}

	/** Ends the simulator. */
	async close(): Promise<void> {
		this.#closed = true;
		await this.#work;
		await this.#simulator?.stop();
	}

	async #reload(): Promise<void> {
		if (this.#closed) return;
		const begun = performance.now();
		let built: Firmware;
		try {
			built = await this.#parts.build();
		} catch (error) {
			this.#parts.onFailure(error);
			return;
		}
		const before = this.#firmware;
		this.#firmware = built;
		if (this.#simulator === undefined) {
			await this.#start(built);
			return;
		}
		if (before !== undefined && Buffer.compare(before.artefact, built.artefact) === 0) {
			this.#parts.onUnchanged();
			return;
		}
		this.#simulator.reload(built);
		this.#parts.onReloaded(performance.now() - begun);
	}

	async #start(firmware: Firmware): Promise<void> {
		const simulator = await this.#parts.start({ ...this.#options, firmware });
		this.#simulator = simulator;
		this.#parts.onStarted(simulator);
		simulator.ended.then(
			() => {
				if (this.#closed) return;
				this.#closed = true;
				this.#parts.onEnded();
			},
			(error: unknown) => {
				this.#simulator = undefined;
				this.#parts.onFailure(error);
			},
		);
	}
}
