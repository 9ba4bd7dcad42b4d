/** Options of a serial port. Callbacks are never invoked inside a method. */
export interface SerialOptions {
	/** Which port, from 0. */
	readonly port: number;
	/** Bytes arrived in media memory; they are valid until `release`. */
	onReadable(at: number, length: number): void;
	/** The bytes of a `write` were taken. @param status - 0 ok, else a `Status` of the board records */
	onWritten(tag: number, status: number): void;
	/** Someone opened (true) or closed (false) the other end. */
	onCarrier?(open: boolean): void;
}

/** A serial port, in the pattern of ECMA-419 Serial. What is not released holds the sender back. */
export interface Serial {
	/** Gives received bytes back, in order of arrival. */
	release(at: number, length: number): void;
	/** Sends bytes from media memory; they must not change before `onWritten`. */
	write(at: number, length: number, tag: number): void;
	/** Idempotent; nothing is called afterwards. */
	close(): void;
}
