import { EVENT, LE_EVENT, PACKET } from "./codes.ts";
import { u16 } from "./parameters.ts";

/** Commands a host may send before it hears of the first: noble takes 1, 2 or 5 for a sign of life. */
const COMMANDS_ALLOWED = 1;

/** Longest data in one extended advertising report, octets (Bluetooth Core, Vol 4 Part E, section 7.7.65.13). */
export const MAXIMUM_REPORT_DATA = 229;

/** Parameters of a connection in the units of HCI. */
export interface ConnectionParameters {
	/** Connection interval, units of 1.25 ms. */
	readonly interval: number;
	/** Events the peripheral may sleep through. */
	readonly latency: number;
	/** Supervision timeout, units of 10 ms. */
	readonly timeout: number;
}

/** A device's address as HCI carries it. */
export interface HciAddress {
	/** 6 octets, the lowest first. */
	readonly octets: Uint8Array;
	/** 0 public, 1 random. */
	readonly type: number;
}

/** An event packet with its H4 indicator. */
export function event(code: number, ...parameters: number[]): Uint8Array {
	return Uint8Array.from([PACKET.event, code, parameters.length, ...parameters]);
}

function leEvent(code: number, ...parameters: number[]): Uint8Array {
	return event(EVENT.leMeta, code, ...parameters);
}

/** Command Complete. @param result - the status and what follows it */
export function commandComplete(opcode: number, ...result: number[]): Uint8Array {
	return event(EVENT.commandComplete, COMMANDS_ALLOWED, ...u16(opcode), ...result);
}

/** Command Status. */
export function commandStatus(opcode: number, status: number): Uint8Array {
	return event(EVENT.commandStatus, status, COMMANDS_ALLOWED, ...u16(opcode));
}

/** Disconnection Complete. */
export function disconnectionComplete(handle: number, reason: number): Uint8Array {
	return event(EVENT.disconnectionComplete, 0, ...u16(handle), reason);
}

/** Encryption Change. */
export function encryptionChange(status: number, handle: number, enabled: boolean): Uint8Array {
	return event(EVENT.encryptionChange, status, ...u16(handle), enabled ? 1 : 0);
}

/** Number Of Completed Packets of one connection. */
export function completedPackets(handle: number, count: number): Uint8Array {
	return event(EVENT.numberOfCompletedPackets, 1, ...u16(handle), ...u16(count));
}

/** Role of a device that opened the connection. */
const CENTRAL = 0;

/** LE Connection Complete, or its enhanced form. With a status other than 0 everything else is zero. */
export function connectionComplete(
	enhanced: boolean,
	status: number,
	handle: number,
	peer: HciAddress,
	parameters: ConnectionParameters,
): Uint8Array {
	const noAddress = [0, 0, 0, 0, 0, 0];
	return leEvent(
		enhanced ? LE_EVENT.enhancedConnectionComplete : LE_EVENT.connectionComplete,
		status,
		...u16(handle),
		CENTRAL,
		peer.type,
		...peer.octets,
		...(enhanced ? [...noAddress, ...noAddress] : []),
		...connectionFields(parameters),
		0,
	);
}

function connectionFields(parameters: ConnectionParameters): number[] {
	return [...u16(parameters.interval), ...u16(parameters.latency), ...u16(parameters.timeout)];
}

/** LE Connection Update Complete. */
export function connectionUpdateComplete(
	status: number,
	handle: number,
	parameters: ConnectionParameters,
): Uint8Array {
	return leEvent(LE_EVENT.connectionUpdateComplete, status, ...u16(handle), ...connectionFields(parameters));
}

/** LE Remote Connection Parameter Request: the peripheral asks for an interval between two. */
export function remoteParameterRequest(
	handle: number,
	minimum: number,
	maximum: number,
	latency: number,
	timeout: number,
): Uint8Array {
	return leEvent(
		LE_EVENT.remoteParameterRequest,
		...u16(handle),
		...u16(minimum),
		...u16(maximum),
		...u16(latency),
		...u16(timeout),
	);
}

/** LE Data Length Change. Octets and times (µs) of the longest packet in each direction. */
export function dataLengthChange(
	handle: number,
	tx: number,
	txTime: number,
	rx: number,
	rxTime: number,
): Uint8Array {
	return leEvent(
		LE_EVENT.dataLengthChange,
		...u16(handle),
		...u16(tx),
		...u16(txTime),
		...u16(rx),
		...u16(rxTime),
	);
}

/** LE PHY Update Complete; the same PHY in both directions. */
export function phyUpdateComplete(status: number, handle: number, phy: number): Uint8Array {
	return leEvent(LE_EVENT.phyUpdateComplete, status, ...u16(handle), phy, phy);
}

/** What the air said of an advertiser. */
export interface Heard {
	readonly address: HciAddress;
	/** True for an answer to a scan request. */
	readonly response: boolean;
	readonly connectable: boolean;
	readonly scannable: boolean;
	/** False for extended advertising. */
	readonly legacy: boolean;
	readonly data: Uint8Array;
	/** Signal strength, dBm. */
	readonly rssi: number;
}

/** Types of legacy advertising reports (Bluetooth Core, Vol 4 Part E, section 7.7.65.2). */
const ADV_IND = 0;
const ADV_SCAN_IND = 2;
const ADV_NONCONN_IND = 3;
const SCAN_RSP = 4;

/** LE Advertising Report of one legacy advertisement. */
export function advertisingReport(heard: Heard): Uint8Array {
	const type = heard.response
		? SCAN_RSP
		: heard.connectable
			? ADV_IND
			: heard.scannable
				? ADV_SCAN_IND
				: ADV_NONCONN_IND;
	const { address, data, rssi } = heard;
	return leEvent(
		LE_EVENT.advertisingReport,
		1,
		type,
		address.type,
		...address.octets,
		data.length,
		...data,
		rssi & 0xff,
	);
}

/** Bits of the event type of an extended report (section 7.7.65.13). */
const CONNECTABLE = 0x01;
const SCANNABLE = 0x02;
const SCAN_RESPONSE = 0x08;
const LEGACY = 0x10;
const MORE_TO_COME = 0x20;

const PHY_1M = 1;
const NO_ADVERTISING_SET = 0xff;
const TX_POWER_UNKNOWN = 0x7f;

/** LE Extended Advertising Reports of one advertisement: as many as its data need. */
export function extendedAdvertisingReports(heard: Heard): Uint8Array[] {
	const { address, data, rssi } = heard;
	const kind =
		(heard.connectable ? CONNECTABLE : 0) |
		(heard.scannable ? SCANNABLE : 0) |
		(heard.response ? SCAN_RESPONSE : 0) |
		(heard.legacy ? LEGACY : 0);
	const reports: Uint8Array[] = [];
	let at = 0;
	do {
		const part = data.subarray(at, at + MAXIMUM_REPORT_DATA);
		at += part.length;
		reports.push(
			leEvent(
				LE_EVENT.extendedAdvertisingReport,
				1,
				...u16(kind | (at < data.length ? MORE_TO_COME : 0)),
				address.type,
				...address.octets,
				PHY_1M,
				heard.legacy ? 0 : PHY_1M,
				heard.legacy ? NO_ADVERTISING_SET : 0,
				TX_POWER_UNKNOWN,
				rssi & 0xff,
				0,
				0,
				...[0, 0, 0, 0, 0, 0, 0],
				part.length,
				...part,
			),
		);
	} while (at < data.length);
	return reports;
}
