/** How long a packet is counted that nobody answers, ms. */
const FORGET_AFTER = 5000;

interface Sent {
	readonly bytes: number;
	readonly until: number;
}

/**
 * Back-pressure for writes that report nothing: at most so many bytes are under way until the other end shows by its
 * answers that it has taken some. A packet without an answer stops counting after a while.
 */
export class WriteWindow {
	readonly #limit: number;
	readonly #now: () => number;
	readonly #waiting: (() => void)[] = [];
	#sent: Sent[] = [];
	#bytes = 0;
	#timer: NodeJS.Timeout | undefined;

	/** @param limit - bytes under way at most; one packet may always be @param now - ms, monotonic */
	constructor(limit: number, now: () => number = () => performance.now()) {
		this.#limit = limit;
		this.#now = now;
	}

	/** Bytes under way. */
	get underWay(): number {
		return this.#bytes;
	}

	/** Counts a packet as under way, once there is room for it. */
	async take(bytes: number): Promise<void> {
		this.#forgetOld();
		while (this.#sent.length > 0 && this.#bytes + bytes > this.#limit) {
			const oldest = this.#sent[0]?.until ?? 0;
			this.#timer ??= setTimeout(() => this.#wake(), Math.max(1, oldest - this.#now()));
			await new Promise<void>((resolve) => this.#waiting.push(resolve));
			this.#forgetOld();
		}
		this.#sent.push({ bytes, until: this.#now() + FORGET_AFTER });
		this.#bytes += bytes;
	}

	/** The other end has answered: the oldest packet is no longer under way. */
	answered(): void {
		this.#bytes -= this.#sent.shift()?.bytes ?? 0;
		this.#wake();
	}

	/** Counts nothing any more and lets everybody go on. */
	clear(): void {
		this.#sent = [];
		this.#bytes = 0;
		this.#wake();
	}

	#forgetOld(): void {
		const now = this.#now();
		while (this.#sent[0] !== undefined && this.#sent[0].until <= now)
			this.#bytes -= this.#sent.shift()?.bytes ?? 0;
	}

	#wake(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		for (const resolve of this.#waiting.splice(0)) resolve();
	}
}
