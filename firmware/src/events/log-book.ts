import { LOG_LEVELS, LOG_TEXT_MAX, type LogLine } from "@bodycam/protocol/camera/log";
import type { Log, LogLevel } from "../hal/log.ts";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import type { ReadResult } from "./event-stream.ts";
import { MessageRing } from "./message-ring.ts";

/** Bytes of the ring for each line it can number. */
const BYTES_PER_LINE = 80;

/** Bytes before a line's text: level, and time in ms as two words. */
const LINE_HEADER_BYTES = 12;

const WORD = 0x1_0000_0000;

/** Options of `LogBook`. */
export interface LogBookOptions {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Where the lines are kept. */
	readonly region: MediaRegion;
	/** Time on the board's clock, µs. */
	readonly now: () => number;
	/** Shows a line to whoever debugs; the text lies in media memory. */
	readonly show: (level: LogLevel, at: number, length: number) => void;
	/** There is another line. */
	onLine?(): void;
}

/** A line whose text lies in media memory. */
export interface LineInMemory {
	/** Index in `LOG_LEVELS`. */
	readonly level: number;
	/** Time on the board's clock, ms. */
	readonly monotonicMs: number;
	/** Where the text lies. */
	readonly textAt: number;
	/** Its bytes. */
	readonly textBytes: number;
}

/** The log: keeps the last lines outside the engine's heap, lets them be read from a cursor, and shows them. */
export class LogBook implements Log {
	private readonly options: LogBookOptions;
	private readonly ring: MessageRing;

	/** @param options - see `LogBookOptions` */
	constructor(options: LogBookOptions) {
		const { memory, region } = options;
		this.options = options;
		this.ring = new MessageRing({ memory, region, messages: Math.floor(region.bytes / BYTES_PER_LINE) });
	}

	write(level: LogLevel, text: string): void {
		const { memory, now, show } = this.options;
		const ms = Math.floor(now() / 1000);
		const at = this.ring.reserve(LINE_HEADER_BYTES + LOG_TEXT_MAX);
		memory.store32(at, LOG_LEVELS.indexOf(level), ms % WORD, Math.floor(ms / WORD));
		const length = memory.writeText(at + LINE_HEADER_BYTES, LOG_TEXT_MAX, text);
		this.ring.commit(LINE_HEADER_BYTES + length);
		show(level, at + LINE_HEADER_BYTES, length);
		this.options.onLine?.();
	}

	/** Number of the oldest line kept. */
	get oldest(): number {
		return this.ring.oldest;
	}

	/** Number the next line will get. */
	get next(): number {
		return this.ring.next;
	}

	/** A line as it lies in media memory, until further lines take its place. @throws RangeError when it is not kept */
	inMemory(number: number): LineInMemory {
		const { memory } = this.options;
		const at = this.ring.atOf(number);
		return {
			level: memory.load32(at),
			monotonicMs: memory.load32(at + 4) + memory.load32(at + 8) * WORD,
			textAt: at + LINE_HEADER_BYTES,
			textBytes: this.ring.lengthOf(number) - LINE_HEADER_BYTES,
		};
	}

	/**
	 * Lines after a cursor.
	 * @param after - sequence of the last line seen, 0 for all that are kept
	 * @param max - most lines wanted
	 * @param level - the least important level wanted
	 * @param maxBytes - most bytes of text they may have together; the first is given in any case
	 */
	read(after: number, max: number, level: LogLevel, maxBytes: number): ReadResult<LogLine> {
		const { ring } = this;
		const first = Math.max(after + 1, ring.oldest);
		const least = LOG_LEVELS.indexOf(level);
		const items: LogLine[] = [];
		let bytes = 0;
		let number = first;
		for (; number < ring.next && items.length < max; number++) {
			const line = this.line(number);
			if (LOG_LEVELS.indexOf(line.level) < least) continue;
			bytes += line.text.length;
			if (bytes > maxBytes && items.length > 0) break;
			items.push(line);
		}
		return { items, next: Math.min(number, ring.next) - 1, lost: Math.max(0, ring.oldest - 1 - after) };
	}

	private line(number: number): LogLine {
		const { level, monotonicMs, textAt, textBytes } = this.inMemory(number);
		return {
			sequence: number,
			monotonicMs,
			level: LOG_LEVELS[level] ?? "error",
			text: this.options.memory.readText(textAt, textBytes),
		};
	}
}
