import type { ConsentMark } from "@bodycam/protocol/camera/capture-terms";
import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import {
	CONSENT_MARKS_MAX,
	GAPS_MAX,
	MARKERS_MAX,
	type RecordingMetadata,
} from "@bodycam/protocol/camera/recordings";

const toMs = (time: number) => Math.max(0, Math.floor(time / 1000));

/**
 * What the wearer notes about a recording while it runs: it is told to the event stream at once, and goes into the
 * metadata. Times in µs on the board's clock. Of one kind the metadata hold a bounded number; the events are complete.
 */
export class RecordingNotes {
	private readonly annotate: (part: Partial<RecordingMetadata>) => void;
	private readonly emit: (event: CameraEventBody) => void;
	private number = 0;
	private markers: number[] = [];
	private gaps: { fromMs: number; toMs: number }[] = [];
	private muted: { fromMs: number; toMs: number }[] = [];
	private consents: { mark: ConsentMark; atMs: number }[] = [];

	/** @param options - takes what goes into the metadata, and events */
	constructor(options: {
		readonly annotate: (part: Partial<RecordingMetadata>) => void;
		readonly emit: (event: CameraEventBody) => void;
	}) {
		this.annotate = options.annotate;
		this.emit = options.emit;
	}

	/** The last mark of consent. */
	get consent(): ConsentMark | undefined {
		return this.consents[this.consents.length - 1]?.mark;
	}

	/** Another recording begins. */
	begin(number: number): void {
		this.number = number;
		this.markers = [];
		this.gaps = [];
		this.muted = [];
		this.consents = [];
	}

	/** The wearer marks a moment. */
	mark(time: number): void {
		const atMs = toMs(time);
		this.emit({ type: "marker", recording: this.number, atMs });
		if (this.markers.length === MARKERS_MAX) return;
		this.markers.push(atMs);
		this.annotate({ markers: [...this.markers] });
	}

	/** Nothing was recorded between two moments. */
	gap(from: number, to: number): void {
		const span = { fromMs: toMs(from), toMs: toMs(to) };
		this.emit({ type: "recording-resumed", recording: this.number, ...span });
		if (this.gaps.length === GAPS_MAX) return;
		this.gaps.push(span);
		this.annotate({ gaps: [...this.gaps] });
	}

	/** No sound was recorded between two moments. */
	silence(from: number, to: number): void {
		const span = { fromMs: toMs(from), toMs: toMs(to) };
		this.emit({ type: "sound-restored", recording: this.number, ...span });
		if (this.muted.length === GAPS_MAX) return;
		this.muted.push(span);
		this.annotate({ muted: [...this.muted] });
	}

	/** The person recorded says something to it. */
	noteConsent(mark: ConsentMark, time: number): void {
		this.emit({ type: "consent", recording: this.number, mark });
		if (this.consents.length === CONSENT_MARKS_MAX) this.consents.shift();
		this.consents.push({ mark, atMs: toMs(time) });
		this.annotate({ consent: [...this.consents] });
	}

	/** It is a recording in a home. */
	home(confirmed: boolean): void {
		this.emit({ type: "home", recording: this.number, state: confirmed ? "confirmed" : "marked" });
		this.annotate({ home: { confirmed } });
	}
}
