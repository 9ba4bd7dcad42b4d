import { ConnectionError } from "../errors.ts";
import type { SmpTransport, TransportListener } from "../transport/transport.ts";

/** A device: takes a packet and answers it, now or later. */
export type Device = (packet: Uint8Array, respond: (packet: Uint8Array) => void) => void;

/** What happens to a packet on the line. */
export type Fate = "pass" | "drop" | "twice";

/** Faults of the line. */
export interface LineFaults {
	/** Fate of the nth request (from 0). */
	request?(index: number): Fate;
	/** Fate of the nth response (from 0). */
	response?(index: number): Fate;
	/** Responses held back so that this many arrive in reverse order. */
	readonly reverse?: number;
	/** The line breaks when this many responses have arrived. */
	readonly breakAfter?: number;
}

/** A line in this process that can lose, double, reorder and break. */
export class MemoryTransport implements SmpTransport {
	readonly address = "memory:";
	readonly maxPacket = 65_535;
	readonly packetRate = undefined;
	/** Requests that were put on the line. */
	requests = 0;
	/** Most requests that were waiting for their response at one time. */
	mostUnderWay = 0;
	readonly #device: Device;
	readonly #faults: LineFaults;
	#underWay = 0;
	#responses = 0;
	#held: Uint8Array[] = [];
	#listener: TransportListener | undefined;
	#closed = false;

	/** A line to `device`. */
	constructor(device: Device, faults: LineFaults = {}) {
		this.#device = device;
		this.#faults = faults;
	}

	listen(listener: TransportListener): void {
		this.#listener = listener;
	}

	async send(packet: Uint8Array): Promise<void> {
		if (this.#closed) throw new ConnectionError("the line is closed");
		const fate = this.#faults.request?.(this.requests) ?? "pass";
		this.requests += 1;
		if (fate === "drop") return;
		this.#underWay += 1;
		this.mostUnderWay = Math.max(this.mostUnderWay, this.#underWay);
		for (let copies = fate === "twice" ? 2 : 1; copies > 0; copies--)
			this.#device(packet.slice(), (response) => this.#hold(response.slice()));
	}

	/** The other end is gone. */
	break(): void {
		if (this.#closed) return;
		this.#closed = true;
		setImmediate(() => this.#listener?.closed(new ConnectionError("the line broke")));
	}

	async close(): Promise<void> {
		if (this.#closed) return;
		this.#closed = true;
		setImmediate(() => this.#listener?.closed(undefined));
	}

	#hold(response: Uint8Array): void {
		this.#held.push(response);
		if (this.#held.length >= (this.#faults.reverse ?? 1)) this.#release();
		else setImmediate(() => this.#release());
	}

	#release(): void {
		for (const response of this.#held.splice(0).reverse()) setImmediate(() => this.#deliver(response));
	}

	#deliver(response: Uint8Array): void {
		if (this.#closed) return;
		this.#underWay -= 1;
		const fate = this.#faults.response?.(this.#responses) ?? "pass";
		this.#responses += 1;
		if (fate !== "drop") this.#listener?.packet(response);
		if (fate === "twice") this.#listener?.packet(response.slice());
		if (this.#responses === this.#faults.breakAfter) this.break();
	}
}
