import { UsageError } from "../errors.ts";

/** Where a camera is. */
export type DeviceAddress =
	| {
			readonly kind: "serial";
			readonly path: string;
			readonly baudRate: number;
			readonly framing: "auto" | "console";
	  }
	| { readonly kind: "udp"; readonly host: string; readonly port: number }
	| {
			readonly kind: "ble";
			/** The name a camera advertises, or its address. */
			readonly target: string;
	  }
	| { readonly kind: "sim"; readonly name: string };

/** UDP port of SMP (Zephyr `CONFIG_MCUMGR_TRANSPORT_UDP_PORT`). */
export const DEFAULT_UDP_PORT = 1337;

/** Baud rate of a serial port where none is given. */
export const DEFAULT_BAUD_RATE = 115_200;

const HINT =
	"Addresses are serial:/dev/ttyACM0, serial:/dev/ttyACM0?baud=921600, udp:HOST:PORT, ble:NAME, ble:ADDRESS or sim:NAME.";

/** Longest name that is advertised or address, characters. */
const BLE_TARGET_MAX = 64;

/**
 * Reads a device address.
 * @throws {UsageError} saying what is wrong with it
 */
export function parseAddress(address: string): DeviceAddress {
	const [, kind, rest = ""] = /^([a-z]+):(.*)$/s.exec(address) ?? [];
	switch (kind) {
		case "serial":
			return parseSerial(address, rest);
		case "udp":
			return parseUdp(address, rest);
		case "ble":
			if (rest.length > BLE_TARGET_MAX || !/^[^\p{Cc}]+$/u.test(rest))
				throw wrong(address, "that is no name and no address of a camera");
			return { kind, target: rest };
		case "sim":
			if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(rest))
				throw wrong(address, "that is no name of a simulator");
			return { kind, name: rest };
		default:
			if (/^(\/|COM\d+$)/i.test(address))
				throw new UsageError(`${address}: the kind of line is missing`, {
					hint: `Did you mean serial:${address}? ${HINT}`,
				});
			throw wrong(
				address,
				kind === undefined ? "the kind of line is missing" : `there is no kind of line "${kind}"`,
			);
	}
}

function parseSerial(address: string, rest: string): DeviceAddress {
	const [, path = "", settings = ""] = /^([^?]*)(?:\?(.*))?$/.exec(rest) ?? [];
	if (path === "") throw wrong(address, "the port is missing");
	let baudRate = DEFAULT_BAUD_RATE;
	let framing: "auto" | "console" = "auto";
	for (const setting of settings.split("&").filter((text) => text !== "")) {
		const [, baud] = /^baud=(\d{1,8})$/.exec(setting) ?? [];
		const [, word] = /^framing=(auto|console)$/.exec(setting) ?? [];
		if (baud !== undefined) baudRate = Number(baud);
		else if (word !== undefined) framing = word as typeof framing;
		else throw wrong(address, `"${setting}" is no setting of a serial port (baud=N, framing=console)`);
	}
	if (baudRate === 0) throw wrong(address, "0 baud is no speed");
	return { kind: "serial", path, baudRate, framing };
}

function parseUdp(address: string, rest: string): DeviceAddress {
	const match = /^(?:\[([0-9A-Fa-f:.%\w]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/.exec(rest);
	const host = match?.[1] ?? match?.[2];
	if (host === undefined) throw wrong(address, "that is no host and port");
	const port = match?.[3] === undefined ? DEFAULT_UDP_PORT : Number(match[3]);
	if (port < 1 || port > 0xffff) throw wrong(address, `there is no port ${port}`);
	return { kind: "udp", host, port };
}

function wrong(address: string, what: string): UsageError {
	return new UsageError(`${address === "" ? "the device address is empty" : `${address}: ${what}`}`, {
		hint: HINT,
	});
}
