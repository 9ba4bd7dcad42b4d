import type { EventEmitter } from "node:events";
import process from "node:process";
import { ConnectionError } from "../../errors.ts";

/** A characteristic, as noble has it. */
export interface NobleCharacteristic extends EventEmitter {
	readonly uuid: string;
	subscribeAsync(): Promise<void>;
	/** Queues a write and returns; nothing says when it has been sent. */
	write(bytes: Buffer, withoutResponse: boolean): void;
}

/** A device somebody advertises, as noble has it. */
export interface NoblePeripheral extends EventEmitter {
	readonly id: string;
	/** Empty where the system keeps addresses to itself (macOS). */
	readonly address: string;
	/** Signal strength of what was heard last, dBm. */
	readonly rssi: number;
	/** What the other end said its MTU is, which need not be what was agreed on; null before. */
	readonly mtu: number | null;
	readonly connectable: boolean;
	readonly state: string;
	readonly advertisement: {
		readonly localName?: string | undefined;
		readonly manufacturerData?: Buffer | undefined;
	};
	connectAsync(options: object): Promise<void>;
	cancelConnect(): void;
	disconnectAsync(): Promise<void>;
	discoverSomeServicesAndCharacteristicsAsync(
		services: readonly string[],
		characteristics: readonly string[],
	): Promise<{ readonly characteristics: readonly NobleCharacteristic[] }>;
}

/** noble on one adapter. */
export interface Noble extends EventEmitter {
	/** Reading it starts the adapter. */
	readonly state: string;
	startScanningAsync(services: readonly string[], duplicates: boolean): Promise<void>;
	stopScanningAsync(): Promise<void>;
	stop(): void;
}

interface NobleModule {
	withBindings(kind: "default" | "hci", options?: object): Noble;
}

/** Rate of an HCI port. A pseudo-terminal has none; a real one is used as controllers come. */
const HCI_BAUD = 1_000_000;

/**
 * Loads noble and starts it, on the system's adapter or on an HCI port. Loaded here only, so that nothing of it is in
 * the way of those who use no Bluetooth.
 * @throws {ConnectionError} where it does not load on this computer
 */
export async function startNoble(hci: string | undefined): Promise<Noble> {
	let noble: Noble;
	try {
		// Its own types know neither `withBindings` nor the MTU.
		const module = (await import("@stoprocent/noble")) as unknown as { default: NobleModule };
		noble =
			hci === undefined
				? module.default.withBindings("default")
				: module.default.withBindings("hci", {
						hciDriver: "uart",
						bindParams: { uart: { port: hci, baudRate: HCI_BAUD }, usb: undefined },
					});
	} catch (error) {
		const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
		throw new ConnectionError(`Bluetooth cannot be used on this computer: ${reason}`, {
			hint: "Serial ports and the network work without it; docs/ble.md says what Bluetooth needs.",
			cause: error,
		});
	}
	keepingInterrupts(() => noble.state);
	return noble;
}

/** noble ends the process on Ctrl-C, in the middle of whatever it does: that is for the program to decide. */
function keepingInterrupts(start: () => unknown): void {
	const before = new Set(process.listeners("SIGINT"));
	start();
	for (const listener of process.listeners("SIGINT"))
		if (!before.has(listener)) process.off("SIGINT", listener as NodeJS.SignalsListener);
}
