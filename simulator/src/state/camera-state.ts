import { accessSync, constants, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readAgencyFiles, writeAgencyFiles } from "../agency/agency-files.ts";
import type { AgencySeeds } from "../agency/throwaway-agency.ts";
import type { ClockSetting, WallReference } from "../peripherals/clock.ts";
import type { BlockStore } from "../storage/block-store.ts";
import { FileBlockStore, MemoryBlockStore } from "../storage/block-store.ts";
import { FlashMemory } from "../storage/flash-memory.ts";
import { makeDirectory } from "../storage/make-directory.ts";
import { StateError } from "../storage/state-error.ts";
import { ValueStore } from "../storage/value-store.ts";
import { takeLock } from "./lock.ts";

/** Size of a card when nothing else is asked for, bytes. Sparse: what is not written takes no room. */
export const DEFAULT_CARD_BYTES = 8 * 1024 ** 3;

/** What a camera keeps while it is off. */
export interface CameraState {
	/** The card. */
	readonly card: BlockStore;
	/** The flash. */
	readonly flash: FlashMemory;
	/** The key-value store. */
	readonly values: ValueStore;
	/** What the real-time clock was set to. */
	readonly clockSetting: ClockSetting | undefined;
	/** Serial number, once there is one. */
	readonly serialNumber: string | undefined;
	/** Private keys of the throw-away agency that the camera belongs to; undefined when it has none. */
	readonly agency: AgencySeeds | undefined;
	/** Where they are kept; undefined in memory. */
	readonly agencyDirectory: string | undefined;
	/** True when an earlier simulator died while it used this state: the camera lost its power. */
	readonly interrupted: boolean;
	/** Keeps what the clock was set to; undefined: it is unset. */
	saveClock(setting: ClockSetting | undefined): void;
	/** Keeps the serial number. */
	saveSerialNumber(serialNumber: string): void;
	/** Keeps the private keys of a throw-away agency. */
	saveAgency(seeds: AgencySeeds): void;
	/** Gives everything back. Idempotent. */
	close(): void;
}

/** A state in memory that ends with the process. */
export function memoryState(
	cardBytes = DEFAULT_CARD_BYTES,
): CameraState & { readonly card: MemoryBlockStore } {
	let serialNumber: string | undefined;
	let agency: AgencySeeds | undefined;
	return {
		card: new MemoryBlockStore(Math.floor(cardBytes / 512)),
		flash: new FlashMemory(),
		values: new ValueStore(),
		clockSetting: undefined,
		get serialNumber() {
			return serialNumber;
		},
		get agency() {
			return agency;
		},
		agencyDirectory: undefined,
		interrupted: false,
		saveClock: () => undefined,
		saveSerialNumber: (made) => {
			serialNumber = made;
		},
		saveAgency: (seeds) => {
			agency = seeds;
		},
		close: () => undefined,
	};
}

interface DeviceFile {
	serialNumber?: string;
	clock?: ClockSetting;
}

/**
 * Opens a state directory, or makes one: `card.img` (sparse), `flash/`, `values.json`, `device.json`,
 * `agency/`, `lock`.
 * @param cardBytes - size of the card if it is new
 * @throws StateError when it is in use, damaged or cannot be written
 */
export function openState(directory: string, cardBytes = DEFAULT_CARD_BYTES): CameraState {
	try {
		makeDirectory(directory);
		accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
	} catch (error) {
		const reason = (error as Error).message;
		const advice = "Give a --state directory that you may write to.";
		throw new StateError(directory, `the state directory cannot be used (${reason})`, advice);
	}
	const advice = "Stop that simulator, or give another --state directory.";
	const lock = takeLock(
		join(directory, "lock"),
		"the state directory is in use by another simulator",
		advice,
	);
	try {
		const devicePath = join(directory, "device.json");
		const device = readDevice(devicePath);
		const save = (): void => {
			writeFileSync(`${devicePath}.new`, `${JSON.stringify(device, undefined, "\t")}\n`);
			renameSync(`${devicePath}.new`, devicePath);
		};
		const flash = new FlashMemory(join(directory, "flash"));
		const values = new ValueStore(join(directory, "values.json"));
		const agencyDirectory = join(directory, "agency");
		let agency = readAgencyFiles(agencyDirectory);
		const card = new FileBlockStore(join(directory, "card.img"), Math.floor(cardBytes / 512));
		return {
			card,
			flash,
			values,
			clockSetting: device.clock,
			get serialNumber() {
				return device.serialNumber;
			},
			get agency() {
				return agency;
			},
			agencyDirectory,
			interrupted: lock.wasStale,
			saveClock: (setting) => {
				if (setting === undefined) delete device.clock;
				else device.clock = setting;
				save();
			},
			saveSerialNumber: (serialNumber) => {
				device.serialNumber = serialNumber;
				save();
			},
			saveAgency: (seeds) => {
				writeAgencyFiles(agencyDirectory, seeds);
				agency = seeds;
			},
			close: () => {
				card.close();
				lock.release();
			},
		};
	} catch (error) {
		lock.release();
		throw error;
	}
}

/** The clock's time base for a state: the host's clock, which goes on between runs. */
export function hostWall(state: CameraState): WallReference {
	return { now: () => Date.now(), save: (setting) => state.saveClock(setting) };
}

function readDevice(path: string): DeviceFile {
	let text: string;
	try {
		text = readFileSync(path, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
		throw new StateError(path, `cannot be read (${(error as Error).message})`);
	}
	try {
		const value = JSON.parse(text) as Record<string, unknown>;
		const device: DeviceFile = {};
		if (typeof value.serialNumber === "string") device.serialNumber = value.serialNumber;
		const clock = value.clock as Partial<ClockSetting> | undefined;
		if (clock !== undefined) {
			if (typeof clock.wallMs !== "number" || typeof clock.referenceMs !== "number") throw new SyntaxError();
			device.clock = { wallMs: clock.wallMs, referenceMs: clock.referenceMs };
		}
		return device;
	} catch {
		throw new StateError(path, "it is damaged: it is not what a simulator writes");
	}
}
