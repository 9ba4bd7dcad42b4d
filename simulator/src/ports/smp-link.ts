import type { Command, RequestOf, ResponseOf } from "@bodycam/protocol/smp/command";
import { readHeader } from "@bodycam/protocol/smp/header";
import { decodeResponse, encodeRequest } from "@bodycam/protocol/smp/packet";

/** How long an answer may take, ms of virtual time. */
const PATIENCE = 10_000;

/** Step in which virtual time is moved while an answer is awaited, ms. */
const STEP = 1;

/** The camera answered a request with an error, or not at all. */
export class LinkError extends Error {
	/** @param command - name of the command */
	constructor(command: string, what: string) {
		super(`${command}: ${what}`);
		this.name = "LinkError";
	}
}

/** The other end of a link: packets to the camera, and from it. */
export interface PacketPort {
	/** Sends a packet to the camera. */
	transmit(packet: Uint8Array): void;
	/** Who gets what the camera sends. */
	listen(onPacket: (packet: Uint8Array) => void): void;
}

/** Asks a camera over a link in memory, in virtual time: synchronous, because time is ours. */
export class SmpLink {
	readonly #port: PacketPort;
	readonly #advance: (ms: number) => void;
	readonly #settle: () => void;
	readonly #answers = new Map<number, Uint8Array>();
	#sequence = 0;

	/** @param settle - waits until somebody listens at the other end; what is sent before that is lost */
	constructor(port: PacketPort, advance: (ms: number) => void, settle: () => void = () => undefined) {
		this.#port = port;
		this.#advance = advance;
		this.#settle = settle;
		port.listen((packet) => {
			const header = readHeader(packet);
			if (header) this.#answers.set(header.sequence, packet);
		});
	}

	/** Sends a packet as it is, and waits for nothing. */
	transmit(packet: Uint8Array): void {
		this.#port.transmit(packet);
	}

	/**
	 * Sends a request and moves time on until its answer is there.
	 * @throws LinkError when the camera answers with an error, or not within 10 s
	 */
	request<C extends Command>(command: C, request: RequestOf<C>): ResponseOf<C> {
		this.#settle();
		this.#sequence = (this.#sequence + 1) % 256;
		const sequence = this.#sequence;
		this.#answers.delete(sequence);
		this.#port.transmit(encodeRequest(command, request, sequence));
		for (let waited = 0; waited < PATIENCE; waited += STEP) {
			this.#advance(STEP);
			const packet = this.#answers.get(sequence);
			if (!packet) continue;
			const answer = decodeResponse(command, packet);
			if (answer.ok) return answer.response;
			throw new LinkError(command.name, `the camera answers ${JSON.stringify(answer.error)}`);
		}
		throw new LinkError(command.name, `no answer within ${PATIENCE} ms`);
	}
}
