import { readHeader } from "@bodycam/protocol/smp/header";

/** Sequence numbers an SMP header can hold. */
const SEQUENCES = 256;

/** A request that has been sent and not been answered. */
export interface PendingRequest {
	readonly group: number;
	readonly id: number;
	/** Responses to requests sent after it that have arrived since it was last sent. */
	overtaken: number;
	/** Counts up with each sending, over all requests. */
	order: number;
	/** A response with its sequence, group and command arrived. */
	answered(packet: Uint8Array): void;
	/** So many later requests were answered that its answer must be lost. */
	presumedLost(): void;
}

/**
 * The requests under way by sequence number. Numbers go round, so that a response that comes after its request was
 * given up meets no new request of the same number; a response that nobody waits for is ignored.
 */
export class PendingRequests {
	readonly #bySequence = new Map<number, PendingRequest>();
	#next: number;
	#order = 0;

	/** @param first - the first sequence number; a random one keeps answers to an earlier program apart */
	constructor(first: number) {
		this.#next = first % SEQUENCES;
	}

	/** Requests under way. */
	get size(): number {
		return this.#bySequence.size;
	}

	/**
	 * Adds a request.
	 * @returns its sequence number
	 * @throws {RangeError} when all numbers are taken
	 */
	add(request: PendingRequest): number {
		for (let tries = 0; tries < SEQUENCES; tries++) {
			const sequence = this.#next;
			this.#next = (this.#next + 1) % SEQUENCES;
			if (this.#bySequence.has(sequence)) continue;
			this.#bySequence.set(sequence, request);
			return sequence;
		}
		throw new RangeError("256 SMP requests are under way");
	}

	/** Notes that a request was sent, again or for the first time. */
	sent(request: PendingRequest): void {
		this.#order += 1;
		request.order = this.#order;
		request.overtaken = 0;
	}

	/** Forgets a request. */
	remove(sequence: number): void {
		this.#bySequence.delete(sequence);
	}

	/**
	 * Hands a response to its request.
	 * @param tolerance - answers to later requests after which an earlier one is presumed lost
	 */
	dispatch(packet: Uint8Array, tolerance: number): void {
		const header = readHeader(packet);
		if (header === undefined) return;
		const request = this.#bySequence.get(header.sequence);
		const isResponse = header.operation === 1 || header.operation === 3;
		if (request === undefined || !isResponse || request.group !== header.group || request.id !== header.id)
			return;
		this.#bySequence.delete(header.sequence);
		request.answered(packet);
		for (const other of this.#bySequence.values()) {
			if (other.order >= request.order) continue;
			other.overtaken += 1;
			if (other.overtaken === tolerance) other.presumedLost();
		}
	}
}
