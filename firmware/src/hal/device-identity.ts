/** Who this device is and what runs on it. */
export interface DeviceIdentity {
	/** Board model. */
	readonly board: string;
	/** Serial number, hexadecimal. */
	readonly serial: string;
	/** Engine and version. */
	readonly engine: string;
	/** Hash of the firmware artefact, hexadecimal, first 16 digits. */
	readonly build: string;
}
