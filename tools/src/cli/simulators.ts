import type { RegistryEntry } from "@bodycam/simulator/control/registry";
import { type BodycamError, ConnectionError, NoSuchDeviceError, UsageError } from "../errors.ts";

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

/**
 * Why a simulated camera does not answer.
 * @param error - what the connection ended with
 * @returns the error, or one that says what the simulator knows
 */
export async function explainSilence(name: string, error: ConnectionError): Promise<BodycamError> {
	const { cameraReport } = await import("@bodycam/simulator/control/client");
	// A simulator that does not answer either has no more to say.
	const report = await cameraReport(name).catch(() => undefined);
	if (report?.inBootStage !== true) return error;
	return new ConnectionError(
		`the camera sim:${name} is in recovery: it runs no firmware, and its boot stage answers on the serial port only`,
		{
			hint:
				report.serial === undefined
					? `Start it again with a serial port: \`bodycam sim start --name ${name} --serial\`, with the same options else.`
					: `Name its serial port: \`bodycam firmware flash IMAGE -d serial:${report.serial}\`.`,
			cause: error,
		},
	);
}
