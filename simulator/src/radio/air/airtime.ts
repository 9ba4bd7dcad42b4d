/** The physical layers modelled: 1 and 2 Mbit/s, uncoded. */
export type Phy = 1 | 2;

/** Time between two packets of a connection event, µs (Bluetooth Core, Vol 6 Part B, section 4.1.1). */
export const INTER_FRAME_SPACE = 150;

/** Unit of a connection interval, µs. */
export const INTERVAL_UNIT = 1250;

/** Shortest and longest payload of a data packet, octets (Vol 6 Part B, section 4.5.10). */
export const MINIMUM_OCTETS = 27;
/** Longest payload of a data packet, octets. */
export const MAXIMUM_OCTETS = 251;

/** Octets around the payload besides the preamble: access address, header, CRC. */
const FRAME_OCTETS = 4 + 2 + 3;

/** Message integrity check of an encrypted packet with payload, octets. */
const INTEGRITY_OCTETS = 4;

/** Time a data packet is on the air, µs. @param octets - its payload */
export function airtime(octets: number, phy: Phy, encrypted = false): number {
	const check = encrypted && octets > 0 ? INTEGRITY_OCTETS : 0;
	return ((phy + FRAME_OCTETS + octets + check) * 8) / phy;
}

/** What limits a transfer in one direction. */
export interface CeilingConditions {
	/** Connection interval, µs. */
	readonly interval: number;
	readonly phy: Phy;
	/** Data length, octets. */
	readonly octets: number;
	/** Packets in each direction an event has room for besides its time; undefined for time alone. */
	readonly packetsPerEvent?: number | undefined;
	readonly encrypted?: boolean | undefined;
	/** ATT MTU, octets; values are as long as it allows. */
	readonly mtu: number;
}

/** Octets of the L2CAP header and of a notification or write without response before its value. */
const L2CAP_HEADER = 4;
const ATT_HEADER = 3;

/**
 * Octets of values a second that one direction can carry when nothing is lost and the other direction is silent,
 * headers taken off: an upper bound, since the pause after the last packet that fits an event is not taken off.
 */
export function throughputCeiling(conditions: CeilingConditions): number {
	const { interval, phy, octets, mtu } = conditions;
	const exchange = (length: number) =>
		airtime(length, phy, conditions.encrypted) + airtime(0, phy) + 2 * INTER_FRAME_SPACE;
	const frame = mtu + L2CAP_HEADER;
	const whole = Math.floor(frame / octets);
	const rest = frame - whole * octets;
	const packets = whole + (rest > 0 ? 1 : 0);
	const frameTime = whole * exchange(octets) + (rest > 0 ? exchange(rest) : 0);
	const byTime = interval / (frameTime / packets);
	const perEvent = Math.min(byTime, conditions.packetsPerEvent ?? Infinity);
	return ((perEvent / packets) * (mtu - ATT_HEADER) * 1e6) / interval;
}
