import type { Command } from "commander";
import { connectDevice } from "../client/connect.ts";
import type { SmpClient, SmpClientOptions } from "../client/smp-client.ts";
import { ConnectionError, UsageError } from "../errors.ts";
import { explainRecovery } from "../operations/firmware/recovery.ts";
import { type Context, numberOption } from "./command.ts";
import { explainSilence, simulatorAddress } from "./simulators.ts";

/** Options of every command that talks to a camera. */
export interface DeviceOptions {
	/** Address as given with `-d`. */
	readonly device?: string;
	/** Seconds to wait for an answer. */
	readonly timeout?: number;
	/** Path of the HCI port for Bluetooth. */
	readonly hci?: string;
}

/** Adds the option that says which Bluetooth adapter is used. */
export function addHciOption(command: Command): Command {
	return command.option(
		"--hci <port>",
		"the Bluetooth adapter, as `bodycam sim start --ble` prints it (default: $BODYCAM_HCI, else the system's)",
	);
}

/** The HCI port that is meant; undefined for the system's adapter. */
export function hciPort(context: Context, { hci }: Pick<DeviceOptions, "hci">): string | undefined {
	return (hci ?? context.env.BODYCAM_HCI) || undefined;
}

/** Adds the options that say which camera is meant. */
export function addDeviceOptions(command: Command): Command {
	return addHciOption(
		command
			.option(
				"-d, --device <address>",
				"the camera: serial:/dev/ttyACM0, udp:HOST:PORT, ble:NAME or sim:NAME (default: $BODYCAM_DEVICE)",
			)
			.option(
				"--timeout <seconds>",
				"time to wait for each answer (default: 1.5, and what the line needs)",
				numberOption({ min: 0.1, max: 600, fraction: true, unit: "seconds" }),
			),
	);
}

/**
 * Connects to the camera that is meant.
 * @param settings - of the connection, instead of those asked for; a camera that is tried in passing, as while it
 * restarts, may be silent without a reason
 * @throws {UsageError} when no camera is named
 * @throws {ConnectionError} when it does not answer, for a simulated one with what its simulator knows
 */
export async function connectTo(
	context: Context,
	options: DeviceOptions,
	settings?: SmpClientOptions,
): Promise<SmpClient> {
	const address = options.device ?? context.env.BODYCAM_DEVICE;
	if (address === undefined || address === "") {
		throw new UsageError("no camera is named", {
			hint: "Name it with -d or BODYCAM_DEVICE; `bodycam list` shows those that are here.",
		});
	}
	const connecting = connectDevice(address, {
		resolveSimulator: simulatorAddress,
		hci: hciPort(context, options),
		signal: context.signal,
		...(options.timeout === undefined ? {} : { timeoutMs: options.timeout * 1000 }),
		...settings,
	});
	if (settings !== undefined || !address.startsWith("sim:")) return connecting;
	return connecting.catch(async (error: unknown) => {
		throw error instanceof ConnectionError
			? await explainSilence(address.slice("sim:".length), error)
			: error;
	});
}

/**
 * Connects to the camera, does the work and disconnects.
 * @throws {UsageError} when no camera is named
 */
export async function withDevice<Result>(
	context: Context,
	options: DeviceOptions,
	work: (client: SmpClient) => Promise<Result>,
): Promise<Result> {
	const client = await connectTo(context, options);
	try {
		return await work(client);
	} catch (error) {
		throw await explainRecovery(client, error, context.signal);
	} finally {
		await client.close();
	}
}
