import type { BodycamError } from "../errors.ts";

/** What a transport tells its user. Nothing is called before `listen`, nor within `send` or `close`. */
export interface TransportListener {
	/** An SMP packet arrived; the bytes are the listener's to keep. */
	packet(packet: Uint8Array): void;
	/** The transport ended, once: without an error when it was closed from this side. */
	closed(error: BodycamError | undefined): void;
	/** Text that shares the line with the packets, by line. */
	text?(line: string): void;
}

/** A line to one camera that carries whole SMP packets. */
export interface SmpTransport {
	/** The address it leads to, as a user would write it. */
	readonly address: string;
	/** Largest packet it can carry, bytes. */
	readonly maxPacket: number;
	/** Bytes of SMP packets a second the line can carry; undefined where nothing is known. */
	readonly packetRate: number | undefined;
	/** Sets who is told. One listener; a later one replaces it. */
	listen(listener: TransportListener): void;
	/**
	 * Sends one packet.
	 * @returns when the line has taken it
	 * @throws {ConnectionError} when the transport is closed
	 */
	send(packet: Uint8Array): Promise<void>;
	/** Ends it; idempotent. */
	close(): Promise<void>;
}
