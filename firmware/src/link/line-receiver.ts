import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import { ConsoleReceiver } from "./console-receiver.ts";
import { RawReceiver } from "./raw-receiver.ts";

/** What stands before and after a binary frame. */
const DELIMITER = 0;

/** A frame that stands still for so long has lost its end, µs: its sender was killed, or its cable pulled. */
const PATIENCE = 500_000;

/** Options of `LineReceiver`. */
export interface LineReceiverOptions {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Where lines, frames and packets are put together. */
	readonly region: MediaRegion;
	/** Largest packet, bytes; longer ones are dropped. */
	readonly packetMax: number;
}

/**
 * Finds SMP packets on a serial line in either framing: what stands between two zero bytes is a binary frame, all
 * else is a console, which has no zero bytes. Which of the two a peer speaks is seen from each of its packets, so there
 * is no mode that a killed program could leave behind.
 */
export class LineReceiver {
	private readonly memory: MediaMemory;
	private readonly console: ConsoleReceiver;
	private readonly frame: RawReceiver;
	private inFrame = false;
	private lastTime = 0;

	/** @param options - see `LineReceiverOptions` @throws RangeError when the region is too small */
	constructor(options: LineReceiverOptions) {
		const { memory, region, packetMax } = options;
		const half = region.bytes >> 1;
		this.memory = memory;
		this.console = new ConsoleReceiver({ memory, region: { at: region.at, bytes: half }, packetMax });
		this.frame = new RawReceiver({ memory, region: { at: region.at + half, bytes: half }, packetMax });
	}

	/** Length of the packet `consume` has found; 0 when there is none. It stays until the next `consume`. */
	packetLength = 0;
	/** Where that packet lies. */
	packetAt = 0;
	/** Whether it came as a binary frame. */
	packetRaw = false;

	/**
	 * Takes received bytes, up to the end of the first packet among them.
	 * @param time - on the board's clock, µs
	 * @returns how many were taken; when `packetLength` is not 0 there may be more to take
	 */
	consume(at: number, length: number, time: number): number {
		this.packetLength = 0;
		if (this.inFrame && time - this.lastTime > PATIENCE) this.inFrame = false;
		this.lastTime = time;
		let taken = 0;
		while (taken < length && this.packetLength === 0) {
			const end = this.memory.indexOf(at + taken, length - taken, DELIMITER);
			const part = (end < 0 ? at + length : end) - (at + taken);
			if (this.inFrame) taken += this.takeFrame(at + taken, part, end >= 0);
			else if (part > 0) taken += this.takeText(at + taken, part);
			else {
				this.inFrame = true;
				this.frame.begin();
				taken++;
			}
		}
		return taken;
	}

	/** Forgets what is under way: the other end was opened anew. */
	reset(): void {
		this.console.reset();
		this.inFrame = false;
		this.packetLength = 0;
	}

	private takeText(at: number, length: number): number {
		const taken = this.console.consume(at, length);
		this.packetLength = this.console.packetLength;
		this.packetAt = this.console.packetAt;
		this.packetRaw = false;
		return taken;
	}

	/** @param ended - whether the delimiter follows */
	private takeFrame(at: number, length: number, ended: boolean): number {
		const { frame } = this;
		if (!frame.take(at, length)) this.inFrame = false;
		if (!ended || !this.inFrame) return length;
		// Two delimiters one after the other: the first was an end, the second is a beginning.
		if (frame.empty) return length + 1;
		this.inFrame = false;
		this.packetLength = frame.finish();
		this.packetAt = frame.packetAt;
		this.packetRaw = true;
		return length + 1;
	}
}
