import { SimulatorError } from "../../simulator-error.ts";
import { uuidOctets } from "../att/uuid.ts";

/** Longest data of a legacy advertisement, octets (Bluetooth Core, Vol 6 Part B, section 2.3.1). */
export const LEGACY_DATA = 31;

/** Types of advertising data (Bluetooth Assigned Numbers, section 2.3). */
const FLAGS = 0x01;
const SERVICES_128 = 0x07;
const NAME = 0x09;
const MANUFACTURER = 0xff;

/** General discoverable, no BR/EDR. */
const LE_ONLY = 0x06;

/** What an advertisement says. */
export interface AdvertisedContent {
	readonly name?: string | undefined;
	/** 128-bit UUID of a service. */
	readonly service?: string | undefined;
	/** Company identifier, 2 octets the lower first, and what follows. */
	readonly manufacturer?: Uint8Array | undefined;
	/** True for the flags, which belong in an advertisement and not in a scan response. */
	readonly flags?: boolean | undefined;
}

/**
 * The structures of an advertisement or a scan response.
 * @throws SimulatorError where they are longer than `limit` octets
 */
export function advertisingData(content: AdvertisedContent, limit = LEGACY_DATA): Uint8Array {
	const parts: number[] = [];
	const add = (type: number, bytes: Uint8Array) => parts.push(bytes.length + 1, type, ...bytes);
	if (content.flags) add(FLAGS, Uint8Array.of(LE_ONLY));
	if (content.service !== undefined) add(SERVICES_128, uuidOctets(content.service));
	if (content.manufacturer) add(MANUFACTURER, content.manufacturer);
	if (content.name !== undefined) add(NAME, Buffer.from(content.name));
	if (parts.length > limit)
		throw new SimulatorError(
			`the advertisement has ${parts.length} octets, ${limit} fit`,
			"Shorten the name or move a part to the scan response.",
		);
	return Uint8Array.from(parts);
}
