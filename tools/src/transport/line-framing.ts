import { ConsoleDecoder, encodeConsole, LINE_MAX } from "@bodycam/protocol/smp/console-framing";
import { Operation, readHeader } from "@bodycam/protocol/smp/header";
import { osParameters } from "@bodycam/protocol/smp/os";
import { encodeRequest } from "@bodycam/protocol/smp/packet";
import { encodeRaw, RawDecoder } from "@bodycam/protocol/smp/raw-framing";

/** How packets are put on a serial line. */
export type LineFraming = "console" | "raw";

/** Largest packet the length field of console framing can say: 65,535 less the checksum. */
export const LINE_PACKET_MAX = 65_533;

/** Packet bytes in a byte on the line: a line of 127 carries 93 in console framing, a frame of some 4,117 carries 4,096. */
const EFFICIENCY: Readonly<Record<LineFraming, number>> = { console: 93 / LINE_MAX, raw: 4096 / 4117 };

/** Bits on the line for a byte: 8N1. */
const BITS_PER_BYTE = 10;

/** Time a camera has for its answer to the probe, ms, besides what the line needs. */
const PROBE_TIME = 300;

/** Sequence numbers of the two halves of the probe. */
const PROBE_RAW = 0xa5;
const PROBE_CONSOLE = 0x5a;

/** Bytes of SMP packets a second that a line of that many baud carries. */
export function packetRate(baudRate: number, framing: LineFraming): number {
	return (baudRate / BITS_PER_BYTE) * EFFICIENCY[framing];
}

/** What a `LineCodec` is connected to. */
export interface LineCodecOptions {
	/** Sends bytes. */
	readonly write: (bytes: Uint8Array) => void;
	/** A packet arrived. */
	readonly onPacket: (packet: Uint8Array) => void;
	/** Text that shares the line, by line. */
	readonly onText: (text: Uint8Array) => void;
}

/**
 * Puts packets on a serial line and finds them on it. It reads both framings at all times; which one it writes it
 * finds out by asking a harmless question in both: a camera that understands binary frames answers that one first, and
 * any other takes it for garbage on its console and answers the second.
 */
export class LineCodec {
	/** The framing of what is written. */
	framing: LineFraming = "console";
	readonly #options: LineCodecOptions;
	readonly #decoder: RawDecoder;
	#probed: ((framing: LineFraming) => void) | undefined;

	/** Nothing is written before `negotiate` or `write`. */
	constructor(options: LineCodecOptions) {
		this.#options = options;
		const console = new ConsoleDecoder({
			maxPacket: LINE_PACKET_MAX,
			onPacket: (packet) => this.#packet(packet, "console"),
			onText: (text) => options.onText(text),
		});
		this.#decoder = new RawDecoder({
			maxPacket: LINE_PACKET_MAX,
			onPacket: (packet) => this.#packet(packet, "raw"),
			onOther: (bytes) => console.push(bytes),
		});
	}

	/** Takes bytes from the line, in order. */
	received(bytes: Uint8Array): void {
		this.#decoder.push(bytes);
	}

	/** The bytes of a packet on the line. */
	encode(packet: Uint8Array): Uint8Array {
		return this.framing === "raw" ? encodeRaw(packet) : encodeConsole(packet);
	}

	/**
	 * Finds out which framing the camera understands, and uses it from then on; console framing when nobody answers.
	 * @param baudRate - of the line
	 */
	async negotiate(baudRate: number): Promise<void> {
		const raw = encodeRaw(encodeRequest(osParameters, {}, PROBE_RAW));
		const console = encodeConsole(encodeRequest(osParameters, {}, PROBE_CONSOLE));
		// The line feeds end what a console takes for a line of garbage, so that the next one begins anew.
		const probe = Uint8Array.of(0x0a, ...raw, 0x0a, ...console);
		const lineTime = (2000 * probe.length) / packetRate(baudRate, "console");
		this.framing = await new Promise<LineFraming>((resolve) => {
			const timer = setTimeout(() => resolve("console"), PROBE_TIME + lineTime);
			this.#probed = (framing) => {
				clearTimeout(timer);
				resolve(framing);
			};
			this.#options.write(probe);
		});
		this.#probed = undefined;
	}

	#packet(packet: Uint8Array, framing: LineFraming): void {
		if (this.#probed !== undefined) {
			if (isProbeAnswer(packet)) this.#probed(framing);
			return;
		}
		this.#options.onPacket(packet);
	}
}

function isProbeAnswer(packet: Uint8Array): boolean {
	const header = readHeader(packet);
	if (header === undefined || header.group !== osParameters.group || header.id !== osParameters.id)
		return false;
	const isOurs = header.sequence === PROBE_RAW || header.sequence === PROBE_CONSOLE;
	return isOurs && header.operation === Operation.readResponse;
}
