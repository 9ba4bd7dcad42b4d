/** Options of a datagram link. Callbacks are never invoked inside a method. */
export interface DatagramLinkOptions {
	/** Which link, from 0. */
	readonly port: number;
	/** A datagram arrived in media memory; it is valid until `release`. @param peer - a handle of its sender */
	onDatagram(at: number, length: number, peer: number): void;
	/** The bytes of a `send` were taken. @param status - 0 ok, else a `Status` of the board records */
	onSent(tag: number, status: number): void;
}

/** A link that carries whole datagrams, UDP for instance. Delivery is not promised. */
export interface DatagramLink {
	/** Gives a received datagram back, in order of arrival. */
	release(at: number, length: number): void;
	/** Sends a datagram from media memory to a peer; the bytes must not change before `onSent`. */
	send(at: number, length: number, peer: number, tag: number): void;
	/** Idempotent; nothing is called afterwards. */
	close(): void;
}
