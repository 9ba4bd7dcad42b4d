/** Options of the battery gauge. Callbacks are never invoked inside a method. */
export interface BatteryOptions {
	/** A new reading is there: after boot and on every change. */
	onReadable(): void;
}

/** One reading of the battery gauge. */
export interface BatteryReading {
	/** Charge in percent. */
	readonly percent: number;
	/** Voltage in mV. */
	readonly millivolt: number;
	/** Whether it is being charged. */
	readonly charging: boolean;
	/** Minutes of recording left, as the gauge estimates. */
	readonly minutesLeft: number;
}

/** The battery gauge, in the pattern of an ECMA-419 sensor. */
export interface Battery {
	/** The last reading; undefined before the first. */
	read(): BatteryReading | undefined;
	/** Idempotent; nothing is called afterwards. */
	close(): void;
}
