/** The board's end of a datagram link, as the port sees it. */
export interface DatagramReceiver {
	/** A datagram came in. The receiver copies it before it returns. @param peer - names its sender in `send` */
	received(bytes: Uint8Array, peer: number): void;
}

/** A datagram link that leads out of the simulated world. */
export interface DatagramPort {
	/** Sets who receives; called once, before anything else. */
	connect(receiver: DatagramReceiver): void;
	/** Sends a datagram; like any network it may lose it. The bytes are not kept. */
	send(bytes: Uint8Array, peer: number): void;
	/** Idempotent. */
	close(): void;
}
