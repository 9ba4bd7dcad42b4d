import type { RegistryEntry } from "@bodycam/simulator/control/registry";
import { NoSuchDeviceError, UsageError } from "../errors.ts";

/** The address of a running simulator; undefined when there is none of that name. */
export async function simulatorAddress(name: string): Promise<string | undefined> {
	const { findSimulator } = await import("@bodycam/simulator/control/registry");
	const udp = findSimulator(name)?.udp;
	return udp === undefined ? undefined : `udp:127.0.0.1:${udp}`;
}

/** The simulators that run on this machine. */
export async function listSimulators(): Promise<RegistryEntry[]> {
	const { runningSimulators } = await import("@bodycam/simulator/control/registry");
	return runningSimulators();
}

/**
 * The name of the simulator a command is for: the one that was given, or the only one that runs.
 * @throws {NoSuchDeviceError} when none runs
 * @throws {UsageError} when several run and none was named
 */
export async function chooseSimulator(name: string | undefined): Promise<string> {
	if (name !== undefined) return name;
	const names = (await listSimulators()).map((entry) => entry.name);
	const [only] = names;
	if (only === undefined)
		throw new NoSuchDeviceError("no simulator is running", { hint: "`bodycam sim start` starts one." });
	if (names.length > 1)
		throw new UsageError("several simulators are running", {
			hint: `Say which with --name: ${names.join(", ")}.`,
		});
	return only;
}
