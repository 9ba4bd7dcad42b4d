import type { BytePort } from "../../ports/byte-port.ts";
import { DeviceAddress } from "../air/address.ts";
import type { VirtualRadio } from "../air/radio.ts";
import type { Station } from "../air/station.ts";
import { COMMAND, EVENT, STATUS } from "../hci/codes.ts";
import { commandComplete, commandStatus, event } from "../hci/events.ts";
import { H4Reader, type HostPacket, hostPacketOctets } from "../hci/h4-reader.ts";
import { ParameterReader, TruncatedParametersError } from "../hci/parameters.ts";
import { connectionCommands } from "./connection-commands.ts";
import { ACL_LENGTH, ConnectionTable, type HostLine } from "./connections.ts";
import type { CommandHandler } from "./handler.ts";
import { informationCommands } from "./information-commands.ts";
import { Initiation } from "./initiation.ts";
import { scanCommands } from "./scan-commands.ts";
import { Scanner } from "./scanner.ts";

/** LE events a host hears of before it says which (Bluetooth Core, Vol 4 Part E, section 7.8.1). */
const DEFAULT_LE_EVENTS = 0x1fn;

/** Pause after which a packet that is not whole is forgotten, µs: whoever began it has gone. */
const STALE_AFTER = 2_000_000;

/** Octets the host has not read: beyond them it hears of no more advertisers, and its links are held back. */
const UNREAD_LIMIT = 16 * 1024;

/** Hardware error code for a stream that made no sense; the codes are the vendor's. */
const LOST_SYNCHRONISATION = 0x01;

/** What a controller is made of. */
export interface ControllerOptions {
	readonly radio: VirtualRadio;
	/** Public address, `00:00:00:00:00:aa` unless told. */
	readonly address?: string | undefined;
	/** True for a controller that knows extended advertising. */
	readonly extended?: boolean | undefined;
	/** The interval it chooses where a host leaves it a choice, units of 1.25 ms; 12 (15 ms) unless told. */
	readonly preferredInterval?: number | undefined;
	/** Where it stands on a line, metres. */
	readonly position?: number | undefined;
	/** Sees every packet with its H4 indicator, as for a snoop log. */
	readonly snoop?: ((packet: Uint8Array, toHost: boolean) => void) | undefined;
}

/**
 * A virtual Bluetooth LE controller for one host on an H4 line: scans, connects and carries data over the virtual
 * radio. It says nothing before the first HCI Reset.
 */
export class VirtualController {
	/** Its radio: where it stands and what it loses. */
	readonly station: Station;
	readonly #port: BytePort;
	readonly #snoop: ControllerOptions["snoop"];
	readonly #radio: VirtualRadio;
	readonly #reader: H4Reader;
	readonly #connections: ConnectionTable;
	readonly #scanner: Scanner;
	readonly #initiation: Initiation;
	readonly #handlers: ReadonlyMap<number, CommandHandler>;
	#leEvents = DEFAULT_LE_EVENTS;
	#awake = false;
	#unread = 0;
	#heardAt = 0;

	/** @param port - leads to the host; the controller closes it @throws SimulatorError for an address that is none */
	constructor(port: BytePort, options: ControllerOptions) {
		this.#port = port;
		this.#snoop = options.snoop;
		this.#radio = options.radio;
		const address = new DeviceAddress(options.address ?? "00:00:00:00:00:aa", false);
		this.station = options.radio.join(address, options.position);
		const host: HostLine = {
			send: (packet) => this.#send(packet),
			wants: (subevent) => ((this.#leEvents >> BigInt(subevent - 1)) & 1n) === 1n,
			reads: () => this.#unread < UNREAD_LIMIT,
		};
		this.#connections = new ConnectionTable(host);
		this.#scanner = new Scanner(options.radio, this.station, host);
		this.#initiation = new Initiation({
			radio: options.radio,
			station: this.station,
			host,
			connections: this.#connections,
			preferredInterval: options.preferredInterval ?? 12,
		});
		this.#handlers = new Map([
			[COMMAND.reset, () => this.#reset()],
			[COMMAND.leSetEventMask, (parameters: ParameterReader) => this.#setLeEvents(parameters)],
			...informationCommands(address, options.extended ?? false),
			...scanCommands(this.#scanner),
			...this.#initiation.commands(),
			...connectionCommands(this.#connections),
		]);
		this.#reader = new H4Reader(
			{
				packet: (packet) => this.#packet(packet),
				lost: () => this.#send(event(EVENT.hardwareError, LOST_SYNCHRONISATION)),
			},
			ACL_LENGTH,
		);
		port.connect({
			received: (bytes) => {
				const copy = bytes.slice();
				this.#radio.world.inject(() => this.#received(copy));
			},
			carrier: (open) => {
				// A host that went away comes back with a Reset, if at all.
				if (!open) this.#radio.world.inject(() => this.#leave());
			},
		});
	}

	/** The interval it chooses for new connections where a host leaves it a choice, units of 1.25 ms. */
	get preferredInterval(): number {
		return this.#initiation.preferredInterval;
	}

	set preferredInterval(interval: number) {
		this.#initiation.preferredInterval = interval;
	}

	/** Leaves the air: its connections end by their timeouts. Idempotent. */
	close(): void {
		this.#leave();
		this.#port.close();
	}

	#received(bytes: Uint8Array): void {
		const { now } = this.#radio.world;
		if (now - this.#heardAt > STALE_AFTER) this.#reader.clear();
		this.#heardAt = now;
		this.#reader.push(bytes);
	}

	#leave(): void {
		this.#reset();
		this.#awake = false;
	}

	#send(packet: Uint8Array): void {
		if (!this.#awake) return;
		this.#snoop?.(packet, true);
		this.#unread += packet.length;
		this.#port.write(packet, () => {
			this.#unread -= packet.length;
		});
	}

	#packet(packet: HostPacket): void {
		this.#snoop?.(hostPacketOctets(packet), false);
		if (packet.kind === "acl") {
			if (this.#awake) this.#connections.data(packet.handle, packet.data, !packet.continuing);
			return;
		}
		const { opcode } = packet;
		if (opcode === COMMAND.reset) this.#awake = true;
		// Opcode 0 only asks for leave to send more.
		if (!this.#awake || opcode === 0) return;
		const handler = this.#handlers.get(opcode);
		if (handler === undefined) {
			this.#send(commandComplete(opcode, STATUS.unknownCommand));
			return;
		}
		try {
			const answer = handler(new ParameterReader(packet.parameters));
			if ("status" in answer) this.#send(commandStatus(opcode, answer.status));
			else this.#send(commandComplete(opcode, ...answer.complete));
			if (answer.afterwards) answer.afterwards();
		} catch (error) {
			if (!(error instanceof TruncatedParametersError)) throw error;
			this.#send(commandComplete(opcode, STATUS.invalidParameters));
		}
	}

	#reset(): { complete: number[] } {
		this.#scanner.reset();
		this.#initiation.reset();
		this.#connections.reset();
		this.#leEvents = DEFAULT_LE_EVENTS;
		return { complete: [STATUS.success] };
	}

	#setLeEvents(parameters: ParameterReader): { complete: number[] } {
		this.#leEvents = new DataView(parameters.bytes(8).buffer).getBigUint64(0, true);
		return { complete: [STATUS.success] };
	}
}
