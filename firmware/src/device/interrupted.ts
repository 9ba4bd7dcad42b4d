import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import { type RecordingMetadata, recordingMetadata } from "@bodycam/protocol/camera/recordings";
import { decodeCbor, encodeCbor } from "@bodycam/protocol/cbor/codec";
import { parse } from "@bodycam/protocol/schema/validate";
import type { ExtentStore } from "../storage/store-interface.ts";

/**
 * The final metadata of a recording that a power cut ended: what was known at its start, and what was kept.
 * Counts and times of its end are those of the start, because nobody was there to write down others.
 */
export function describeInterrupted(opening: Uint8Array, bytes: number, sha256: Uint8Array): Uint8Array {
	const metadata = parse(recordingMetadata, decodeCbor(opening));
	const final: RecordingMetadata = {
		...metadata,
		state: "interrupted",
		interrupted: true,
		bytes,
		sha256: sha256.slice(),
	};
	return encodeCbor(final);
}

/** Tells the event stream that an interrupted recording was closed. */
export function tellRecovered(
	store: Pick<ExtentStore, "metadata">,
	recording: number,
	emit: (event: CameraEventBody) => void,
): void {
	store.metadata(recording).then(
		(bytes) => {
			const metadata = parse(recordingMetadata, decodeCbor(bytes));
			const durationMs = Math.max(0, metadata.video.lastMs - metadata.video.firstMs);
			emit({ type: "interrupted-recovered", recording, bytes: metadata.bytes, durationMs });
		},
		// The store reports a failing card itself.
		() => undefined,
	);
}
