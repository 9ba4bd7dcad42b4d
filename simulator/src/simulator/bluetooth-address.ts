import { DeviceAddress } from "../radio/air/address.ts";

/** Octets of a Bluetooth address. */
const OCTETS = 6;

/** The two highest bits of a static random address are set (Bluetooth Core, Vol 6 Part B, section 1.3.2.1). */
const STATIC = 0xc0;

/** The static random address of a camera, the same as long as its serial number. @param serialNumber - hexadecimal */
export function bluetoothAddress(serialNumber: string): DeviceAddress {
	const octets = Buffer.from(serialNumber, "hex").subarray(-OCTETS);
	octets[0] = (octets[0] ?? 0) | STATIC;
	return new DeviceAddress(Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join(":"));
}
