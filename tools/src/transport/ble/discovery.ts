import { decodeCameraAdvertisement } from "@bodycam/protocol/camera/advertisement";
import { ConnectionError, NoSuchDeviceError, UsageError } from "../../errors.ts";
import { type AdapterChoice, BleAdapter } from "./adapter.ts";
import type { NoblePeripheral } from "./noble-library.ts";

/** Time to look for a camera that is named, ms: longer than a camera that saves energy is silent. */
const FIND_TIME = 8000;

/** Time to listen for others of the same name when one is heard, ms: cameras advertise every 211 to 222 ms. */
const NAMESAKE_TIME = 300;

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
		const hear = (peripheral: NoblePeripheral): undefined => {
			heard.set(peripheral.id, peripheral);
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
 * Looks for the camera of a name or an address. By a name it listens a little longer, for others that have it too.
 * @throws {NoSuchDeviceError} when it is not heard
 * @throws {UsageError} when several of that name are heard
 * @throws {ConnectionError} when it is heard and takes no connection
 */
export async function findCamera(
	adapter: BleAdapter,
	target: string,
	{ signal, patience = 1 }: AdapterChoice = {},
): Promise<NoblePeripheral> {
	let addressed: NoblePeripheral | undefined;
	const named = new Map<string, NoblePeripheral>();
	let isEnding = false;
	await adapter.scan(
		FIND_TIME * patience,
		(peripheral) => {
			const isAddressed = hasAddress(peripheral, target);
			if (isAddressed) addressed = peripheral;
			else if (hasName(peripheral, target)) named.set(peripheral.id, peripheral);
			else return undefined;
			if (!takesConnection(peripheral) || (isEnding && !isAddressed)) return undefined;
			isEnding = true;
			return isAddressed ? 0 : NAMESAKE_TIME * patience;
		},
		signal,
	);
	if (addressed === undefined && named.size > 1) throw ambiguous(target, [...named.values()].map(cameraOf));
	const seen = addressed ?? named.values().next().value;
	if (seen === undefined)
		throw new NoSuchDeviceError(`no camera ${target} is heard over Bluetooth`, {
			hint: "Is it on, near and not connected to somebody else? `bodycam list --ble` shows those that are heard.",
		});
	if (!takesConnection(seen))
		throw new ConnectionError(`the camera ${target} takes no connection now`, {
			hint: "It is connected to as many others as it can be. Close one of those, then try again.",
		});
	return seen;
}

function ambiguous(name: string, cameras: HeardCamera[]): UsageError {
	const nearestFirst = cameras.sort((a, b) => b.rssi - a.rssi);
	const lines = nearestFirst.map(({ address, rssi }) => `ble:${address}  ${rssi} dBm`);
	return new UsageError(
		[`${cameras.length} cameras of the name ${name} are heard over Bluetooth`, ...lines].join("\n"),
		{ hint: `Say which by its address, as with -d ble:${nearestFirst[0]?.address}` },
	);
}

/** Whether a device takes a connection: a camera says so, and noble takes who answers scans for one that can be connected to. */
function takesConnection({ advertisement, connectable }: NoblePeripheral): boolean {
	const says = decodeCameraAdvertisement(advertisement.manufacturerData ?? new Uint8Array());
	return connectable && says?.full !== true;
}

function cameraOf(peripheral: NoblePeripheral): HeardCamera {
	const { address, id, advertisement, rssi } = peripheral;
	const where = address === "" ? id : address;
	return {
		name: advertisement.localName || where,
		address: where,
		rssi,
		connectable: takesConnection(peripheral),
		manufacturer: new Uint8Array(advertisement.manufacturerData ?? []),
	};
}

/** Octets a name has at least that did not fit a scan response whole: 29, less what is missing of a character. */
const SHORTENED_MIN = 26;

/** Whether a camera has that address, in either case. */
function hasAddress({ address, id }: NoblePeripheral, target: string): boolean {
	const wanted = target.toLowerCase();
	return address.toLowerCase() === wanted || id === wanted;
}

/** Whether a camera has that name: as its owner wrote it, or its beginning where it is long. */
function hasName({ advertisement }: NoblePeripheral, target: string): boolean {
	const { localName: name = "" } = advertisement;
	const isShortened = Buffer.byteLength(name) >= SHORTENED_MIN && target.startsWith(name);
	return name === target || isShortened;
}
