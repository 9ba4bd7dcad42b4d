import type { GattConnection, GattParameters } from "../hal/gatt-server.ts";

/** Time without a request after which a connection counts as idle, µs. */
export const IDLE_AFTER = 5_000_000;

/**
 * Parameters while a client asks for something: the shortest interval that every central grants, 15 ms, and no event
 * left out.
 */
export const TRANSFER_PARAMETERS: GattParameters = {
	minimumInterval: 15_000,
	maximumInterval: 15_000,
	latency: 0,
	supervisionTimeout: 4000,
};

/** Parameters while nobody asks for anything: the radio sleeps, and a request is heard within half a second. */
export const IDLE_PARAMETERS: GattParameters = {
	minimumInterval: 90_000,
	maximumInterval: 150_000,
	latency: 2,
	supervisionTimeout: 6000,
};

/** What a connection is used for, and the parameters that it is given for that: each is asked for once. */
export class ConnectionUse {
	private readonly connection: GattConnection;
	private asked: GattParameters | undefined;
	private lastUsed: number;

	/** @param now - time on the board's clock, µs */
	constructor(connection: GattConnection, now: number) {
		this.connection = connection;
		this.lastUsed = now;
	}

	/** A request came. */
	used(now: number): void {
		this.lastUsed = now;
		this.ask(TRANSFER_PARAMETERS);
	}

	/** Time has passed: lets a connection that is idle sleep. Returns when that is to be looked at again, µs; 0 for never. */
	look(now: number): number {
		if (now - this.lastUsed < IDLE_AFTER) return this.lastUsed + IDLE_AFTER;
		this.ask(IDLE_PARAMETERS);
		return 0;
	}

	private ask(parameters: GattParameters): void {
		if (this.asked === parameters) return;
		this.asked = parameters;
		this.connection.requestParameters(parameters);
	}
}
