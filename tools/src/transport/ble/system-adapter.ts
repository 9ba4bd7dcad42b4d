import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { type BodycamError, ConnectionError, NoSuchDeviceError } from "../../errors.ts";

/** What is looked at of this computer. */
export interface BluetoothHost {
	/** As `process.platform`. */
	readonly platform: string;
	/** Path of the program that runs. */
	readonly program: string;
	/** Names of a directory's entries; none when it is not there. */
	list(directory: string): readonly string[];
	/** Text of a file; undefined when it cannot be read. */
	read(file: string): string | undefined;
}

/** This computer. */
export const bluetoothHost: BluetoothHost = {
	platform: process.platform,
	program: process.execPath,
	list: (directory) => orUndefined(() => readdirSync(directory)) ?? [],
	read: (file) => orUndefined(() => readFileSync(file, "utf8")),
};

/** Bit of CAP_NET_RAW in a set of capabilities (linux/capability.h). */
const NET_RAW = 13n;

/** Adapters of a Linux computer. */
export function linuxAdapters(host: Pick<BluetoothHost, "list">): readonly string[] {
	return host.list("/sys/class/bluetooth").filter((name) => /^hci\d+$/.test(name));
}

/** Whether this process may open an adapter of a Linux computer itself, as noble does. */
export function mayUseAdapters(host: Pick<BluetoothHost, "read">): boolean {
	const [, effective] = /^CapEff:\s*([0-9a-f]+)$/m.exec(host.read("/proc/self/status") ?? "") ?? [];
	return effective === undefined || ((BigInt(`0x${effective}`) >> NET_RAW) & 1n) === 1n;
}

/** The command that lets Node open Bluetooth adapters. */
export function permissionCommand({ program }: Pick<BluetoothHost, "program">): string {
	return `sudo setcap cap_net_raw+eip "$(readlink -f ${program})"`;
}

/** What is in the way of the system's adapter, known before noble is asked; undefined when nothing is seen. */
export function adapterObstacle(host: BluetoothHost = bluetoothHost): BodycamError | undefined {
	if (host.platform !== "linux") return undefined;
	if (linuxAdapters(host).length === 0)
		return new NoSuchDeviceError("there is no Bluetooth adapter", {
			hint: "Plug one in; or reach a simulated camera with --hci PORT, which `bodycam sim start --ble` prints.",
		});
	if (!mayUseAdapters(host))
		return new ConnectionError("you may not use the Bluetooth adapter", {
			hint: `Let Node use it: ${permissionCommand(host)}`,
		});
	return undefined;
}

function orUndefined<T>(look: () => T): T | undefined {
	try {
		return look();
	} catch {
		return undefined;
	}
}
