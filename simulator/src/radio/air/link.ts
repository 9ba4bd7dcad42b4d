import type { World } from "../../world/world.ts";
import { airtime, INTER_FRAME_SPACE, INTERVAL_UNIT, MINIMUM_OCTETS, type Phy } from "./airtime.ts";
import type { LinkEnd, LinkParameters, ParameterRequest } from "./link-end.ts";
import type { Reservation, Station } from "./station.ts";

/** Events until both ends change something at once (Bluetooth Core, Vol 6 Part B, section 5.5). */
const EVENTS_TO_INSTANT = 6;

/** HCI error codes a connection ends with. */
const CONNECTION_TIMEOUT = 0x08;
const LOCAL_HOST_TERMINATED = 0x16;
const KEY_MISSING = 0x06;
const MIC_FAILURE = 0x3d;

/** What both ends of a connection and the air between them are. */
export interface LinkSetting {
	readonly world: World;
	readonly stations: readonly [Station, Station];
	/** True when the next packet is lost. */
	readonly lost: () => boolean;
	/** Signal strength between the two radios now, dBm. */
	readonly strength: () => number;
	/** Packets in each direction an event has room for besides its time. */
	readonly packetsPerEvent: number;
	/** Called once when the connection is over. */
	readonly ended: () => void;
}

interface Change {
	readonly event: number;
	readonly apply: () => void;
}

/**
 * A connection between two radios in virtual time: connection events at its interval, in each of them packets to and
 * fro while either end has more, packets that are lost and sent again, and the supervision timeout.
 */
export class RadioLink implements Reservation {
	readonly central: LinkEnd;
	readonly peripheral: LinkEnd;
	nextAnchor: number;
	readonly #setting: LinkSetting;
	#parameters: LinkParameters;
	#phy: Phy = 1;
	#key: Uint8Array | undefined;
	#event = 0;
	#slept = 0;
	#packets = 0;
	#failures = 0;
	#eventEnd = 0;
	#lastHeard: number;
	#changes: Change[] = [];
	#terminating: { readonly by: LinkEnd; readonly reason: number } | undefined;
	#silent = false;
	#open = true;

	constructor(setting: LinkSetting, central: LinkEnd, peripheral: LinkEnd, parameters: LinkParameters) {
		this.#setting = setting;
		this.central = central;
		this.peripheral = peripheral;
		this.#parameters = parameters;
		const { world, stations } = setting;
		this.#lastHeard = world.now;
		this.nextAnchor = stations[0].freeAnchor(world.now, parameters.interval * INTERVAL_UNIT);
		for (const station of stations) station.reserve(this);
		this.#plan();
	}

	/** True until it is over. */
	get open(): boolean {
		return this.#open;
	}

	/** What it runs with now. */
	get parameters(): LinkParameters {
		return this.#parameters;
	}

	/** The physical layer, the same in both directions. */
	get phy(): Phy {
		return this.#phy;
	}

	/** True once packets are encrypted. */
	get encrypted(): boolean {
		return this.#key !== undefined;
	}

	/** Signal strength between the two ends now, dBm. */
	get strength(): number {
		return this.#setting.strength();
	}

	/** The other end. */
	other(end: LinkEnd): LinkEnd {
		return end === this.central ? this.peripheral : this.central;
	}

	/** Ends the connection properly: the other end hears of it, or notices by the timeout. */
	terminate(by: LinkEnd, reason: number): void {
		this.#terminating ??= { by, reason };
	}

	/** Has both ends hear nothing more of each other, as when a device loses its power. */
	silence(): void {
		this.#silent = true;
	}

	/** At the central: changes the parameters a few events from now. */
	setParameters(parameters: LinkParameters): void {
		this.#later(() => {
			this.#parameters = parameters;
			this.#both((end) => end.user.parametersChanged(parameters));
		});
	}

	/** At the peripheral: asks for parameters; the central changes them or does not. */
	requestParameters(request: ParameterRequest): void {
		this.#later(() => this.central.user.parametersRequested(request), 1);
	}

	/** Agrees with the other end on the longest packets both can do. @param octets - the most this end wants to send */
	negotiateDataLength(by: LinkEnd, octets: number): void {
		this.#later(() => {
			const other = this.other(by);
			const before = [by.transmitOctets, other.transmitOctets];
			const most = Math.min(by.capability, other.capability);
			by.transmitOctets = Math.max(MINIMUM_OCTETS, Math.min(octets, most));
			other.transmitOctets = most;
			if (before[0] === by.transmitOctets && before[1] === other.transmitOctets) return;
			by.user.dataLengthChanged(by.transmitOctets, other.transmitOctets);
			other.user.dataLengthChanged(other.transmitOctets, by.transmitOctets);
		}, 1);
	}

	/** Changes the physical layer a few events from now. */
	setPhy(phy: Phy): void {
		this.#later(() => {
			this.#phy = phy;
			this.#both((end) => end.user.phyChanged(phy));
		});
	}

	/**
	 * At the central: encrypts with a key that the peripheral has to have too. A key that differs ends the connection.
	 * @param refused - told, with an HCI error code, when the peripheral has no key
	 */
	encrypt(key: Uint8Array, refused: (status: number) => void): void {
		this.#later(() => {
			const theirs = this.peripheral.user.keyWanted();
			if (theirs === undefined) refused(KEY_MISSING);
			else if (Buffer.compare(theirs, key) !== 0) this.#finish(MIC_FAILURE, MIC_FAILURE);
			else {
				this.#key = key;
				this.#both((end) => end.user.encryptionStarted());
			}
		}, 1);
	}

	#both(tell: (end: LinkEnd) => void): void {
		tell(this.central);
		tell(this.peripheral);
	}

	#later(apply: () => void, events = EVENTS_TO_INSTANT): void {
		this.#changes.push({ event: this.#event + events, apply });
	}

	#after(delay: number, step: () => void): void {
		this.#setting.world.schedule(delay, () => {
			if (this.#open) step();
		});
	}

	#plan(): void {
		this.#after(this.nextAnchor - this.#setting.world.now, () => this.#beginEvent());
	}

	#beginEvent(): void {
		const { world, stations } = this.#setting;
		const now = world.now;
		this.#event += 1;
		if (now - this.#lastHeard >= this.#parameters.timeout * 10_000) {
			this.#finish(CONNECTION_TIMEOUT, CONNECTION_TIMEOUT);
			return;
		}
		const due = this.#changes.filter(({ event }) => event <= this.#event);
		this.#changes = this.#changes.filter(({ event }) => event > this.#event);
		for (const { apply } of due) if (this.#open) apply();
		if (!this.#open) return;
		this.nextAnchor = now + this.#parameters.interval * INTERVAL_UNIT;
		this.#plan();
		if (stations.some((station) => station.busyUntil > now) || this.#sleeps()) return;
		this.#packets = 0;
		this.#failures = 0;
		this.#eventEnd = Math.min(
			this.nextAnchor,
			...stations.map((station) => station.nextOther(this)).filter((anchor) => anchor > now),
		);
		this.#centralSends();
	}

	/** The peripheral need not listen in every event while it has nothing to say. */
	#sleeps(): boolean {
		const idle = !this.peripheral.waiting && this.#terminating === undefined;
		this.#slept = idle && this.#slept < this.#parameters.latency ? this.#slept + 1 : 0;
		return this.#slept > 0;
	}

	#time(octets: number): number {
		return airtime(octets, this.#phy, this.encrypted) + INTER_FRAME_SPACE;
	}

	#occupy(until: number): void {
		for (const station of this.#setting.stations) station.busyUntil = until;
	}

	#centralSends(): void {
		const { world, packetsPerEvent } = this.#setting;
		const there = this.#time(this.central.current?.payload.length ?? 0);
		const shortest = world.now + there + this.#time(0);
		const room = this.#packets < packetsPerEvent && shortest < this.#eventEnd;
		// Every event has one exchange at least, or a packet longer than the pause would never be sent.
		if (this.#packets > 0 && !room) return;
		this.#packets += 1;
		this.#occupy(shortest);
		this.#after(there, () => {
			if (this.#hears()) {
				this.peripheral.acknowledged();
				this.#deliver(this.central);
			}
			if (this.#open) this.#peripheralSends();
		});
	}

	/** What the peripheral has to send now may be longer than what is left of the event: then it only acknowledges. */
	#peripheralSends(): void {
		const { now } = this.#setting.world;
		const whole = this.#time(this.peripheral.current?.payload.length ?? 0);
		const fits = this.#packets === 1 || now + whole < this.#eventEnd;
		const back = fits ? whole : this.#time(0);
		this.#occupy(now + back);
		this.#after(back, () => this.#peripheralSent(fits));
	}

	#peripheralSent(withPacket: boolean): void {
		if (this.#hears()) {
			this.#lastHeard = this.#setting.world.now;
			this.central.acknowledged();
			if (withPacket) this.#deliver(this.peripheral);
			if (!this.#open || this.#terminated()) return;
		}
		// Two packets in a row that cannot be read end the event (Vol 6 Part B, section 4.5.6).
		if (this.#failures >= 2 || !withPacket) return;
		if (this.central.waiting || this.peripheral.waiting) this.#centralSends();
	}

	#hears(): boolean {
		const heard = !this.#silent && !this.#setting.lost();
		this.#failures = heard ? 0 : this.#failures + 1;
		return heard;
	}

	#deliver(from: LinkEnd): void {
		const packet = from.current;
		const { user } = this.other(from);
		if (packet === undefined || packet.delivered || user.receptive === false) return;
		packet.delivered = true;
		user.received(packet.payload, packet.start);
	}

	#terminated(): boolean {
		if (this.#terminating === undefined) return false;
		const { by, reason } = this.#terminating;
		const local = LOCAL_HOST_TERMINATED;
		this.#finish(by === this.central ? local : reason, by === this.central ? reason : local);
		return true;
	}

	#finish(centralReason: number, peripheralReason: number): void {
		this.#open = false;
		for (const station of this.#setting.stations) station.release(this);
		this.#both((end) => end.clear());
		this.#setting.ended();
		this.central.user.closed(centralReason);
		this.peripheral.user.closed(peripheralReason);
	}
}
