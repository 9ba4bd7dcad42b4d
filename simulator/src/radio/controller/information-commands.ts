import type { DeviceAddress } from "../air/address.ts";
import { COMMAND, STATUS } from "../hci/codes.ts";
import { u16 } from "../hci/parameters.ts";
import { ACL_BUFFERS, ACL_LENGTH } from "./connections.ts";
import type { CommandHandler } from "./handler.ts";

/** Version of the specification it follows: 5.4 (Bluetooth Assigned Numbers, section 2.1). */
const VERSION = 0x0d;

/** Company identifier reserved for tests. */
const MANUFACTURER = 0xffff;

/** LE features (Bluetooth Core, Vol 6 Part B, section 4.6), by octet: encryption, parameter request, data length. */
const FEATURES_0 = (1 << 0) | (1 << 1) | (1 << 5);
/** 2M PHY. */
const FEATURES_1 = 1 << 0;
/** Extended advertising. */
const EXTENDED_ADVERTISING = 1 << 4;

/** Longest packet and the time it takes at 1 Mbit/s with an integrity check, µs. */
const LONGEST = 251;
const LONGEST_TIME = 2120;

/** The commands that ask what the controller is, and those that set what makes no difference here. */
export function informationCommands(
	address: DeviceAddress,
	extended: boolean,
): readonly (readonly [number, CommandHandler])[] {
	const constant = (...result: number[]): CommandHandler => {
		const answer = { complete: [STATUS.success, ...result] };
		return () => answer;
	};
	return [
		[COMMAND.setEventMask, constant()],
		[COMMAND.writeLeHostSupported, constant()],
		[COMMAND.readLeHostSupported, constant(1, 0)],
		[COMMAND.readLocalVersion, constant(VERSION, ...u16(0), VERSION, ...u16(MANUFACTURER), ...u16(0))],
		[COMMAND.readBufferSize, constant(...u16(ACL_LENGTH), 0, ...u16(ACL_BUFFERS), ...u16(0))],
		[COMMAND.readAddress, constant(...address.octets)],
		[COMMAND.leReadBufferSize, constant(...u16(ACL_LENGTH), ACL_BUFFERS)],
		[
			COMMAND.leReadFeatures,
			constant(FEATURES_0, FEATURES_1 | (extended ? EXTENDED_ADVERTISING : 0), 0, 0, 0, 0, 0, 0),
		],
		[
			COMMAND.leReadMaximumDataLength,
			constant(...u16(LONGEST), ...u16(LONGEST_TIME), ...u16(LONGEST), ...u16(LONGEST_TIME)),
		],
		[COMMAND.leSetDefaultPhy, constant()],
	];
}
