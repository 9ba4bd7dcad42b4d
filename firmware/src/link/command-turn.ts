/** Time without a request after which another client may command, µs. */
export const TURN_IDLE = 10_000_000;

/**
 * Whose turn it is to command the camera, where several clients are connected: that of the first that asks for
 * something, until it has gone or asks for nothing for a while.
 */
export class CommandTurn<Client extends object> {
	private readonly now: () => number;
	private holder: Client | undefined;
	private underWay = 0;
	private lastHeard = 0;

	/** @param now - time on the board's clock, µs */
	constructor(now: () => number) {
		this.now = now;
	}

	/** A client asks for something. False where another one commands; else `end` is to be called when it is answered. */
	begin(client: Client): boolean {
		const now = this.now();
		if (this.holder !== client) {
			const idle = this.underWay === 0 && now - this.lastHeard >= TURN_IDLE;
			if (this.holder !== undefined && !idle) return false;
			this.holder = client;
			this.underWay = 0;
		}
		this.lastHeard = now;
		this.underWay++;
		return true;
	}

	/** A request of the client was answered. */
	end(client: Client): void {
		if (this.holder !== client) return;
		this.underWay--;
		this.lastHeard = this.now();
	}

	/** Whether something that a client has asked for is still being done. */
	busyWith(client: Client): boolean {
		return this.holder === client && this.underWay > 0;
	}

	/** The client has gone. */
	leave(client: Client): void {
		if (this.holder !== client) return;
		this.holder = undefined;
		this.underWay = 0;
	}
}
