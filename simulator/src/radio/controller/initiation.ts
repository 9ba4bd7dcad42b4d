import { DeviceAddress } from "../air/address.ts";
import { MAXIMUM_OCTETS } from "../air/airtime.ts";
import type { LinkParameters } from "../air/link-end.ts";
import type { VirtualRadio } from "../air/radio.ts";
import type { Station } from "../air/station.ts";
import { COMMAND, LE_EVENT, STATUS } from "../hci/codes.ts";
import { connectionComplete, type HciAddress } from "../hci/events.ts";
import type { ParameterReader } from "../hci/parameters.ts";
import type { ConnectionTable, HostLine } from "./connections.ts";
import type { CommandAnswer, CommandHandler } from "./handler.ts";
import { chosenParameters } from "./link-parameters.ts";

/** Connections a controller holds at once. */
const MAXIMUM_CONNECTIONS = 16;

const NOBODY: HciAddress = { octets: new Uint8Array(6), type: 0 };
const NO_PARAMETERS: LinkParameters = { interval: 0, latency: 0, timeout: 0 };

/** What opening connections needs. */
export interface InitiationOptions {
	readonly radio: VirtualRadio;
	readonly station: Station;
	readonly host: HostLine;
	readonly connections: ConnectionTable;
	/** The interval chosen at first where a host leaves a choice, units of 1.25 ms. */
	readonly preferredInterval: number;
}

/** The initiating state of a controller: one connection is being opened at a time. */
export class Initiation {
	/** The interval chosen for new connections where a host leaves a choice, units of 1.25 ms. */
	preferredInterval: number;
	readonly #options: InitiationOptions;
	#stop: (() => void) | undefined;

	constructor(options: InitiationOptions) {
		this.#options = options;
		this.preferredInterval = options.preferredInterval;
	}

	/** Forgets what was being opened. */
	reset(): void {
		this.#stop?.();
		this.#stop = undefined;
	}

	/** The commands that open a connection or give up. */
	commands(): readonly (readonly [number, CommandHandler])[] {
		return [
			[COMMAND.leCreateConnection, (parameters) => this.#create(parameters)],
			[COMMAND.leExtendedCreateConnection, (parameters) => this.#createExtended(parameters)],
			[COMMAND.leCreateConnectionCancel, () => this.#cancel()],
		];
	}

	#create(parameters: ParameterReader): CommandAnswer {
		parameters.bytes(4);
		if (parameters.u8() !== 0) return { status: STATUS.unsupportedParameter };
		const random = parameters.u8() === 1;
		const peer = DeviceAddress.of(parameters.bytes(6), random);
		parameters.u8();
		return this.#begin(peer, parameters);
	}

	#createExtended(parameters: ParameterReader): CommandAnswer {
		if (parameters.u8() !== 0) return { status: STATUS.unsupportedParameter };
		parameters.u8();
		const random = parameters.u8() === 1;
		const peer = DeviceAddress.of(parameters.bytes(6), random);
		if ((parameters.u8() & 1) === 0) return { status: STATUS.unsupportedParameter };
		parameters.bytes(4);
		return this.#begin(peer, parameters);
	}

	#begin(peer: DeviceAddress, fields: ParameterReader): CommandAnswer {
		const { connections } = this.#options;
		const parameters = chosenParameters(fields, this.preferredInterval);
		if (parameters === undefined) return { status: STATUS.invalidParameters };
		if (this.#stop !== undefined) return { status: STATUS.commandDisallowed };
		if (connections.size >= MAXIMUM_CONNECTIONS) return { status: STATUS.connectionLimit };
		return { status: STATUS.success, afterwards: () => this.#initiate(peer, parameters) };
	}

	#initiate(peer: DeviceAddress, parameters: LinkParameters): void {
		const { radio, station, connections } = this.#options;
		const connection = connections.create();
		this.#stop = radio.initiate({
			station,
			peer,
			parameters,
			capability: MAXIMUM_OCTETS,
			user: connection,
			connected: (link) => {
				this.#stop = undefined;
				connection.link = link;
				connections.add(connection);
				this.#complete(STATUS.success, connection.handle, peer, parameters);
			},
		});
	}

	#cancel(): CommandAnswer {
		if (this.#stop === undefined) return { complete: [STATUS.commandDisallowed] };
		this.reset();
		return {
			complete: [STATUS.success],
			afterwards: () => this.#complete(STATUS.unknownConnection, 0, NOBODY, NO_PARAMETERS),
		};
	}

	#complete(status: number, handle: number, peer: HciAddress, parameters: LinkParameters): void {
		const { host } = this.#options;
		const enhanced = host.wants(LE_EVENT.enhancedConnectionComplete);
		if (enhanced || host.wants(LE_EVENT.connectionComplete))
			host.send(connectionComplete(enhanced, status, handle, peer, parameters));
	}
}
