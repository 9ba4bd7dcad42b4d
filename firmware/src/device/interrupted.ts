import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import { recordingMetadata } from "@bodycam/protocol/camera/recordings";
import { decodeCbor, encodeCbor } from "@bodycam/protocol/cbor/codec";
import { parse } from "@bodycam/protocol/schema/validate";
import { describeInterruptedRecording } from "../recorder/recording-metadata.ts";
import type { Closing, ExtentStore, InterruptedRecording } from "../storage/store-interface.ts";

/** What a recording is closed with that a power cut ended; see `describeInterruptedRecording`. */
export async function describeInterrupted(interrupted: InterruptedRecording): Promise<Closing> {
	const { opening, bytes, sha256, notes } = interrupted;
	const metadata = parse(recordingMetadata, decodeCbor(opening));
	const final = describeInterruptedRecording(metadata, bytes, sha256.slice(), notes);
	return { metadata: encodeCbor(final), record: new Uint8Array(0) };
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
