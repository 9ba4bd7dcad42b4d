/**
 * What a camera says of itself before anybody connects, as manufacturer-specific data (Bluetooth Assigned Numbers,
 * section 2.3, type 0xff):
 *
 * | at | octets | field |
 * |---|---|---|
 * | 0 | 2 | company identifier 0xffff, little-endian: none is assigned; a maker puts its own |
 * | 2 | 1 | 0xbc: a body-worn camera |
 * | 3 | 1 | version of what follows: 1 |
 * | 4 | 1 | what the light that faces the public shows: its place in `LIGHTS` |
 * | 5 | 1 | battery: bits 0–6 percent, 0x7f unknown; bit 7 charging |
 * | 6 | 1 | flags: bit 0 needs attention, bit 1 has all the clients it takes |
 *
 * It says nothing that the light does not say already, and nothing of the wearer.
 */

/** Company identifier of products without one (Bluetooth Assigned Numbers, section 7). */
const COMPANY = 0xffff;

const BODY_CAMERA = 0xbc;
const VERSION = 1;
const OCTETS = 7;
const UNKNOWN_PERCENT = 0x7f;
const CHARGING = 0x80;
const ATTENTION = 0x01;
const FULL = 0x02;

/** What the light that faces the public can show: `dark` also where the policy wants no light. */
export const LIGHTS = ["dark", "warning", "recording", "paused"] as const;

/** One of `LIGHTS`. */
export type Light = (typeof LIGHTS)[number];

/** What a camera advertises. */
export interface CameraAdvertisement {
	/** What its public light shows. */
	readonly light: Light;
	/** Level of the battery, percent; undefined while unknown. */
	readonly batteryPercent?: number | undefined;
	/** Whether the battery is being charged. */
	readonly charging: boolean;
	/** Whether something is wrong that a technician should see to. */
	readonly attention: boolean;
	/** Whether it has all the clients it takes. Not every Bluetooth library tells that from how it advertises. */
	readonly full: boolean;
}

/** The manufacturer-specific data, company identifier included. */
export function encodeCameraAdvertisement(advertisement: CameraAdvertisement): Uint8Array {
	const { light, batteryPercent, charging, attention, full } = advertisement;
	const percent = batteryPercent === undefined ? UNKNOWN_PERCENT : Math.min(100, Math.max(0, batteryPercent));
	return Uint8Array.of(
		COMPANY & 0xff,
		COMPANY >> 8,
		BODY_CAMERA,
		VERSION,
		LIGHTS.indexOf(light),
		Math.round(percent) | (charging ? CHARGING : 0),
		(attention ? ATTENTION : 0) | (full ? FULL : 0),
	);
}

/** Reads manufacturer-specific data; undefined for that of another device or of a version that is not known. */
export function decodeCameraAdvertisement(bytes: Uint8Array): CameraAdvertisement | undefined {
	const [low, high, kind, version, light = 0, battery = 0, flags = 0] = bytes;
	if (bytes.length < OCTETS || low !== (COMPANY & 0xff) || high !== COMPANY >> 8) return undefined;
	if (kind !== BODY_CAMERA || version !== VERSION) return undefined;
	const shown = LIGHTS[light];
	const percent = battery & ~CHARGING;
	if (shown === undefined || (percent > 100 && percent !== UNKNOWN_PERCENT)) return undefined;
	return {
		light: shown,
		...(percent === UNKNOWN_PERCENT ? {} : { batteryPercent: percent }),
		charging: (battery & CHARGING) !== 0,
		attention: (flags & ATTENTION) !== 0,
		full: (flags & FULL) !== 0,
	};
}
