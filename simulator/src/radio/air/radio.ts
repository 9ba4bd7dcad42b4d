import type { RandomStream } from "../../world/random.ts";
import type { World } from "../../world/world.ts";
import type { DeviceAddress } from "./address.ts";
import { RadioLink } from "./link.ts";
import { LinkEnd, type LinkParameters, type LinkUser } from "./link-end.ts";
import { SENSITIVITY, signalStrength, weaknessLoss } from "./signal.ts";
import { Station } from "./station.ts";

/** Longest random delay added to an advertising interval, µs (Bluetooth Core, Vol 6 Part B, section 4.4.2.2). */
const ADVERTISING_DELAY = 10_000;

/** How much a signal strength differs from one packet to the next, dB to either side. */
const FADING = 3;

/** What a device says without being connected. */
export interface Advertisement {
	readonly connectable: boolean;
	/** True where it answers a scan request with `response`. */
	readonly scannable: boolean;
	/** True for legacy advertising, with at most 31 octets each. */
	readonly legacy: boolean;
	readonly data: Uint8Array;
	readonly response: Uint8Array;
	/** Advertising interval, µs. */
	readonly interval: number;
}

/** An advertiser as one packet of it was heard. */
export interface Reception {
	readonly address: DeviceAddress;
	readonly advertisement: Advertisement;
	/** True for the answer to a scan request. */
	readonly response: boolean;
	/** Signal strength, dBm. */
	readonly rssi: number;
}

/** Who listens for advertisements. */
export interface Listener {
	readonly station: Station;
	/** True where it asks for scan responses. */
	readonly active: boolean;
	/** Part of the time it listens, 0 to 1. */
	readonly duty: number;
	/** Called for every packet heard. */
	heard(reception: Reception): void;
}

/** The peripheral's side of an advertisement that can be connected to. */
export interface Acceptor {
	/** Longest packet it can do, octets. */
	readonly capability: number;
	/** Somebody connects: who stands at this end from now on. */
	accept(peer: DeviceAddress): LinkUser;
	/** The connection is made. Advertising has ended with it. */
	connected(link: RadioLink): void;
}

/** Who wants a connection to an advertiser. */
export interface Initiator {
	readonly station: Station;
	readonly peer: DeviceAddress;
	readonly parameters: LinkParameters;
	readonly capability: number;
	readonly user: LinkUser;
	/** The connection is made; nothing further is tried. */
	connected(link: RadioLink): void;
}

/** What can be set of the air everybody shares. */
export interface RadioOptions {
	/** Packets in each direction a connection event has room for besides its time. */
	readonly packetsPerEvent?: number | undefined;
}

/** One virtual radio: everything on the air, in virtual time, its losses by the world's seed. */
export class VirtualRadio {
	/** Part of all packets that is lost, 0 to 1. */
	loss = 0;
	/** Packets in each direction an event of a new connection has room for besides its time. */
	packetsPerEvent: number;
	readonly world: World;
	readonly #random: RandomStream;
	readonly #listeners = new Set<Listener>();
	readonly #initiators = new Set<Initiator>();
	readonly #links = new Set<RadioLink>();

	constructor(world: World, options: RadioOptions = {}) {
		this.world = world;
		this.#random = world.random.stream("radio");
		this.packetsPerEvent = options.packetsPerEvent ?? Infinity;
	}

	/** Connections there are. */
	get links(): number {
		return this.#links.size;
	}

	/** A radio that takes part. @param position - where it stands on a line, metres */
	join(address: DeviceAddress, position = 0): Station {
		return new Station(address, position);
	}

	/** Signal strength between two radios now, dBm, with fading. */
	strength(from: Station, to: Station): number {
		const fading = this.#random.below(2 * FADING + 1) - FADING;
		return Math.round(signalStrength(Math.abs(from.position - to.position))) + fading;
	}

	/** Advertises until somebody connects or the returned function is called. */
	advertise(station: Station, advertisement: Advertisement, acceptor: Acceptor): () => void {
		const era = { over: false };
		const again = () => {
			this.#advertiseOnce(station, advertisement, acceptor, era);
			const delay = advertisement.interval + this.#random.below(ADVERTISING_DELAY);
			if (!era.over) this.world.schedule(delay, again, 0, era);
		};
		this.world.schedule(this.#random.below(ADVERTISING_DELAY), again, 0, era);
		return () => {
			era.over = true;
		};
	}

	/** Listens until the returned function is called. */
	listen(listener: Listener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Tries to connect until it has or the returned function is called. */
	initiate(initiator: Initiator): () => void {
		this.#initiators.add(initiator);
		return () => this.#initiators.delete(initiator);
	}

	#advertiseOnce(
		station: Station,
		advertisement: Advertisement,
		acceptor: Acceptor,
		era: { over: boolean },
	): void {
		const { address } = station;
		for (const listener of [...this.#listeners]) {
			if (this.#random.u32() / 2 ** 32 >= listener.duty || this.#loses(station, listener.station)) continue;
			const rssi = this.strength(station, listener.station);
			if (rssi < SENSITIVITY) continue;
			listener.heard({ address, advertisement, response: false, rssi });
			if (!listener.active || !advertisement.scannable || this.#loses(station, listener.station)) continue;
			listener.heard({ address, advertisement, response: true, rssi });
		}
		if (!advertisement.connectable) return;
		for (const initiator of this.#initiators) {
			if (!initiator.peer.equals(address) || this.#loses(station, initiator.station)) continue;
			era.over = true;
			this.#initiators.delete(initiator);
			this.#connect(station, acceptor, initiator);
			return;
		}
	}

	#connect(station: Station, acceptor: Acceptor, initiator: Initiator): void {
		const link: RadioLink = new RadioLink(
			{
				world: this.world,
				stations: [initiator.station, station],
				lost: () => this.#loses(station, initiator.station),
				strength: () => this.strength(station, initiator.station),
				packetsPerEvent: this.packetsPerEvent,
				ended: () => this.#links.delete(link),
			},
			new LinkEnd(initiator.user, initiator.capability),
			new LinkEnd(acceptor.accept(initiator.station.address), acceptor.capability),
			initiator.parameters,
		);
		this.#links.add(link);
		initiator.connected(link);
		acceptor.connected(link);
	}

	#loses(one: Station, other: Station): boolean {
		const weak = weaknessLoss(signalStrength(Math.abs(one.position - other.position)));
		const arrives = (1 - this.loss) * (1 - one.loss) * (1 - other.loss) * (1 - weak);
		return this.#random.u32() / 2 ** 32 >= arrives;
	}
}
