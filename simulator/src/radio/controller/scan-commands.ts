import { COMMAND, STATUS } from "../hci/codes.ts";
import type { ParameterReader } from "../hci/parameters.ts";
import type { CommandAnswer, CommandHandler } from "./handler.ts";
import type { Scanner } from "./scanner.ts";

const done: CommandAnswer = { complete: [STATUS.success] };
const refused = (status: number): CommandAnswer => ({ complete: [status] });

/** Shortest and longest scan interval and window, units of 0.625 ms (Bluetooth Core, Vol 4 Part E, section 7.8.10). */
const SHORTEST = 4;
const LONGEST_LEGACY = 0x4000;

function configure(scanner: Scanner, type: number, interval: number, window: number): CommandAnswer {
	if (scanner.running) return refused(STATUS.commandDisallowed);
	if (type > 1 || window < SHORTEST || window > interval) return refused(STATUS.invalidParameters);
	scanner.configure({ active: type === 1, duty: window / interval });
	return done;
}

function enable(scanner: Scanner, parameters: ParameterReader, extended: boolean): CommandAnswer {
	const on = parameters.u8();
	const once = parameters.u8();
	if (on > 1 || once > (extended ? 2 : 1)) return refused(STATUS.invalidParameters);
	if (on === 1) scanner.start(once > 0, extended);
	else scanner.stop();
	return done;
}

/** The commands that scan, in their legacy and their extended form. */
export function scanCommands(scanner: Scanner): readonly (readonly [number, CommandHandler])[] {
	return [
		[
			COMMAND.leSetScanParameters,
			(parameters) => {
				const type = parameters.u8();
				const interval = parameters.u16();
				const window = parameters.u16();
				parameters.bytes(2);
				if (interval > LONGEST_LEGACY) return refused(STATUS.invalidParameters);
				return configure(scanner, type, interval, window);
			},
		],
		[COMMAND.leSetScanEnable, (parameters) => enable(scanner, parameters, false)],
		[
			COMMAND.leSetExtendedScanParameters,
			(parameters) => {
				parameters.bytes(2);
				// 1M is the only layer advertisements go over here: what follows for others is not looked at.
				if ((parameters.u8() & 1) === 0) return refused(STATUS.unsupportedParameter);
				return configure(scanner, parameters.u8(), parameters.u16(), parameters.u16());
			},
		],
		[COMMAND.leSetExtendedScanEnable, (parameters) => enable(scanner, parameters, true)],
	];
}
