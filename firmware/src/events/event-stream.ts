import {
	type CameraEvent,
	type CameraEventBody,
	cameraEvent,
	EVENT_BYTES_MAX,
} from "@bodycam/protocol/camera/events";
import { decodeCbor, encodeCbor } from "@bodycam/protocol/cbor/codec";
import { parse } from "@bodycam/protocol/schema/validate";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import { MessageRing } from "./message-ring.ts";

/** Bytes of the ring for each event it can number: an event has about 90. */
const BYTES_PER_EVENT = 96;

/** What is read from a cursor. */
export interface ReadResult<Item> {
	/** The items, ascending. */
	readonly items: Item[];
	/** The cursor to go on with. */
	readonly next: number;
	/** Items after the cursor that are no longer kept. */
	readonly lost: number;
}

/** Options of `EventStream`. */
export interface EventStreamOptions {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Where the events are kept. */
	readonly region: MediaRegion;
	/** Time on the board's clock, µs. */
	readonly now: () => number;
	/** Wall clock, ms since 1970 UTC; undefined while unset. */
	readonly wallClock: () => number | undefined;
	/** How far the wall clock may be off, ms. */
	readonly uncertainty: () => number;
	/** Called with every event, in order, when it is already kept. */
	readonly onEvent: (event: CameraEvent) => void;
	/** An event does not fit its declaration: it is left out, because a reader would refuse the whole page. */
	readonly onDefect?: (type: CameraEventBody["type"], error: unknown) => void;
}

/**
 * The single stream of what happens in the camera: stamps events, keeps them as CBOR outside the engine's heap,
 * bounded, and lets them be read from a cursor.
 */
export class EventStream {
	private readonly options: EventStreamOptions;
	private readonly ring: MessageRing;

	/** @param options - see `EventStreamOptions` */
	constructor(options: EventStreamOptions) {
		const { memory, region } = options;
		this.options = options;
		this.ring = new MessageRing({ memory, region, messages: Math.floor(region.bytes / BYTES_PER_EVENT) });
	}

	/**
	 * Adds an event, unless it does not fit its declaration.
	 * @throws RangeError when it is longer than `EVENT_BYTES_MAX`
	 */
	emit(body: CameraEventBody): void {
		const event = this.stamp(this.ring.next, body);
		const bytes = encodeCbor(event);
		if (bytes.length > EVENT_BYTES_MAX)
			throw new RangeError(`the event ${body.type} has ${bytes.length} bytes`);
		try {
			parse(cameraEvent, event);
		} catch (error) {
			this.options.onDefect?.(body.type, error);
			return;
		}
		const at = this.ring.reserve(bytes.length);
		new Uint8Array(this.options.memory.memory, at, bytes.length).set(bytes);
		this.ring.commit(bytes.length);
		this.options.onEvent(event);
	}

	/** Sequence of the oldest event kept. */
	get oldest(): number {
		return this.ring.oldest;
	}

	/** Sequence the next event will get. */
	get next(): number {
		return this.ring.next;
	}

	/** Where the CBOR of an event lies in media memory. @throws RangeError when it is not kept */
	atOf(sequence: number): number {
		return this.ring.atOf(sequence);
	}

	/** Bytes of the CBOR of an event. @throws RangeError when it is not kept */
	lengthOf(sequence: number): number {
		return this.ring.lengthOf(sequence);
	}

	/** The CBOR of an event of this moment that is not added to the stream. */
	encode(sequence: number, body: CameraEventBody): Uint8Array {
		return encodeCbor(this.stamp(sequence, body));
	}

	/**
	 * Events after a cursor.
	 * @param after - sequence of the last event seen, 0 for all that are kept
	 * @param max - most events wanted
	 * @param maxBytes - most bytes of CBOR they may have together; the first is given in any case
	 */
	read(after: number, max: number, maxBytes: number): ReadResult<CameraEvent> {
		const { ring } = this;
		const first = Math.max(after + 1, ring.oldest);
		const items: CameraEvent[] = [];
		let bytes = 0;
		let number = first;
		for (; number < ring.next && items.length < max; number++) {
			const length = ring.lengthOf(number);
			bytes += length;
			if (bytes > maxBytes && items.length > 0) break;
			const view = new Uint8Array(this.options.memory.memory, ring.atOf(number), length);
			items.push(decodeCbor(view) as CameraEvent);
		}
		return { items, next: Math.min(number, ring.next) - 1, lost: Math.max(0, ring.oldest - 1 - after) };
	}

	private stamp(sequence: number, body: CameraEventBody): CameraEvent {
		const { now, wallClock, uncertainty } = this.options;
		const wallMs = wallClock();
		const wallUncertaintyMs = wallMs === undefined ? undefined : uncertainty();
		return {
			sequence,
			monotonicMs: Math.floor(now() / 1000),
			wallMs,
			wallUncertaintyMs,
			...body,
		} as CameraEvent;
	}
}
