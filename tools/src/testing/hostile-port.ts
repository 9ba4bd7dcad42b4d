import type { BytePort, ByteReceiver } from "@bodycam/simulator/ports/byte-port";
import type { RandomStream } from "@bodycam/simulator/world/random";

/** H4 indicators of packets that a controller sends. */
const ACL = 2;
const EVENT = 4;

/** Which direction is tampered with. */
export type TamperedDirection = "to the host" | "to the controller";

/** How a line is tampered with. */
export interface Tampering {
	readonly direction: TamperedDirection;
	/** One packet of so many. */
	readonly oneOf: number;
	readonly random: RandomStream;
}

/**
 * A line between a host and a controller on which packets are tampered with: changed within their frames (as a hostile
 * camera or program does), made up, cut, doubled, left out, or replaced by noise.
 */
export class HostilePort implements BytePort {
	/** Packets that were tampered with. */
	tampered = 0;
	/** False leaves everything alone. */
	on = true;
	readonly #port: BytePort;
	readonly #tampering: Tampering;

	constructor(port: BytePort, tampering: Tampering) {
		this.#port = port;
		this.#tampering = tampering;
	}

	connect(receiver: ByteReceiver): void {
		this.#port.connect({
			received: (bytes) => {
				for (const piece of this.#pass("to the controller", bytes)) receiver.received(piece);
			},
			carrier: (open) => receiver.carrier(open),
		});
	}

	write(bytes: Uint8Array, done: () => void): void {
		const pieces = this.#pass("to the host", bytes);
		if (pieces.length === 0) setImmediate(done);
		pieces.forEach((piece, index) => {
			this.#port.write(piece, index === pieces.length - 1 ? done : () => undefined);
		});
	}

	pause(paused: boolean): void {
		this.#port.pause(paused);
	}

	close(): void {
		this.#port.close();
	}

	#pass(direction: TamperedDirection, bytes: Uint8Array): Uint8Array[] {
		const { direction: meant, oneOf, random } = this.#tampering;
		if (!this.on || direction !== meant || random.below(oneOf) !== 0) return [bytes];
		this.tampered += 1;
		switch (random.below(8)) {
			case 0:
				return [];
			case 1:
				return [bytes, bytes.slice()];
			case 2:
				return [bytes.slice(0, random.below(bytes.length + 1))];
			case 3:
				return [this.#noise(random.below(40))];
			case 4:
				return [bytes, this.#madeUpEvent()];
			case 5:
				return [bytes, this.#madeUpData()];
			default:
				return [this.#changed(bytes)];
		}
	}

	/** Some octets changed, but for the length fields that keep the stream in step. */
	#changed(bytes: Uint8Array): Uint8Array {
		const { random } = this.#tampering;
		const copy = bytes.slice();
		const body = copy[0] === ACL ? 5 : 3;
		for (let times = 1 + random.below(4); times > 0 && copy.length > body; times--)
			copy[body + random.below(copy.length - body)] = random.below(256);
		return copy;
	}

	#noise(length: number): Uint8Array {
		const noise = new Uint8Array(length);
		this.#tampering.random.fill(noise);
		return noise;
	}

	#madeUpEvent(): Uint8Array {
		const { random } = this.#tampering;
		const codes = [0x05, 0x08, 0x0e, 0x0f, 0x13, 0x3e, random.below(256)];
		const body = this.#noise(random.below(40));
		return Uint8Array.of(EVENT, codes[random.below(codes.length)] ?? 0, body.length, ...body);
	}

	/** An L2CAP frame with an ATT, signalling or security PDU that may be anything, on the first connection. */
	#madeUpData(): Uint8Array {
		const { random } = this.#tampering;
		const body = this.#noise(random.below(30));
		const opcodes = [0x01, 0x03, 0x09, 0x0b, 0x11, 0x13, 0x1b, 0x1d, random.below(256)];
		if (body.length > 0) body[0] = opcodes[random.below(opcodes.length)] ?? 0;
		const says = random.below(4) === 0 ? random.below(700) : body.length;
		const frame = [says & 0xff, says >> 8, 4 + random.below(3), 0, ...body];
		const begins = random.below(5) === 0 ? 0x10 : 0x20;
		return Uint8Array.of(ACL, 1 + random.below(2), begins, frame.length & 0xff, frame.length >> 8, ...frame);
	}
}
