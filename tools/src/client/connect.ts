import { type OpenOptions, openTransport } from "../transport/open.ts";
import { SmpClient, type SmpClientOptions } from "./smp-client.ts";

/** How to connect. */
export interface ConnectOptions extends SmpClientOptions, OpenOptions {}

/**
 * Opens the line to a device and asks it for its sizes.
 * @throws {UsageError} when the address is malformed
 * @throws {NoSuchDeviceError} when there is no such device
 * @throws {ConnectionError} when it cannot be reached or does not answer
 */
export async function connectDevice(address: string, options: ConnectOptions = {}): Promise<SmpClient> {
	const transport = await openTransport(address, options);
	return SmpClient.connect(transport, options);
}
