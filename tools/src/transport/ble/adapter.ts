import { setTimeout as pause } from "node:timers/promises";
import { type BodycamError, ConnectionError, NoSuchDeviceError } from "../../errors.ts";
import { guarded } from "./guard.ts";
import { checkHciPort, watchHciPort } from "./hci-port.ts";
import { type Noble, type NoblePeripheral, startNoble } from "./noble-library.ts";
import { SERVICE_UUID } from "./service.ts";
import { shieldNoble } from "./shield.ts";
import { adapterObstacle, bluetoothHost, permissionCommand } from "./system-adapter.ts";

/** Time an adapter has to get ready, ms, and how often one on an HCI port is tried. */
const POWER_ON = 3000;
const ATTEMPTS = 2;

/** Time noble needs at most to open a port, ms. */
const OPENING = 100;

/** Time an adapter has to begin or end scanning, ms. */
const SCAN_COMMAND = 3000;

/** Which adapter is used, and how patiently. */
export interface AdapterChoice {
	/** Path of an HCI port; the system's adapter without it. */
	readonly hci?: string | undefined;
	/** Gives up. */
	readonly signal?: AbortSignal | undefined;
	/** Multiplies the time everything may take; 1. */
	readonly patience?: number | undefined;
}

/**
 * A Bluetooth adapter, used by everybody in this process who uses the same one: it can be opened only once. Looking for
 * devices and connecting to them is done one at a time.
 */
export class BleAdapter {
	static readonly #open = new Map<string, Promise<BleAdapter>>();
	/** Aborted, with an error as its reason, when the adapter goes away. */
	readonly fault: AbortSignal;
	readonly #key: string;
	readonly #noble: Noble;
	readonly #commandTime: number;
	#unshield: () => void = () => undefined;
	readonly #unwatch: () => void;
	#users = 0;
	#turn: Promise<unknown> = Promise.resolve();

	private constructor(
		key: string,
		noble: Noble,
		hci: string | undefined,
		faults: AbortController,
		commandTime: number,
	) {
		this.#commandTime = commandTime;
		this.#key = key;
		this.#noble = noble;
		this.fault = faults.signal;
		this.fault.addEventListener("abort", () => BleAdapter.#open.delete(key), { once: true });
		const vanished = (what: string): void => faults.abort(gone(what));
		this.#unwatch = hci === undefined ? () => undefined : watchHciPort(hci, () => vanished("its port"));
		noble.on("stateChange", (state: string) => {
			if (state !== "poweredOn") vanished(state);
		});
	}

	/**
	 * The adapter, ready. Everybody who gets it calls `release`.
	 * @throws {NoSuchDeviceError} where there is none
	 * @throws {ConnectionError} where it cannot be used
	 */
	static async acquire({ hci, signal, patience }: AdapterChoice): Promise<BleAdapter> {
		const key = hci ?? "";
		let opening = BleAdapter.#open.get(key);
		if (opening === undefined) {
			opening = BleAdapter.#start(key, hci, patience ?? 1, signal);
			BleAdapter.#open.set(key, opening);
			opening.catch(() => BleAdapter.#open.delete(key));
		}
		const adapter = await opening;
		adapter.#users += 1;
		return adapter;
	}

	static async #start(
		key: string,
		hci: string | undefined,
		patience: number,
		signal?: AbortSignal,
	): Promise<BleAdapter> {
		const obstacle = hci === undefined ? adapterObstacle() : undefined;
		if (obstacle !== undefined) throw obstacle;
		if (hci !== undefined) await checkHciPort(hci);
		for (let attempt = 1; ; attempt++) {
			try {
				return await BleAdapter.#attempt(key, hci, patience, signal);
			} catch (error) {
				// What the port's last user left unfinished may have swallowed the beginning.
				if (hci === undefined || attempt === ATTEMPTS || signal?.aborted) throw error;
			}
		}
	}

	static async #attempt(
		key: string,
		hci: string | undefined,
		patience: number,
		signal?: AbortSignal,
	): Promise<BleAdapter> {
		const faults = new AbortController();
		const unshield = shieldNoble((error) => faults.abort(confused(error)));
		let noble: Noble | undefined;
		try {
			const started = await startNoble(hci);
			noble = started;
			await guarded(() => poweredOn(started, hci), {
				ms: POWER_ON * patience,
				late: () => silent(started.state, hci),
				signals: [signal, faults.signal],
			});
			const adapter = new BleAdapter(key, started, hci, faults, SCAN_COMMAND * patience);
			adapter.#unshield = unshield;
			return adapter;
		} catch (error) {
			// A port that noble is still opening would stay open for ever if it were stopped now.
			await pause(OPENING);
			noble?.stop();
			unshield();
			throw error;
		}
	}

	/** Gives the adapter back; the last one closes it. */
	release(): void {
		this.#users -= 1;
		if (this.#users > 0) return;
		BleAdapter.#open.delete(this.#key);
		this.#unwatch();
		this.#noble.removeAllListeners("stateChange");
		this.#noble.stop();
		this.#unshield();
	}

	/** Does something that only one can do at a time, when those before have done. */
	alone<T>(work: () => Promise<T>): Promise<T> {
		const mine = this.#turn.then(work, work);
		this.#turn = mine.catch(() => undefined);
		return mine;
	}

	/**
	 * Looks for devices that offer SMP.
	 * @param ms - how long
	 * @param found - called for each that is heard, more than once; says how much longer to look, ms, or nothing
	 */
	async scan(
		ms: number,
		found: (peripheral: NoblePeripheral) => number | undefined,
		signal: AbortSignal | undefined,
	): Promise<void> {
		const bounds = { ms: this.#commandTime, late: () => mute("scan"), signals: [signal, this.fault] };
		let listener: ((peripheral: NoblePeripheral) => void) | undefined;
		let timer: NodeJS.Timeout | undefined;
		try {
			await guarded(
				() =>
					new Promise<void>((resolve, reject) => {
						listener = (peripheral) => {
							const left = found(peripheral);
							if (left === undefined) return;
							clearTimeout(timer);
							timer = setTimeout(resolve, left);
						};
						this.#noble.on("discover", listener);
						guarded(() => this.#noble.startScanningAsync([SERVICE_UUID], true), bounds).then(() => {
							timer ??= setTimeout(resolve, ms);
						}, reject);
					}),
				{ ms: ms + 2 * this.#commandTime, late: () => mute("scan"), signals: [signal, this.fault] },
			);
		} finally {
			clearTimeout(timer);
			if (listener !== undefined) this.#noble.off("discover", listener);
			if (!this.fault.aborted)
				await guarded(() => this.#noble.stopScanningAsync(), {
					ms: this.#commandTime,
					late: () => mute("stop scanning"),
					signals: [this.fault],
				});
		}
	}
}

function poweredOn(noble: Noble, hci: string | undefined): Promise<void> {
	return new Promise((resolve, reject) => {
		const look = (state: string): void => {
			if (state === "poweredOn") resolve();
			else if (state === "unauthorized" || state === "unsupported") reject(silent(state, hci));
			else return;
			noble.off("stateChange", look);
		};
		noble.on("stateChange", look);
		look(noble.state);
	});
}

function silent(state: string, hci: string | undefined): BodycamError {
	if (hci !== undefined)
		return new ConnectionError(`no Bluetooth controller answers at ${hci}`, {
			hint: "`bodycam sim start --ble` prints the port of a simulated adapter; a simulator that has ended has none.",
		});
	if (state === "unauthorized") {
		const darwin = bluetoothHost.platform === "darwin";
		return new ConnectionError("you may not use the Bluetooth adapter", {
			hint: darwin
				? "Allow this terminal to use Bluetooth: System Settings, Privacy & Security, Bluetooth."
				: `Let Node use it: ${permissionCommand(bluetoothHost)}`,
		});
	}
	if (state === "unsupported")
		return new NoSuchDeviceError("there is no adapter for Bluetooth Low Energy", {
			hint: "Plug one in; `bodycam doctor` looks at what is there.",
		});
	return new ConnectionError("the Bluetooth adapter is switched off", {
		hint: "Switch it on; on Linux `rfkill unblock bluetooth` may help. `bodycam doctor` looks at what is there.",
	});
}

function gone(state: string): BodycamError {
	return new ConnectionError(`the Bluetooth adapter went away (${state})`, {
		hint: "Plug it in or switch it on again, then run the command again: a transfer goes on where it stopped.",
	});
}

function confused(error: Error): BodycamError {
	return new ConnectionError(`the Bluetooth library does not understand what it was sent: ${error.message}`, {
		hint: "The camera or the adapter sends what it must not. Run the command again: a transfer goes on where it stopped.",
		cause: error,
	});
}

function mute(what: string): BodycamError {
	return new ConnectionError(`the Bluetooth adapter does not answer (${what})`, {
		hint: "Unplug and plug it in again, or switch it off and on.",
	});
}
