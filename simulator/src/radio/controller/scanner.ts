import type { Reception, VirtualRadio } from "../air/radio.ts";
import type { Station } from "../air/station.ts";
import { LE_EVENT } from "../hci/codes.ts";
import { advertisingReport, extendedAdvertisingReports, type Heard } from "../hci/events.ts";
import type { HostLine } from "./connections.ts";

/** How a host wants to scan. */
export interface ScanParameters {
	/** True where it asks for scan responses. */
	readonly active: boolean;
	/** Part of the time it listens, 0 to 1. */
	readonly duty: number;
}

/** The scanning state of a controller: what it hears becomes reports to the host. */
export class Scanner {
	readonly #radio: VirtualRadio;
	readonly #station: Station;
	readonly #host: HostLine;
	readonly #reported = new Set<string>();
	#parameters: ScanParameters = { active: false, duty: 1 };
	#stop: (() => void) | undefined;

	constructor(radio: VirtualRadio, station: Station, host: HostLine) {
		this.#radio = radio;
		this.#station = station;
		this.#host = host;
	}

	/** True while it listens. */
	get running(): boolean {
		return this.#stop !== undefined;
	}

	/** How to scan from the next start on. */
	configure(parameters: ScanParameters): void {
		this.#parameters = parameters;
	}

	/** Back to how it was made. */
	reset(): void {
		this.stop();
		this.#parameters = { active: false, duty: 1 };
	}

	/** @param once - true to report each advertiser once @param extended - true for reports in the extended form */
	start(once: boolean, extended: boolean): void {
		this.stop();
		this.#reported.clear();
		this.#stop = this.#radio.listen({
			station: this.#station,
			...this.#parameters,
			heard: (reception) => this.#heard(reception, once, extended),
		});
	}

	/** Idempotent. */
	stop(): void {
		this.#stop?.();
		this.#stop = undefined;
	}

	#heard(reception: Reception, once: boolean, extended: boolean): void {
		const { address, advertisement, response, rssi } = reception;
		// Extended advertisements are not heard by a controller that is asked for legacy ones.
		if (!advertisement.legacy && !extended) return;
		if (!this.#host.reads()) return;
		if (!this.#host.wants(extended ? LE_EVENT.extendedAdvertisingReport : LE_EVENT.advertisingReport)) return;
		const key = `${address.text}/${address.type}/${response}`;
		if (once && this.#reported.has(key)) return;
		this.#reported.add(key);
		const heard: Heard = {
			address,
			response,
			connectable: advertisement.connectable,
			scannable: advertisement.scannable,
			legacy: advertisement.legacy,
			data: response ? advertisement.response : advertisement.data,
			rssi,
		};
		if (!extended) this.#host.send(advertisingReport(heard));
		else for (const report of extendedAdvertisingReports(heard)) this.#host.send(report);
	}
}
