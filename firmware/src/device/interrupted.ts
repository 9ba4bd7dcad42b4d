import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import { recordingMetadata } from "@bodycam/protocol/camera/recordings";
import { decodeCbor, encodeCbor } from "@bodycam/protocol/cbor/codec";
import { parse } from "@bodycam/protocol/schema/validate";
import { describeInterruptedRecording } from "../recorder/recording-metadata.ts";
import type { ExtentStore } from "../storage/store-interface.ts";

/** The final metadata of a recording that a power cut ended, as CBOR from CBOR; see `describeInterruptedRecording`. */
export function describeInterrupted(
	opening: Uint8Array,
	bytes: number,
	sha256: Uint8Array,
	notes: Uint32Array,
): Uint8Array {
	const metadata = parse(recordingMetadata, decodeCbor(opening));
	return encodeCbor(describeInterruptedRecording(metadata, bytes, sha256.slice(), notes));
}

/** Tells the event stream that an interrupted recording was closed. @param onTold - and how long it is, ms */
export function tellRecovered(
	store: Pick<ExtentStore, "metadata">,
	recording: number,
	emit: (event: CameraEventBody) => void,
	onTold: (durationMs: number) => void,
): void {
	store.metadata(recording).then(
		(bytes) => {
			const metadata = parse(recordingMetadata, decodeCbor(bytes));
			const durationMs = Math.max(0, metadata.video.lastMs - metadata.video.firstMs);
			emit({ type: "interrupted-recovered", recording, bytes: metadata.bytes, durationMs });
			onTold(durationMs);
		},
		// The store reports a failing card itself.
		() => undefined,
	);
}
