import { readdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SimulatorError } from "../simulator-error.ts";
import { isLocked, type Lock, takeLock } from "../state/lock.ts";
import { StateError } from "../storage/state-error.ts";
import { runDirectory } from "./run-directory.ts";

/** A running camera as others find it. */
export interface RegistryEntry {
	/** Name of the camera. */
	readonly name: string;
	/** Process that runs it. */
	readonly pid: number;
	/** Path of the control socket. */
	readonly control: string;
	/** Path of its serial port. */
	readonly serial?: string;
	/** UDP port on this host. */
	readonly udp?: number;
	/** Bluetooth adapters it is heard on, as paths of HCI ports. */
	readonly hci?: readonly string[];
	/** Its state directory. */
	readonly state?: string;
	/** Its seed. */
	readonly seed?: number;
	/** When it was started, ms since 1970 UTC. */
	readonly startedAt: number;
}

/** There is no running simulator of that name. */
export class NoSuchSimulatorError extends SimulatorError {
	override readonly name = "NoSuchSimulatorError";
	override readonly code = "no-such-device";

	/** @param camera - the name that was asked for */
	constructor(camera: string) {
		const hint = `\`bodycam sim list\` shows those that run; \`bodycam sim start --name ${camera}\` starts it.`;
		super(`no simulator is running under the name ${camera}`, hint, 3);
	}
}

/** A name that no camera can have, or that one has already. */
export class SimulatorNameError extends SimulatorError {
	override readonly name = "SimulatorNameError";
	override readonly code = "simulator-name";

	/** @param exitCode - 2 for a name that cannot be, 4 for one that is in use */
	constructor(message: string, hint: string, exitCode: number) {
		super(message, hint, exitCode);
	}
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;

/** @throws SimulatorNameError when no camera can have the name */
export function checkName(name: string): void {
	if (NAME.test(name)) return;
	const hint =
		"Names have 1 to 32 letters, digits, dots, dashes and underscores, and begin with a letter or digit.";
	throw new SimulatorNameError(`${JSON.stringify(name)} cannot be the name of a camera`, hint, 2);
}

/** A name taken for this process, until it is released. */
export interface NameClaim {
	/** Lets others find the camera. */
	publish(entry: RegistryEntry): void;
	/** Gives the name back. Idempotent. */
	release(): void;
}

/**
 * Sees that a name can be taken now, without taking it.
 * @throws SimulatorNameError as `claimName` does
 */
export function checkNameFree(name: string): void {
	checkName(name);
	if (isLocked(lockPath(runDirectory(), name))) throw nameTaken(name);
}

/**
 * Takes a name for this process.
 * @throws SimulatorNameError when it cannot be a name or another simulator has it
 */
export function claimName(name: string): NameClaim {
	checkName(name);
	const directory = runDirectory();
	const lock = lockName(directory, name);
	const path = entryPath(directory, name);
	return {
		publish: (entry) => {
			writeFileSync(`${path}.new`, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
			renameSync(`${path}.new`, path);
		},
		release: () => {
			removeQuietly(path);
			lock.release();
		},
	};
}

/** The cameras that run now, by name. What dead processes left behind is not listed. */
export function runningSimulators(): RegistryEntry[] {
	const directory = runDirectory();
	const entries: RegistryEntry[] = [];
	for (const file of readdirSync(directory).sort()) {
		if (!file.endsWith(".json")) continue;
		const entry = readEntry(directory, file.slice(0, -".json".length));
		if (entry) entries.push(entry);
	}
	return entries;
}

/** The running camera of that name; undefined when there is none. */
export function findSimulator(name: string): RegistryEntry | undefined {
	return NAME.test(name) ? readEntry(runDirectory(), name) : undefined;
}

function readEntry(directory: string, name: string): RegistryEntry | undefined {
	if (!isLocked(lockPath(directory, name))) return undefined;
	try {
		const entry = JSON.parse(readFileSync(entryPath(directory, name), "utf8")) as RegistryEntry;
		return typeof entry.control === "string" && typeof entry.pid === "number" ? entry : undefined;
	} catch {
		return undefined;
	}
}

function lockName(directory: string, name: string): Lock {
	try {
		return takeLock(lockPath(directory, name), "the name is in use", "");
	} catch (error) {
		if (!(error instanceof StateError) || !isLocked(lockPath(directory, name))) throw error;
		throw nameTaken(name);
	}
}

function nameTaken(name: string): SimulatorNameError {
	const hint = `Stop it with \`bodycam sim stop --name ${name}\`, or give another --name.`;
	return new SimulatorNameError(`a simulator is already running under the name ${name}`, hint, 4);
}

function lockPath(directory: string, name: string): string {
	return join(directory, `${name}.lock`);
}

function entryPath(directory: string, name: string): string {
	return join(directory, `${name}.json`);
}

function removeQuietly(path: string): void {
	try {
		unlinkSync(path);
	} catch {
		// It was never written, or someone tidied up.
	}
}
