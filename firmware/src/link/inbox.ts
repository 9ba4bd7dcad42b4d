/** A received range of media memory that waits to be handled. */
export interface ReceivedRange {
	/** Offset of the first byte that is not handled yet. */
	at: number;
	/** Bytes not handled yet. */
	length: number;
	/** What was received, to be given back: offset. */
	readonly releaseAt: number;
	/** What was received, to be given back: bytes. */
	readonly releaseLength: number;
	/** Who sent it; 0 on a serial line. */
	readonly peer: number;
}

/**
 * Received ranges in order of arrival. What waits here is not given back to the port, so that a sender who is too
 * fast is held back instead of filling the camera's memory.
 */
export class Inbox {
	private readonly waiting: ReceivedRange[] = [];

	/** The oldest one. */
	get first(): ReceivedRange | undefined {
		return this.waiting[0];
	}

	/** Adds what was received. */
	add(at: number, length: number, peer = 0): void {
		this.waiting.push({ at, length, releaseAt: at, releaseLength: length, peer });
	}

	/** Removes the oldest one. */
	removeFirst(): void {
		this.waiting.shift();
	}
}
