import { ConnectionError, NoSuchDeviceError } from "../../errors.ts";
import { type AdapterChoice, BleAdapter } from "./adapter.ts";
import type { NoblePeripheral } from "./noble-library.ts";

/** Time to look for a camera that is named, ms: longer than a camera that saves energy is silent. */
const FIND_TIME = 8000;

/** A camera that was heard. */
export interface HeardCamera {
	/** Name it advertises; its address where it has said none. */
	readonly name: string;
	/** Address, or what the system calls it where addresses are kept from programs (macOS). */
	readonly address: string;
	/** Signal strength of what was heard last, dBm. */
	readonly rssi: number;
	/** Whether it takes a connection now. */
	readonly connectable: boolean;
	/** What it says of itself, company identifier first; empty where it says nothing. */
	readonly manufacturer: Uint8Array;
}

/**
 * Listens for cameras.
 * @param ms - how long
 * @throws {NoSuchDeviceError} where there is no adapter
 * @throws {ConnectionError} where it cannot be used or goes away
 */
export async function listenForCameras(ms: number, choice: AdapterChoice = {}): Promise<HeardCamera[]> {
	const adapter = await BleAdapter.acquire(choice);
	try {
		const heard = new Map<string, NoblePeripheral>();
		const hear = (peripheral: NoblePeripheral): boolean => {
			heard.set(peripheral.id, peripheral);
			return false;
		};
		await adapter.alone(() => adapter.scan(ms, hear, choice.signal));
		return [...heard.values()]
			.map(cameraOf)
			.sort((a, b) => a.name.localeCompare(b.name) || a.address.localeCompare(b.address));
	} finally {
		adapter.release();
	}
}

/**
 * Looks for the camera of a name or an address.
 * @throws {NoSuchDeviceError} when it is not heard
 * @throws {ConnectionError} when it is heard and takes no connection
 */
export async function findCamera(
	adapter: BleAdapter,
	target: string,
	{ signal, patience = 1 }: AdapterChoice = {},
): Promise<NoblePeripheral> {
	let seen: NoblePeripheral | undefined;
	let refusing: NoblePeripheral | undefined;
	await adapter.scan(
		FIND_TIME * patience,
		(peripheral) => {
			if (!isMeant(peripheral, target)) return false;
			if (peripheral.connectable) seen = peripheral;
			else refusing = peripheral;
			return seen !== undefined;
		},
		signal,
	);
	if (seen !== undefined) return seen;
	if (refusing !== undefined)
		throw new ConnectionError(`the camera ${target} takes no connection now`, {
			hint: "It is connected to as many others as it can be. Close one of those, then try again.",
		});
	throw new NoSuchDeviceError(`no camera ${target} is heard over Bluetooth`, {
		hint: "Is it on, near and not connected to somebody else? `bodycam list --ble` shows those that are heard.",
	});
}

function cameraOf({ address, id, advertisement, rssi, connectable }: NoblePeripheral): HeardCamera {
	const where = address === "" ? id : address;
	return {
		name: advertisement.localName || where,
		address: where,
		rssi,
		connectable,
		manufacturer: new Uint8Array(advertisement.manufacturerData ?? []),
	};
}

/** Octets a name has at least that did not fit a scan response whole: 29, less what is missing of a character. */
const SHORTENED_MIN = 26;

/** Names are as the camera's owner wrote them, or their beginning where they are long; addresses in either case. */
function isMeant({ address, id, advertisement }: NoblePeripheral, target: string): boolean {
	const wanted = target.toLowerCase();
	const { localName: name = "" } = advertisement;
	const isShortened = Buffer.byteLength(name) >= SHORTENED_MIN && target.startsWith(name);
	return name === target || isShortened || address.toLowerCase() === wanted || id === wanted;
}
