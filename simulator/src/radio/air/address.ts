import { SimulatorError } from "../../simulator-error.ts";

const PATTERN = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;

/** A Bluetooth device address. */
export class DeviceAddress {
	/** Lower case with colons, the highest octet first. */
	readonly text: string;
	/** True for a random address, false for a public one. */
	readonly random: boolean;

	/** @throws SimulatorError for text that is no address */
	constructor(text: string, random = true) {
		this.text = text.toLowerCase();
		this.random = random;
		if (!PATTERN.test(this.text))
			throw new SimulatorError(
				`${JSON.stringify(text)} is no Bluetooth address`,
				"Write six octets in hexadecimal with colons between them, as in c0:de:00:00:00:01.",
				2,
			);
	}

	/** Type as HCI counts it: 0 public, 1 random. */
	get type(): number {
		return this.random ? 1 : 0;
	}

	/** The six octets, the lowest first, as they go over the air. */
	get octets(): Uint8Array {
		return Uint8Array.from(this.text.split(":").reverse(), (octet) => Number.parseInt(octet, 16));
	}

	/** The address of six octets of which the lowest comes first. */
	static of(octets: Uint8Array, random: boolean): DeviceAddress {
		const text = Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).reverse();
		return new DeviceAddress(text.join(":"), random);
	}

	/** True for the same address of the same type. */
	equals(other: DeviceAddress): boolean {
		return this.text === other.text && this.random === other.random;
	}
}
