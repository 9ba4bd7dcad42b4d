import type { DeviceAddress } from "./address.ts";

/** A connection as the radio of one of its ends plans it. */
export interface Reservation {
	/** When its next connection event begins, µs. */
	readonly nextAnchor: number;
}

/** One radio: where it stands, and when it is taken. It sends or receives one thing at a time. */
export class Station {
	readonly address: DeviceAddress;
	/** Where it stands on a line, metres. */
	position: number;
	/** Part of the packets to and from it that are lost whatever the distance, 0 to 1. */
	loss = 0;
	/** Until when it is taken by a connection event, µs. */
	busyUntil = 0;
	readonly #reservations = new Set<Reservation>();

	constructor(address: DeviceAddress, position: number) {
		this.address = address;
		this.position = position;
	}

	/** Connections it has. */
	get connections(): number {
		return this.#reservations.size;
	}

	/** Plans a connection. */
	reserve(link: Reservation): void {
		this.#reservations.add(link);
	}

	/** Forgets a connection. */
	release(link: Reservation): void {
		this.#reservations.delete(link);
	}

	/** When the next event of another connection begins, µs; Infinity without one. */
	nextOther(link: Reservation): number {
		let next = Infinity;
		for (const other of this.#reservations)
			if (other !== link && other.nextAnchor < next) next = other.nextAnchor;
		return next;
	}

	/**
	 * When a new connection's events should begin, µs: in the middle of the longest pause between those planned within
	 * an interval from `now`.
	 */
	freeAnchor(now: number, interval: number): number {
		const taken = [...this.#reservations].map(
			({ nextAnchor }) => (((nextAnchor - now) % interval) + interval) % interval,
		);
		taken.sort((a, b) => a - b);
		const first = taken[0];
		if (first === undefined) return now + interval;
		let best = 0;
		let longest = 0;
		taken.forEach((at, index) => {
			const pause = (taken[index + 1] ?? first + interval) - at;
			if (pause <= longest) return;
			longest = pause;
			best = at + Math.floor(pause / 2);
		});
		return now + interval + (best % interval);
	}
}
