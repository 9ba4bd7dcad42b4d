/** Buffers in media memory that are lent out one at a time. */
export interface LentBuffers {
	/** Bytes of each. */
	readonly size: number;
	/** Lends one: its offset. */
	take(): Promise<number>;
	/** Gives it back. */
	give(at: number): void;
}
