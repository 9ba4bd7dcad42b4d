/**
 * Turns raw edges into edges that lasted: a level counts once it stayed for the debounce time, with the time
 * of the first edge that led to it. Pure: time comes with the calls. Nothing is allocated.
 */
export class Debounce {
	/** The level that counts. */
	pressed = false;
	/** Time of the edge into that level, µs. */
	since = 0;
	private readonly time: number;
	private raw = false;
	private firstEdge = 0;
	private lastEdge = 0;
	private settling = false;

	/** @param time - how long a level has to stay, µs */
	constructor(time: number) {
		this.time = time;
	}

	/** When `settle` has something to say, µs; infinite when it has not. */
	get due(): number {
		return this.settling ? this.lastEdge + this.time : Number.POSITIVE_INFINITY;
	}

	/** A raw edge at `time`, µs. */
	edge(pressed: boolean, time: number): void {
		if (pressed === this.raw) return;
		this.raw = pressed;
		if (!this.settling) this.firstEdge = time;
		this.settling = true;
		this.lastEdge = time;
	}

	/** Time has passed. @returns true when the level that counts has changed */
	settle(now: number): boolean {
		if (now < this.due) return false;
		this.settling = false;
		if (this.raw === this.pressed) return false;
		this.pressed = this.raw;
		this.since = this.firstEdge;
		return true;
	}
}
