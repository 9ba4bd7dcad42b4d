import type { World } from "@bodycam/simulator/world/world";

/** Lets virtual time pass while work goes on in promises: whoever waits for an answer acts in the instant it arrives. */
export class VirtualTime {
	readonly #world: World;
	#heard = false;

	constructor(world: World) {
		this.#world = world;
	}

	/** An answer has arrived: who waits for it gets its turn before time goes on. */
	heard(): void {
		this.#heard = true;
	}

	/** Lets virtual time pass until the work is done. */
	async while<T>(work: Promise<T>): Promise<T> {
		let over = false;
		const ended = work.finally(() => {
			over = true;
		});
		ended.catch(() => undefined);
		await turn();
		while (!over) {
			this.#heard = false;
			this.#world.advanceTo(this.#world.nextTime);
			if (this.#heard) await turn();
		}
		return ended;
	}
}

/** Lets everything that waits for promises go on. */
function turn(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}
