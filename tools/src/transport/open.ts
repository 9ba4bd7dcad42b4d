import { NoSuchDeviceError } from "../errors.ts";
import { parseAddress } from "./address.ts";
import { openSerial } from "./serial.ts";
import type { SmpTransport } from "./transport.ts";
import { openUdp } from "./udp.ts";

/** Finds the serial or UDP address of a running simulator by name; undefined when there is none of that name. */
export type SimulatorResolver = (name: string) => Promise<string | undefined>;

/** What kinds of address need besides the address. */
export interface OpenOptions {
	/** Finds simulators by name, for `sim:` addresses. */
	readonly resolveSimulator?: SimulatorResolver | undefined;
	/** Path of the HCI port for `ble:` addresses; the system's adapter without it. */
	readonly hci?: string | undefined;
	/** Gives up. */
	readonly signal?: AbortSignal | undefined;
	/** Multiplies the time Bluetooth may take; 1. */
	readonly patience?: number | undefined;
}

/**
 * Opens the line to a device address. What Bluetooth needs is loaded for `ble:` addresses only.
 * @throws {UsageError} when the address is malformed
 * @throws {NoSuchDeviceError} when there is no such device
 * @throws {ConnectionError} when it cannot be opened
 */
export async function openTransport(address: string, options: OpenOptions = {}): Promise<SmpTransport> {
	const parsed = parseAddress(address);
	switch (parsed.kind) {
		case "serial":
			return openSerial(parsed.path, parsed.baudRate, parsed.framing);
		case "udp":
			return openUdp(parsed.host, parsed.port);
		case "ble": {
			const { openBle } = await import("./ble.ts");
			return openBle(parsed.target, options);
		}
		case "sim": {
			const resolved = await options.resolveSimulator?.(parsed.name);
			if (resolved === undefined || parseAddress(resolved).kind === "sim")
				throw new NoSuchDeviceError(`no simulator is running under the name ${parsed.name}`, {
					hint: `\`bodycam sim list\` shows those that run; \`bodycam sim start --name ${parsed.name}\` starts it.`,
				});
			return openTransport(resolved);
		}
	}
}
