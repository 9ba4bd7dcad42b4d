import { NoSuchDeviceError } from "../errors.ts";
import { parseAddress } from "./address.ts";
import { openSerial } from "./serial.ts";
import type { SmpTransport } from "./transport.ts";
import { openUdp } from "./udp.ts";

/** Finds the serial or UDP address of a running simulator by name; undefined when there is none of that name. */
export type SimulatorResolver = (name: string) => Promise<string | undefined>;

/**
 * Opens the line to a device address.
 * @param resolveSimulator - needed for `sim:` addresses only
 * @throws {UsageError} when the address is malformed
 * @throws {NoSuchDeviceError} when there is no such device
 * @throws {ConnectionError} when it cannot be opened
 */
export async function openTransport(
	address: string,
	resolveSimulator?: SimulatorResolver,
): Promise<SmpTransport> {
	const parsed = parseAddress(address);
	switch (parsed.kind) {
		case "serial":
			return openSerial(parsed.path, parsed.baudRate, parsed.framing);
		case "udp":
			return openUdp(parsed.host, parsed.port);
		case "sim": {
			const resolved = await resolveSimulator?.(parsed.name);
			if (resolved === undefined || parseAddress(resolved).kind === "sim")
				throw new NoSuchDeviceError(`no simulator is running under the name ${parsed.name}`, {
					hint: `\`bodycam sim list\` shows those that run; \`bodycam sim start --name ${parsed.name}\` starts it.`,
				});
			return openTransport(resolved);
		}
	}
}
