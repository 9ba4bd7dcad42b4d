import { SimulatorError } from "../../simulator-error.ts";

/** Types of attributes that describe the others (Bluetooth Core, Vol 3 Part G, section 3). */
export const PRIMARY_SERVICE = 0x2800;
/** Declares a characteristic. */
export const CHARACTERISTIC = 0x2803;
/** Holds a client's subscription. */
export const CLIENT_CONFIGURATION = 0x2902;

/** A UUID as ATT carries it: 2 octets for a short one, 16 otherwise, the lowest first. @throws SimulatorError */
export function uuidOctets(uuid: string | number): Uint8Array {
	if (typeof uuid === "number") return Uint8Array.of(uuid & 0xff, uuid >> 8);
	const digits = uuid.replaceAll("-", "");
	if (!/^([0-9a-f]{4}|[0-9a-f]{32})$/i.test(digits))
		throw new SimulatorError(`${JSON.stringify(uuid)} is no UUID`, "Write 4 or 32 hexadecimal digits.");
	return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)).reverse();
}

/** Octets of the Bluetooth base UUID below the short one in it, the lowest first. */
const BASE = uuidOctets("00000000-0000-1000-8000-00805f9b34fb").subarray(0, 12);

/** True for the same UUID, one of them perhaps written out on the Bluetooth base. */
export function sameUuid(one: Uint8Array, other: Uint8Array): boolean {
	return Buffer.compare(shortened(one), shortened(other)) === 0;
}

function shortened(uuid: Uint8Array): Uint8Array {
	const onBase = uuid.length === 16 && Buffer.compare(uuid.subarray(0, 12), BASE) === 0;
	return onBase && uuid[14] === 0 && uuid[15] === 0 ? uuid.subarray(12, 14) : uuid;
}
