import { ADVERTISEMENT_OCTETS } from "@bodycam/protocol/board/records";
import { type CameraAdvertisement, encodeCameraAdvertisement } from "@bodycam/protocol/camera/advertisement";
import { SMP_SERVICE } from "@bodycam/protocol/smp/ble";

/** Types of advertising data (Bluetooth Assigned Numbers, section 2.3). */
const FLAGS = 0x01;
const COMPLETE_SERVICES_128 = 0x07;
const SHORTENED_NAME = 0x08;
const COMPLETE_NAME = 0x09;
const MANUFACTURER = 0xff;

/** General discoverable, no BR/EDR. */
const LE_ONLY = 0x06;

/** Octets before the value of a structure: its length and its type. */
const STRUCTURE_HEADER = 2;

/** The advertising data: that it is a device that speaks SMP, and what the camera says of itself. */
export function advertisingData(advertisement: CameraAdvertisement): Uint8Array {
	return Uint8Array.from([
		...structure(FLAGS, [LE_ONLY]),
		...structure(COMPLETE_SERVICES_128, uuidOctets(SMP_SERVICE)),
		...structure(MANUFACTURER, [...encodeCameraAdvertisement(advertisement)]),
	]);
}

/** The scan response: the camera's name, or as many whole characters of it as fit. */
export function scanResponse(name: string): Uint8Array {
	const octets: number[] = [];
	for (const character of name) {
		const more = utf8(character);
		if (octets.length + more.length > ADVERTISEMENT_OCTETS - STRUCTURE_HEADER)
			return Uint8Array.from(structure(SHORTENED_NAME, octets));
		octets.push(...more);
	}
	return Uint8Array.from(structure(COMPLETE_NAME, octets));
}

function structure(type: number, value: readonly number[]): number[] {
	return [value.length + 1, type, ...value];
}

/** The octets of a UUID as the air carries them, the lowest first. */
function uuidOctets(uuid: string): number[] {
	const digits = uuid.replaceAll("-", "");
	const octets: number[] = [];
	for (let at = digits.length - 2; at >= 0; at -= 2)
		octets.push(Number.parseInt(digits.slice(at, at + 2), 16));
	return octets;
}

/** A code point in UTF-8 (RFC 3629, section 3). */
function utf8(character: string): number[] {
	const code = character.codePointAt(0) ?? 0;
	if (code < 0x80) return [code];
	const tail = (shift: number) => 0x80 | ((code >> shift) & 0x3f);
	if (code < 0x800) return [0xc0 | (code >> 6), tail(0)];
	if (code < 0x1_0000) return [0xe0 | (code >> 12), tail(6), tail(0)];
	return [0xf0 | (code >> 18), tail(12), tail(6), tail(0)];
}
