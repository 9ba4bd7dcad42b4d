import { MAXIMUM_OCTETS, MINIMUM_OCTETS } from "../air/airtime.ts";
import type { RadioLink } from "../air/link.ts";
import { COMMAND, STATUS } from "../hci/codes.ts";
import { type ParameterReader, u16 } from "../hci/parameters.ts";
import type { ConnectionTable, ControllerConnection } from "./connections.ts";
import type { CommandAnswer, CommandHandler } from "./handler.ts";
import { chosenParameters } from "./link-parameters.ts";

/** Bit of the 2M PHY in a host's preferences. */
const PREFERS_2M = 0b10;

type Command = (
	connection: ControllerConnection,
	link: RadioLink,
	parameters: ParameterReader,
) => CommandAnswer;

/** The commands of a connection, which they name by its handle. */
export function connectionCommands(
	connections: ConnectionTable,
): readonly (readonly [number, CommandHandler])[] {
	/** @param completes - true where an unknown handle is answered with Command Complete */
	const named =
		(completes: boolean, command: Command): CommandHandler =>
		(parameters) => {
			const handle = parameters.u16();
			const connection = connections.get(handle);
			const link = connection?.link;
			if (connection && link) return command(connection, link, parameters);
			if (completes) return { complete: [STATUS.unknownConnection, ...u16(handle)] };
			return { status: STATUS.unknownConnection };
		};
	return [
		[COMMAND.disconnect, named(false, disconnect)],
		[COMMAND.readRssi, named(true, readRssi)],
		[COMMAND.leConnectionUpdate, named(false, update)],
		[COMMAND.leEnableEncryption, named(false, encrypt)],
		[COMMAND.leSetDataLength, named(true, setDataLength)],
		[COMMAND.leReadPhy, named(true, readPhy)],
		[COMMAND.leSetPhy, named(false, setPhy)],
		[COMMAND.leParameterRequestReply, named(true, agree)],
		[COMMAND.leParameterRequestNegativeReply, named(true, ({ handle }) => completed(handle))],
	];
}

const completed = (handle: number, ...result: number[]): CommandAnswer => ({
	complete: [STATUS.success, ...u16(handle), ...result],
});

const disconnect: Command = (_connection, link, parameters) => {
	const reason = parameters.u8();
	return { status: STATUS.success, afterwards: () => link.terminate(link.central, reason) };
};

const readRssi: Command = ({ handle }, link) => completed(handle, link.strength & 0xff);

const update: Command = (_connection, link, parameters) => {
	const chosen = chosenParameters(parameters, link.parameters.interval);
	if (chosen === undefined) return { status: STATUS.invalidParameters };
	return { status: STATUS.success, afterwards: () => link.setParameters(chosen) };
};

const agree: Command = ({ handle }, link, parameters) => {
	const chosen = chosenParameters(parameters, link.parameters.interval);
	if (chosen === undefined) return { complete: [STATUS.invalidParameters, ...u16(handle)] };
	return { ...completed(handle), afterwards: () => link.setParameters(chosen) };
};

const encrypt: Command = (connection, link, parameters) => {
	// A random number and a diversifier name a key kept from a bond; a key just agreed on is named by zeros.
	parameters.bytes(10);
	const key = parameters.bytes(16);
	return {
		status: STATUS.success,
		afterwards: () => link.encrypt(key, (status) => connection.encryptionRefused(status)),
	};
};

const setDataLength: Command = ({ handle }, link, parameters) => {
	const octets = parameters.u16();
	parameters.u16();
	if (octets < MINIMUM_OCTETS || octets > MAXIMUM_OCTETS)
		return { complete: [STATUS.invalidParameters, ...u16(handle)] };
	return { ...completed(handle), afterwards: () => link.negotiateDataLength(link.central, octets) };
};

const readPhy: Command = ({ handle }, link) => completed(handle, link.phy, link.phy);

const setPhy: Command = (connection, link, parameters) => {
	const any = parameters.u8() & 1;
	const wanted = parameters.u8();
	parameters.bytes(3);
	const phy = any === 1 ? link.phy : (wanted & PREFERS_2M) !== 0 ? 2 : 1;
	return { status: STATUS.success, afterwards: () => connection.setPhy(phy) };
};
