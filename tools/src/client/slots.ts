interface Waiter {
	resolve(): void;
	reject(reason: unknown): void;
}

/** A number of slots; who finds none free waits in line. */
export class Slots {
	#limit: number;
	#taken = 0;
	#waiting: Waiter[] = [];
	#failure: Error | undefined;

	/** @param limit - slots there are */
	constructor(limit: number) {
		this.#limit = limit;
	}

	/** Slots there are. */
	get limit(): number {
		return this.#limit;
	}

	/** Changes their number. */
	resize(limit: number): void {
		this.#limit = limit;
		this.#admit();
	}

	/** Takes a slot, waiting for one if need be. Rejects with the signal's reason, or with what `fail` was given. */
	take(signal?: AbortSignal): Promise<void> {
		if (this.#failure !== undefined) return Promise.reject(this.#failure);
		if (this.#taken < this.#limit) {
			this.#taken += 1;
			return Promise.resolve();
		}
		return new Promise((resolve, reject) => {
			const waiter: Waiter = {
				resolve: () => {
					signal?.removeEventListener("abort", onAbort);
					resolve();
				},
				reject: (reason) => {
					signal?.removeEventListener("abort", onAbort);
					reject(reason);
				},
			};
			const onAbort = (): void => {
				this.#waiting = this.#waiting.filter((other) => other !== waiter);
				waiter.reject(signal?.reason);
			};
			signal?.addEventListener("abort", onAbort);
			this.#waiting.push(waiter);
		});
	}

	/** Gives a slot back. */
	free(): void {
		this.#taken -= 1;
		this.#admit();
	}

	/** Rejects everyone in line, and whoever comes later. */
	fail(error: Error): void {
		this.#failure = error;
		for (const waiter of this.#waiting.splice(0)) waiter.reject(error);
	}

	#admit(): void {
		while (this.#taken < this.#limit) {
			const waiter = this.#waiting.shift();
			if (waiter === undefined) return;
			this.#taken += 1;
			waiter.resolve();
		}
	}
}
