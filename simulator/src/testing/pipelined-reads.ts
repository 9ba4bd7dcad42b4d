import { READ_MAX, recordingsRead } from "@bodycam/protocol/camera/recordings";
import { decodeResponse, encodeRequest } from "@bodycam/protocol/smp/packet";
import type { PacketPort } from "../ports/smp-link.ts";

/** Requests that are under way at once. */
const WINDOW = 4;

/** Reads a recording again and again, several requests at a time, as fast as its answers come. */
export class PipelinedReads {
	/** Bytes that have come. */
	bytes = 0;
	readonly #port: PacketPort;
	readonly #number: number;
	#off = 0;
	#sequence = 0;

	/** Begins at once. @param number - the recording */
	constructor(port: PacketPort, number: number) {
		this.#port = port;
		this.#number = number;
		port.listen((packet) => this.#answered(packet));
		for (let index = 0; index < WINDOW; index++) this.#ask();
	}

	#ask(): void {
		this.#sequence = (this.#sequence + 1) % 256;
		const request = { number: this.#number, off: this.#off, len: READ_MAX };
		this.#off += READ_MAX;
		this.#port.transmit(encodeRequest(recordingsRead, request, this.#sequence));
	}

	#answered(packet: Uint8Array): void {
		const answer = decodeResponse(recordingsRead, packet);
		if (!answer.ok) throw new Error(`the camera answers ${JSON.stringify(answer.error)}`);
		const { data } = answer.response;
		this.bytes += data.length;
		if (data.length === 0) this.#off = 0;
		this.#ask();
	}
}
