import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";

/** What pulling a recording yields. Bytes count from the start of the recording, rates are bytes a second. */
export type PullEvent =
	/** First of all: what there is to do. `seconds` and `rate` from the first answers. */
	| {
			readonly type: "estimate";
			readonly metadata: RecordingMetadata;
			readonly total: number;
			/** Bytes an earlier pull has left. */
			readonly resumedAt: number;
			readonly rate: number;
			readonly seconds: number;
	  }
	| {
			readonly type: "progress";
			readonly bytes: number;
			readonly total: number;
			readonly rate: number;
			/** Time left, ms. */
			readonly remainingMs: number;
	  }
	/** All bytes are there; length and SHA-256 are being checked. */
	| { readonly type: "verifying"; readonly total: number }
	| {
			readonly type: "done";
			readonly metadata: RecordingMetadata;
			readonly file: string;
			readonly total: number;
			/** Bytes this pull transferred; 0 when the file was there already. */
			readonly transferred: number;
			readonly elapsedMs: number;
			/** Over the whole transfer. */
			readonly rate: number;
			/** SHA-256 of the file, hexadecimal, as verified. */
			readonly sha256: string;
	  };

/** What a pull yields while its bytes arrive. */
export type ArrivalEvent = Exclude<PullEvent, { readonly type: "done" }>;
