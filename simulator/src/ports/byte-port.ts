/** The board's end of a serial line, as the port sees it. */
export interface ByteReceiver {
	/** Bytes came in. The receiver copies them before it returns. */
	received(bytes: Uint8Array): void;
	/** Someone opened the other end, or closed it. */
	carrier(open: boolean): void;
}

/** A serial line that leads out of the simulated world. */
export interface BytePort {
	/** Sets who receives; called once, before anything else. */
	connect(receiver: ByteReceiver): void;
	/** Sends bytes and calls back when all of them were taken, never inside this call. */
	write(bytes: Uint8Array, done: () => void): void;
	/** Stops or goes on reading, when the receiver has no room. */
	pause(paused: boolean): void;
	/** Idempotent. */
	close(): void;
}
