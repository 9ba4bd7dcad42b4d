import type { RandomStream } from "../../world/random.ts";
import type { DeviceAddress } from "../air/address.ts";
import { MAXIMUM_OCTETS, type Phy } from "../air/airtime.ts";
import type { Advertisement, VirtualRadio } from "../air/radio.ts";
import type { Station } from "../air/station.ts";
import { GattDatabase, type ServiceDeclaration } from "../att/database.ts";
import { type GattServerHandlers, PeripheralConnection } from "./connection.ts";

/** What a peripheral is made of. */
export interface PeripheralOptions {
	readonly radio: VirtualRadio;
	readonly address: DeviceAddress;
	readonly services: readonly ServiceDeclaration[];
	readonly handlers: GattServerHandlers;
	/** Where it stands on a line, metres. */
	readonly position?: number | undefined;
	/** Its radio, where there is one already; otherwise it joins with one of its own. */
	readonly station?: Station | undefined;
	/** Largest ATT MTU, octets; 498 unless told. */
	readonly maximumMtu?: number | undefined;
	/** Longest data packet, octets; 251 unless told, 27 for a device without LE Data Length. */
	readonly dataLength?: number | undefined;
	/** The physical layer it asks for; 2 unless told. */
	readonly phy?: Phy | undefined;
	/** Clients at once; 1 unless told. It goes on advertising, connectable while there are fewer. */
	readonly maximumClients?: number | undefined;
}

/** A Bluetooth device with a GATT server on the virtual radio. */
export class VirtualPeripheral {
	readonly database: GattDatabase;
	/** Its radio: where it stands and what it loses. */
	readonly station: Station;
	readonly #options: PeripheralOptions;
	readonly #random: RandomStream;
	readonly #connections = new Set<PeripheralConnection>();
	#advertisement: Advertisement | undefined;
	#stop: (() => void) | undefined;
	/** Whether what is advertised now can be connected to. */
	#connectable = false;

	/** @throws SimulatorError for a UUID that is none */
	constructor(options: PeripheralOptions) {
		this.#options = options;
		this.database = new GattDatabase(options.services);
		this.#random = options.radio.world.random.stream(`pairing/${options.address.text}`);
		this.station = options.station ?? options.radio.join(options.address, options.position);
	}

	/** Clients connected now. */
	get connections(): readonly PeripheralConnection[] {
		return [...this.#connections];
	}

	/** Advertises from now on; undefined for no longer. It can be connected to whenever there is room for a client. */
	advertise(advertisement: Advertisement | undefined): void {
		this.#advertisement = advertisement;
		this.#stop?.();
		this.#stop = undefined;
		this.#resume();
	}

	/** Ends all connections and stops advertising. Idempotent. */
	close(): void {
		this.advertise(undefined);
		for (const connection of this.#connections) connection.disconnect();
	}

	/** Is heard no more, as when the power goes; its handlers still hear how the connections end. */
	vanish(): void {
		this.advertise(undefined);
		for (const connection of this.#connections) connection.vanish();
	}

	#resume(): void {
		const { radio, maximumClients = 1 } = this.#options;
		if (this.#advertisement === undefined) return;
		const connectable = this.#advertisement.connectable && this.#connections.size < maximumClients;
		if (this.#stop !== undefined && connectable === this.#connectable) return;
		this.#stop?.();
		this.#connectable = connectable;
		const { database, handlers } = { database: this.database, handlers: this.#options.handlers };
		let accepted: PeripheralConnection | undefined;
		this.#stop = radio.advertise(
			this.station,
			{ ...this.#advertisement, connectable },
			{
				capability: this.#options.dataLength ?? MAXIMUM_OCTETS,
				accept: (peer) => {
					this.#stop = undefined;
					const connection = new PeripheralConnection({
						peer,
						address: this.station.address,
						random: this.#random,
						database,
						handlers,
						maximumMtu: this.#options.maximumMtu ?? 498,
						ended: (ended) => {
							this.#connections.delete(ended);
							this.#resume();
						},
					});
					this.#connections.add(connection);
					accepted = connection;
					return connection;
				},
				connected: (link) => {
					accepted?.attach(link);
					const phy = this.#options.phy ?? 2;
					if (phy !== link.phy) link.setPhy(phy);
					if (accepted) handlers.connected?.(accepted);
					this.#resume();
				},
			},
		);
	}
}
